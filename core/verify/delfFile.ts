import { readFile } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { parseDelfNpz } from './delfNpz.ts'
import { parseDelfProtobuf } from './delfProtobuf.ts'
import { type LocalFeatures, strongest } from './localFeatures.ts'

/** A thousand DELF features are 160 KB. */
const mostBytes = 512 * 2 ** 20

const kinds = [{ ending: '.delf', parse: parseDelfProtobuf }, { ending: '.npz', parse: parseDelfNpz }] as const

/**
 * The DELF features that another program wrote for an image: NAME.delf (TensorFlow's DELF) or NAME.npz in `folder`, for the image NAME.jpg; at most `most`, the
 * strongest. Throws NOT_FOUND, BAD_INPUT or CORRUPT naming the file.
 */
export async function readDelf(folder: string, image: Uint8Array, most: number): Promise<LocalFeatures> {
  const { name } = parse(basename(Buffer.from(image).toString()))
  for (const { ending, parse } of kinds) {
    const path = join(folder, `${name}${ending}`)
    const bytes = await bytesOf(path)
    if (!bytes) continue
    if (bytes.length > mostBytes) throw new WinnowError('BAD_INPUT', `${path} has ${Math.round(bytes.length / 2 ** 20)} MB, which cannot be the features of one image.`)
    return strongest(parse(bytes, path), most)
  }
  throw new WinnowError('NOT_FOUND', `There is no ${name}.delf and no ${name}.npz in ${folder}: this image has no DELF features.`)
}

async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw systemError(error, path) ?? error
  }
}
