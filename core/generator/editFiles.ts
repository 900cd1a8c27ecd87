import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { DecodeFailure } from '../images/decodeFailure.ts'
import { openImage, type OpenedImage } from '../images/openImage.ts'
import type { RgbPixels } from '../images/rawPixels.ts'
import { readImageFile } from '../images/readImageFile.ts'
import { systemError } from '../domain/systemErrors.ts'
import type { CallContext } from '../workers/channel.ts'
import type { EditBatch, EditOutcome, EditTask, PictureSource } from './editBatch.ts'
import { editPicture } from './editPicture.ts'
import { identity } from './homography.ts'
import { toSharp } from './raster.ts'
import { wholeOf } from './region.ts'

/** How every generated file is stored; 4:2:0 at this quality shows nothing of itself beside the edits. */
const storedQuality = 92

/**
 * Makes files of a generated set; runs inside a vision worker. Each appears whole or not at all. A source that cannot be read becomes a failure of its own;
 * what is wrong with the disk that is written to is thrown.
 */
export async function editFiles({ tasks }: EditBatch, { signal, notify }: CallContext): Promise<EditOutcome[]> {
  const outcomes: EditOutcome[] = []
  for (const task of tasks) {
    signal.throwIfAborted()
    outcomes.push(await makeFile(task))
    notify({ finished: 1 })
  }
  return outcomes
}

async function makeFile({ number, file, source, companion, edit }: EditTask): Promise<EditOutcome> {
  let made: { bytes: Buffer; width: number; height: number } & Pick<Extract<EditOutcome, { sha256: string }>, 'source' | 'edits' | 'homography' | 'region' | 'visible' | 'usedCompanion'>
  try {
    const { bytes, image } = await openUnchanged(source)
    const size = { width: image.width, height: image.height }
    const pixels = await image.rgb()
    if (edit) {
      const edited = await editPicture(pixels, { ...edit, companion: companion ? async () => await pixelsOfCompanion(companion) : null })
      const { image: result, ...facts } = edited
      made = { bytes: await toSharp(result).jpeg({ quality: storedQuality }).toBuffer(), width: result.width, height: result.height, source: size, ...facts }
    } else {
      const same = image.format === 'jpeg' ? bytes : await toSharp(pixels).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
      made = { bytes: same, ...size, source: size, edits: [], homography: identity, region: wholeOf(size), visible: 1, usedCompanion: false }
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    return { number, failure: { reason: error.failure, detail: error.message } }
  }
  const { bytes, ...rest } = made
  await store(file, bytes)
  return { number, ...rest, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Says which of the two pictures could not be read. */
async function pixelsOfCompanion(companion: PictureSource): Promise<RgbPixels> {
  try {
    return await (await openUnchanged(companion)).image.rgb()
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    throw new DecodeFailure(error.failure, `${companion.name}, which was to be laid over it: ${error.message}`, { cause: error })
  }
}

async function openUnchanged({ path, bytes: size, mtimeMs, svg }: PictureSource): Promise<{ bytes: Buffer; image: OpenedImage }> {
  const { bytes, stamp } = await readImageFile(path)
  if (stamp.bytes !== size || Math.abs(stamp.mtimeMs - mtimeMs) >= 1) throw new DecodeFailure('unreadable', 'The file changed since it was scanned. Scan its folder again.')
  return { bytes, image: await openImage(bytes, { svg }) }
}

async function store(file: string, bytes: Buffer): Promise<void> {
  const part = `${file}.part`
  try {
    const handle = await open(part, 'w')
    try {
      await handle.writeFile(bytes)
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (error) {
    throw systemError(error, file) ?? error
  }
}
