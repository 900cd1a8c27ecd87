import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

const most = 20

/**
 * Folders whose path starts with `prefix`, for a field that completes: at most 20, in order, absolute. `~` is the home folder. Hidden ones
 * only when the last part starts with a dot. What cannot be listed gives an empty answer: the user is still typing.
 */
export async function completeFolder(prefix: string, user = homedir()): Promise<string[]> {
  const typed = prefix === '~' || /^~[/\\]/.test(prefix) ? user + (prefix.slice(1) || sep) : prefix
  if (typed === '') return await completeFolder(user + sep, user)
  if (!isAbsolute(typed)) return []
  const inside = typed.endsWith('/') || typed.endsWith(sep)
  const parent = inside ? typed : dirname(typed)
  const start = inside ? '' : basename(typed)
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
  const matching = entries
    .filter(({ name }) => name.toLocaleLowerCase().startsWith(start.toLocaleLowerCase()) && (start.startsWith('.') || !name.startsWith('.')))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  const found: string[] = []
  for (const entry of matching) {
    if (found.length === most) break
    const path = join(parent, entry.name)
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path)))) found.push(path)
  }
  return found
}

const isFolder = async (path: string): Promise<boolean> => await stat(path).then((found) => found.isDirectory(), () => false)
