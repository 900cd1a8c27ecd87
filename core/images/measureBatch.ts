import { Budget } from './budget.ts'
import { DecodeFailure } from './decodeFailure.ts'
import { contentHash, measureFile, type Thumb, UnusableContent } from './measureFile.ts'
import type { FileOutcome, FileRequest, HashOutcome, ThumbPlace } from './measurement.ts'
import { readImageFile } from './readImageFile.ts'
import { ThumbPackWriter } from './thumbPack.ts'
import type { CallContext } from '../workers/channel.ts'

export interface MeasureRequest {
  readonly thumbsFolder: string
  readonly files: readonly FileRequest[]
  readonly maxPixels?: number
}

/** As many files as there are decoder threads (libuv's four); the pixels in memory stay under 64 million (192 MB) except for a single larger picture. */
const filesInFlight = new Budget(4)
const pixelsInFlight = new Budget(64_000_000)
let packs: ThumbPackWriter | null = null
let batches = 0

/** A sign of life from a batch: so many more files are finished. */
export interface BatchProgress {
  readonly finished: number
}
const tellEveryMilliseconds = 100

/**
 * Measures files in this process. Each ends as an outcome; only what is wrong with the project's own disk is thrown. Tells the caller now and then
 * how many are finished (BatchProgress), so that a long batch is not taken for a hanging one. When it answers, the thumbnails are on disk.
 */
export async function measureBatch({ thumbsFolder, files, maxPixels }: MeasureRequest, { signal, notify }: CallContext): Promise<FileOutcome[]> {
  batches++
  try {
    if (packs?.folder !== thumbsFolder) {
      const old = packs
      packs = new ThumbPackWriter(thumbsFolder)
      await old?.close()
    }
    const thumbs = packs
    let finished = 0
    let told = performance.now()
    const found = await Promise.all(files.map(async (file) => {
      const giveBack = await filesInFlight.take(1)
      try {
        signal.throwIfAborted()
        const outcome = await measureOne(file, maxPixels)
        finished++
        if (performance.now() - told > tellEveryMilliseconds) {
          told = performance.now()
          notify({ finished } satisfies BatchProgress)
          finished = 0
        }
        return outcome
      } finally {
        giveBack()
      }
    }))
    return await withThumbs(found, thumbs)
  } finally {
    batches--
  }
}

/** Closes the pack, so that the project's folder can be moved; the next batch starts another. */
export async function closePacks(): Promise<void> {
  if (batches > 0) return
  const old = packs
  packs = null
  await old?.close()
}

type MeasuredOutcome = Extract<FileOutcome, { kind: 'measured' }>
/** An outcome whose thumbnail is not on disk yet. */
type Found = Exclude<FileOutcome, MeasuredOutcome> | (Omit<MeasuredOutcome, 'thumb'> & { readonly thumb: Thumb })

async function measureOne({ imageId, path, svg, known }: FileRequest, maxPixels: number | undefined): Promise<Found> {
  try {
    const measured = await measureFile(path, { svg, known, pixels: pixelsInFlight, ...(maxPixels === undefined ? {} : { maxPixels }) })
    if (measured.kind === 'same') return { ...measured, imageId }
    const { facts, ...rest } = measured
    return { ...rest, ...facts, imageId }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    return { kind: 'failed', imageId, failure: error.failure, detail: error.message, stamp: error instanceof UnusableContent ? error.stamp : null }
  }
}

/** All thumbnails of a batch in one write. */
async function withThumbs(found: readonly Found[], packs: ThumbPackWriter): Promise<FileOutcome[]> {
  const places = (await packs.append(found.flatMap((each) => (each.kind === 'measured' ? [each.thumb] : [])))).values()
  return found.map((each) => (each.kind === 'measured' ? { ...each, thumb: places.next().value as ThumbPlace } : each))
}

/** Content hashes alone, for telling moved files from new ones. */
export async function hashBatch(paths: readonly Uint8Array[], { signal, notify }: CallContext): Promise<HashOutcome[]> {
  return await Promise.all(paths.map(async (path, index) => {
    const giveBack = await filesInFlight.take(1)
    try {
      signal.throwIfAborted()
      const { bytes } = await readImageFile(path)
      return { index, sha256: contentHash(bytes) }
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error
      return { index, sha256: null }
    } finally {
      notify({ finished: 1 } satisfies BatchProgress)
      giveBack()
    }
  }))
}
