import type { VerifyPool } from '../workers/verifyPool.ts'
import type { FeatureSpec } from './featureSpec.ts'
import type { VerifyImage } from './picture.ts'
import type { MatchSettings, ModelSettings } from './settings.ts'
import { type FeatureFailure, type FeatureWork, isOpen, type VerifiedPairs } from './verifyBatch.ts'
import { PairCollector } from './pairCollector.ts'

export interface VerifyRequest {
  readonly images: readonly VerifyImage[]
  /** Places in `images`, first and second of each pair in turn: 2 a pair. */
  readonly pairs: Int32Array
  readonly features: FeatureSpec
  readonly match: MatchSettings
  readonly model: ModelSettings
  readonly mirrored: boolean
  /** Features are kept below this folder; null keeps none. */
  readonly cacheFolder: string | null
  readonly points: 'none' | 'inliers' | 'all'
  readonly mostPoints: number
}

export interface VerifyProgress {
  readonly stage: 'features' | 'pairs'
  readonly done: number
  readonly total: number
}

/** Blocks that are done already, and where new ones are kept: a killed run goes on after the last whole block. One with pairs that could not be looked at is never kept. */
export interface BlockStore {
  /** The pairs of a block, null where it is not there. */
  read(block: number): Promise<VerifiedPairs | null>
  write(block: number, pairs: VerifiedPairs): Promise<void>
}

export interface VerifyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: VerifyProgress) => void
  readonly blocks?: BlockStore
}

export interface VerifyResult {
  /** In the order of the request's pairs. */
  readonly pairs: VerifiedPairs
  /** Images without features, once each. */
  readonly failures: readonly FeatureFailure[]
  /** Images whose features had to be found in this run. */
  readonly featuresFound: number
}

const imagesPerCall = 8
/** A block is a second or less of one core's work. Its size follows from the number of pairs alone, so that a run that goes on, with other cores too, finds its blocks. */
const fewestPerBlock = 8
const mostPerBlock = 256
const blockSize = (pairs: number): number => Math.min(mostPerBlock, Math.max(fewestPerBlock, Math.ceil(pairs / 128)))

/**
 * Verifies pairs with all workers: first the features that are not kept yet, each image's once; then the pairs, ordered so that a worker meets the same images
 * again soon and little memory is needed. What cannot be verified has no inliers and a reason. Throws `signal.reason` on abort, and what makes all of it
 * impossible (a model that does not load, a full disk).
 */
export async function verifyAll(pool: VerifyPool, request: VerifyRequest, { signal, onProgress, blocks }: VerifyOptions = {}): Promise<VerifyResult> {
  const { images, pairs, match, model, points, mostPoints } = request
  const n = pairs.length / 2
  const order = orderOf(pairs)
  const size = blockSize(n)
  const placesOf = (block: number): Int32Array => order.subarray(block * size, Math.min(n, (block + 1) * size))
  const collected = new PairCollector(n)
  const waiting: number[] = []
  for (let block = 0; block * size < n; block++) {
    const kept = (await blocks?.read(block)) ?? null
    if (kept?.inliers.length === placesOf(block).length) collected.add(placesOf(block), kept)
    else waiting.push(block)
  }
  const work: FeatureWork = { spec: request.features, cacheFolder: request.cacheFolder, mirrored: request.mirrored }
  const failures = new Map<number, FeatureFailure>()
  const featuresFound = request.cacheFolder === null ? 0 : await prepare(pool, work, request, waiting.flatMap((block) => [...placesOf(block)]), failures, { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) })

  let finished = n - waiting.reduce((sum, block) => sum + placesOf(block).length, 0)
  onProgress?.({ stage: 'pairs', done: finished, total: n })
  await inFlight(waiting, 2 * pool.size + 1, async (block) => {
    const rows = placesOf(block)
    let told = 0
    const tell = (more: number): void => {
      const step = Math.min(more, rows.length - told)
      told += step
      finished += step
      onProgress?.({ stage: 'pairs', done: finished, total: n })
    }
    const reply = await pool.pairs({
      work, match, model, points, mostPoints,
      pairs: Array.from(rows, (row) => ({ first: images[pairs[2 * row] as number] as VerifyImage, second: images[pairs[2 * row + 1] as number] as VerifyImage }))
    }, { signal, onProgress: tell })
    signal?.throwIfAborted()
    // A run that goes on looks at the whole block again.
    if (!reply.pairs.reasons.some(isOpen)) await blocks?.write(block, reply.pairs)
    for (const failure of reply.failures) failures.set(failure.imageId, failure)
    collected.add(rows, reply.pairs)
    tell(rows.length)
  })
  return { pairs: await collected.finish(), failures: [...failures.values()], featuresFound }
}

/** Places of the pairs, ordered by their first image and then as they came. One number a pair, because a million of them are sorted between two breaths of the engine's loop. */
function orderOf(pairs: Int32Array): Int32Array {
  const n = pairs.length / 2
  const keys = Float64Array.from({ length: n }, (_, i) => (pairs[2 * i] as number) * n + i).sort()
  return Int32Array.from(keys, (key) => key % n)
}

/** The features of every image that stands in one of these pairs. */
async function prepare(pool: VerifyPool, work: FeatureWork, { images, pairs }: VerifyRequest, rows: readonly number[], failures: Map<number, FeatureFailure>, { signal, onProgress }: Pick<VerifyOptions, 'signal' | 'onProgress'>): Promise<number> {
  const needed = new Map<number, boolean>()
  for (const row of rows) {
    needed.set(pairs[2 * row] as number, true)
    const second = pairs[2 * row + 1] as number
    if (!needed.has(second)) needed.set(second, false)
  }
  const places = [...needed.keys()].toSorted((a, b) => a - b)
  const calls = Array.from({ length: Math.ceil(places.length / imagesPerCall) }, (_, i) => places.slice(i * imagesPerCall, (i + 1) * imagesPerCall))
  let finished = 0
  let found = 0
  onProgress?.({ stage: 'features', done: 0, total: places.length })
  await inFlight(calls, 2 * pool.size + 1, async (call) => {
    const reply = await pool.features({ work, images: call.map((place) => images[place] as VerifyImage), first: call.map((place) => needed.get(place) as boolean) }, { signal })
    signal?.throwIfAborted()
    found += reply.found
    finished += call.length
    for (const failure of reply.failures) failures.set(failure.imageId, failure)
    onProgress?.({ stage: 'features', done: finished, total: places.length })
  })
  return found
}

/** Runs `work` over the items in order, at most `most` at a time. The first error stops the rest from being begun and is thrown when none runs any more. */
async function inFlight<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const failed: unknown[] = []
  const one = async (): Promise<void> => {
    while (next < items.length && failed.length === 0) {
      try {
        await work(items[next++] as T)
      } catch (error) {
        failed.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, one))
  if (failed.length > 0) throw failed[0]
}
