import { Budget } from '../images/budget.ts'
import { DecodeFailure } from '../images/decodeFailure.ts'
import { openImage } from '../images/openImage.ts'
import { readImageFile } from '../images/readImageFile.ts'
import { release } from '../images/release.ts'
import type { EmbedBatch, EmbedFailure, EmbedItem, EmbedModel, EmbedReply } from './embedBatch.ts'
import { isFiniteRow } from './pooling.ts'
import { inputPixels } from './preprocess.ts'
import { EmbeddingSession } from './session.ts'

/** How many batches are read and decoded (in libuv's threads) while the session blocks this one. */
const batchesAhead = 2

/** Encoded bytes in flight: two batches of ordinary photographs are far below it, two batches of huge TIFFs far above. */
const bytesInFlight = new Budget(256 * 2 ** 20)

type Decoded = { readonly pixels: Uint8Array } | { readonly failure: { reason: string; detail: string } }

/**
 * Embeds image files; runs inside a vision worker. An image that cannot be read, decoded or embedded becomes a failure of its own. Throws
 * (for the whole batch) only where the model cannot be loaded or does not fit its card, or where `signal` aborts.
 */
export async function embedFiles({ model, items }: EmbedBatch, { signal }: { readonly signal: AbortSignal }): Promise<EmbedReply> {
  const session = await sessionOf(model)
  const { dim } = model.card.output
  const groups = inGroups(items, session.batchSize)
  const decoding: Promise<Decoded[]>[] = []
  const decodeUpTo = (last: number): void => {
    while (decoding.length <= Math.min(last, groups.length - 1)) decoding.push(Promise.all((groups[decoding.length] as EmbedItem[]).map((item) => decode(item, model, signal))))
  }
  const imageIds: number[] = []
  const failures: EmbedFailure[] = []
  const vectors = new Float32Array(items.length * dim)
  const input = session.input.batch(session.batchSize)
  for (const [g, group] of groups.entries()) {
    signal.throwIfAborted()
    decodeUpTo(g + batchesAhead)
    const decoded = await (decoding[g] as Promise<Decoded[]>)
    // The pixels are in the tensor after this: let go of them.
    decoding[g] = Promise.resolve([])
    const ready: number[] = []
    for (const [i, picture] of decoded.entries()) {
      const { imageId } = group[i] as EmbedItem
      if ('failure' in picture) failures.push({ imageId, ...picture.failure })
      else {
        session.input.write(input, ready.length, picture.pixels)
        release(picture.pixels)
        ready.push(imageId)
      }
    }
    if (ready.length === 0) continue
    const found = await session.embed(input, ready.length)
    for (const [row, imageId] of ready.entries()) {
      if (!isFiniteRow(found, dim, row)) {
        failures.push({ imageId, reason: 'not-finite', detail: `${model.card.name} gave values that are not numbers for this image.` })
        continue
      }
      vectors.set(found.subarray(row * dim, (row + 1) * dim), imageIds.length * dim)
      imageIds.push(imageId)
    }
  }
  return { imageIds: Int32Array.from(imageIds), vectors: vectors.slice(0, imageIds.length * dim), failures, provider: session.provider, reports: session.reports }
}

async function decode(item: EmbedItem, { card }: EmbedModel, signal: AbortSignal): Promise<Decoded> {
  const giveBack = await bytesInFlight.take(item.bytes)
  try {
    signal.throwIfAborted()
    const bytes = await readUnchanged(item)
    const image = await openImage(bytes, { svg: item.svg })
    const pixels = await inputPixels(image, card)
    release(bytes)
    return { pixels }
  } catch (error) {
    return { failure: failureOf(error) }
  } finally {
    giveBack()
  }
}

/** The file is there, but it is not the picture that was scanned. */
class FileChanged extends Error {}

/** A vector must not describe another picture than the hashes beside it: size and time must be those of the scan. */
async function readUnchanged(item: EmbedItem): Promise<Buffer> {
  const { bytes, stamp } = await readImageFile(item.path)
  // Some file systems, and some databases, keep whole milliseconds only.
  if (stamp.bytes !== item.bytes || Math.abs(stamp.mtimeMs - item.mtimeMs) >= 1) throw new FileChanged('The file changed since it was scanned. Scan its folder again.')
  return bytes
}

function failureOf(error: unknown): { reason: string; detail: string } {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof FileChanged) return { reason: 'changed', detail }
  if (error instanceof DecodeFailure) return { reason: error.failure, detail }
  return { reason: 'corrupt', detail }
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, g) => items.slice(g * size, (g + 1) * size))
}

/** The model of the job that runs; a worker holds one at a time, for it may take gigabytes. */
let held: { key: string; session: Promise<EmbeddingSession> } | null = null

async function sessionOf(model: EmbedModel): Promise<EmbeddingSession> {
  const key = JSON.stringify([model.file, model.card, model.providers])
  if (held?.key !== key) {
    const former = held
    const session = EmbeddingSession.open(model)
    held = { key, session }
    session.catch(() => {
      if (held?.session === session) held = null
    })
    await former?.session.then((old) => old.close()).catch(() => undefined)
  }
  return await held.session
}
