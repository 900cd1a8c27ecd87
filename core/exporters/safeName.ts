import { createHash } from 'node:crypto'

/** Room is left below the 255 that file systems allow, for a suffix that tells two names apart. */
const longest = 200
/** Names that Windows keeps for devices, whatever their extension. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i
// Control and format characters (line breaks, direction marks), what Windows forbids, path separators, and what was not UTF-8.
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>:"/\\|?*\uFFFD]/gu

const bytesOf = (text: string): number => Buffer.byteLength(text)
const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** The part of a name before its extension, and the extension with its dot ('' where there is none, or where it is no extension). */
export function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  return /^\.[A-Za-z0-9]{1,10}$/.test(extension) ? { stem: name.slice(0, dot), extension } : { stem: name, extension: '' }
}

/** The longest start of `text` that fits into `bytes` bytes of UTF-8, cut between characters. */
function cut(text: string, bytes: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += bytesOf(character)
    if (used > bytes) break
    kept += character
  }
  return kept
}

/** Joins a stem, a suffix and an extension into at most 200 bytes; the stem gives way. */
export const joinName = (stem: string, suffix: string, extension: string): string => {
  const room = longest - bytesOf(suffix) - bytesOf(extension)
  return `${bytesOf(stem) <= room ? stem : cut(stem, room).replace(/[. ]+$/, '_')}${suffix}${extension}`
}

/**
 * One path segment that is a plain name on Linux, macOS and Windows: composed Unicode, no separators, control or direction characters, neither
 * '.' nor '..' nor hidden, no device name of Windows, no trailing dot or space, at most 200 bytes. A name that has to be shortened keeps its
 * extension and gets a hash of the whole name, so that two long names stay two. Applying it again changes nothing.
 */
export function safeName(name: string): string {
  let safe = name.normalize('NFC').replace(forbidden, '_').normalize('NFC').replace(/^ +|[. ]+$/g, '')
  if (safe.startsWith('.')) safe = `_${safe.slice(1)}`
  if (safe === '') safe = '_'
  if (device.test((safe.split('.')[0] as string).trimEnd())) safe = `_${safe}`
  if (bytesOf(safe) <= longest) return safe
  const { stem, extension } = splitName(safe)
  return joinName(stem, `~${shortHash(name)}`, extension)
}

/** Equal for names that some file system takes for the same: without regard to case or to the form of Unicode. */
export const nameKey = (name: string): string => name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC')
