import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemError } from '../domain/systemErrors.ts'

/** Who writes features writes all of them: some of a million files tell that they are others now. */
const mostStats = 500

/**
 * Another text when files come to a folder, leave it, or are written again: a hash of all names, and of size and time of evenly drawn files. Throws
 * NOT_FOUND or UNAVAILABLE naming the folder.
 */
export async function folderMark(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).sort()
    const drawn = names.length <= mostStats ? names : Array.from({ length: mostStats }, (_, i) => names[Math.floor((i * names.length) / mostStats)] as string)
    const hash = createHash('sha256').update(names.join('\n'))
    for (const stamp of await Promise.all(drawn.map(async (name) => await stat(join(folder, name)).then(({ size, mtimeMs }) => `${size} ${mtimeMs}`, () => '')))) hash.update(`\n${stamp}`)
    return hash.digest('hex').slice(0, 24)
  } catch (error) {
    throw systemError(error, folder) ?? error
  }
}
