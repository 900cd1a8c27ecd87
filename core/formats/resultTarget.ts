import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { WinnowError } from '../domain/errors.ts'

/**
 * Sees that a file may be written at `file`: an absolute path in a folder that is there, outside of `closed` (the user's image folders and the
 * project, links resolved), where nothing stands yet unless `overwrite` says that a file may go. Returns the path. Throws BAD_INPUT, NOT_FOUND
 * or CONFLICT saying what to do.
 */
export async function resultTarget(file: string, closed: readonly { readonly path: string; readonly what: string }[], overwrite: boolean): Promise<string> {
  if (!isAbsolute(file)) throw new WinnowError('BAD_INPUT', `${file} is not a whole path. Give the file from the root of the disk.`)
  const path = resolve(file)
  const folder = dirname(path)
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new WinnowError('NOT_FOUND', `There is no folder ${folder}. Make it or choose another.`)
  const real = join(await realpath(folder), basename(path))
  for (const { path: other, what } of closed) {
    const place = await realpath(other).catch(() => resolve(other))
    if (real === place || real.startsWith(place.endsWith(sep) ? place : place + sep)) throw new WinnowError('CONFLICT', `${path} lies inside ${what} ${other}, which is never written to. Choose a folder outside of it.`)
  }
  const entry = await lstat(path).catch(() => null)
  if (entry && !entry.isFile()) throw new WinnowError('CONFLICT', `${path} is not a file that could be written over. Choose another name.`)
  if (entry && !overwrite) throw new WinnowError('CONFLICT', `There is already a file ${path}. Choose another name, or say that it may be written over.`)
  return path
}
