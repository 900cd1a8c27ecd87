import { joinName, nameKey, safeName, splitName } from './safeName.ts'

/** What loaders such as torchvision look for; a file without one of these gets the extension of what it holds. */
const known = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif', '.bmp', '.dib', '.ppm', '.pgm', '.pbm', '.pnm', '.svg', '.heic', '.heif'])
const extensionOf: Record<string, string> = { jpeg: '.jpg', tiff: '.tif' }

/** FNV-1a over two lanes, as a 53-bit number: a million names then take 40 MB and not 150. Two names that met by chance would only get a suffix. */
function fingerprint(text: string): number {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 13)
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff)
}

/** A set of paths; unless told otherwise, it tells them apart as the least careful file system would. */
export class PathSet {
  readonly #seen = new Set<number>()
  readonly #key: (path: string) => string

  constructor(key = nameKey) {
    this.#key = key
  }

  /** False where the path (or one with the same key) is there already. */
  add(path: string): boolean {
    const print = fingerprint(this.#key(path))
    if (this.#seen.has(print)) return false
    this.#seen.add(print)
    return true
  }

  /** Takes the path out; false where it is not (or no longer) there. */
  take(path: string): boolean {
    return this.#seen.delete(fingerprint(this.#key(path)))
  }
}

/** Gives each exported file its name. Asked in a fixed order, it always gives the same names. */
export class FileNames {
  readonly #paths = new PathSet()

  /**
   * A name in `folder` for a file that was called `name`: made safe, given an extension where it has none of an image, and, where another file has
   * it already, the first figures of its content hash.
   */
  take(folder: string, name: string, format: string | null, sha256: string): string {
    const safe = safeName(name)
    const { stem, extension } = splitName(safe)
    const own = known.has(extension.toLowerCase()) || !format ? { stem, extension } : { stem: safe, extension: extensionOf[format] ?? `.${format}` }
    for (let n = 0; ; n++) {
      const suffix = n === 0 ? '' : n === 1 ? `-${sha256.slice(0, 8)}` : `-${sha256.slice(0, 8)}-${n}`
      const path = `${folder}/${joinName(own.stem, suffix, own.extension)}`
      if (this.#paths.add(path)) return path
    }
  }
}
