import type { ViewPlan } from '../contract/views.ts'
import { isWhole, type PartView, wholePart } from '../descriptors/partView.ts'
import { isOneView, oneView } from '../descriptors/viewPlans.ts'
import { Budget } from '../images/budget.ts'
import { DecodeFailure } from '../images/decodeFailure.ts'
import { openImage } from '../images/openImage.ts'
import { readImageFile } from '../images/readImageFile.ts'
import { release } from '../images/release.ts'
import type { CallContext } from '../workers/channel.ts'
import type { EmbedBatch, EmbedFailure, EmbedItem, EmbedModel, EmbedReply } from './embedBatch.ts'
import { cutPart, viewPixels } from './partPixels.ts'
import { inputPixels, isExact } from './preprocess.ts'
import type { Raster } from './raster.ts'
import { EmbeddingSession } from './session.ts'
import { ViewCollector } from './viewCollector.ts'

/** How many batches are read and decoded (in libuv's threads) while the session blocks this one. */
const batchesAhead = 2

/** Encoded bytes in flight: two batches of ordinary photographs are far below it, two batches of huge TIFFs far above. */
const bytesInFlight = new Budget(256 * 2 ** 20)

/** Bytes of pictures that are held with all their pixels, because parts are cut from them. */
const pixelsInFlight = new Budget(192 * 2 ** 20)

/** What has become of a file: the whole as the model takes it, all its pixels, or both; `letGo` gives their memory back. */
interface Decoded {
  readonly fitted: Raster | null
  readonly all: Raster | null
  readonly failure: Omit<EmbedFailure, 'imageId'> | null
  readonly letGo: () => void
}

/**
 * Embeds image files, or parts of them; runs inside a vision worker. Each file is decoded once (and once more, small and quickly, where the card
 * allows that for the whole picture). An image that cannot be read, decoded or embedded becomes a failure of its own. Throws (for the whole
 * batch) only where the model cannot be loaded, does not fit its card or the plan, or where `signal` aborts.
 */
export async function embedFiles({ model, items, plan = oneView }: EmbedBatch, { signal, notify }: Pick<CallContext, 'signal'> & Partial<CallContext>): Promise<EmbedReply> {
  const session = await sessionOf(model)
  const { card } = model
  // A sign of life after each run of the model: many views of many parts may take minutes.
  const collector = new ViewCollector(session, plan, () => notify?.({ finished: 0 }))
  const failures: EmbedFailure[] = []
  const decoder = new Decoder(model, plan, signal)
  const decoding: Promise<Decoded>[] = []
  try {
    for (const [i, item] of items.entries()) {
      signal.throwIfAborted()
      const ahead = Math.min(items.length, (Math.floor(i / session.batchSize) + 1 + batchesAhead) * session.batchSize)
      while (decoding.length < ahead) decoding.push(decoder.decode(items[decoding.length] as EmbedItem))
      const { fitted, all, failure, letGo } = await (decoding[i] as Promise<Decoded>)
      const { imageId } = item
      if (failure) failures.push({ imageId, ...failure })
      for (const part of failure ? [] : partsOf(item)) {
        signal.throwIfAborted()
        if (fitted && isWhole(part)) {
          await collector.add(imageId, part.part, [fitted])
          continue
        }
        const cut = await attempt(() => cutPart(all as Raster, card, part))
        if ('reason' in cut) failures.push({ imageId, part: part.part, ...cut })
        else await collector.add(imageId, part.part, await viewPixels(cut.value, card, plan))
      }
      letGo()
    }
    const found = await collector.finish()
    return { ...found, failures: [...failures, ...found.failures], provider: session.provider, reports: session.reports }
  } finally {
    for (const each of decoding) void each.then(({ letGo }) => letGo())
  }
}

const partsOf = ({ views }: EmbedItem): readonly PartView[] => views ?? [wholePart]

/** Reads and decodes the files of one batch, in their order. */
class Decoder {
  readonly #model: EmbedModel
  readonly #plan: ViewPlan
  readonly #signal: AbortSignal
  /** Pixels are taken from the budget in the order of the files: a later one must not take what an earlier one, which is used first, waits for. */
  #turn: Promise<void> = Promise.resolve()

  constructor(model: EmbedModel, plan: ViewPlan, signal: AbortSignal) {
    this.#model = model
    this.#plan = plan
    this.#signal = signal
  }

  /** Never rejects. */
  async decode(item: EmbedItem): Promise<Decoded> {
    const { card } = this.#model
    const before = this.#turn
    const turn = Promise.withResolvers<void>()
    this.#turn = turn.promise
    const giveBack = await bytesInFlight.take(item.bytes)
    let letGo = (): void => undefined
    try {
      this.#signal.throwIfAborted()
      const bytes = await readUnchanged(item)
      const image = await openImage(bytes, { svg: item.svg })
      // The whole picture alone goes the quick way, and the same way with or without parts beside it: its vector must not depend on them.
      const quick = (part: PartView): boolean => isOneView(this.#plan) && !isExact(card) && isWhole(part)
      const parts = partsOf(item)
      let all: Raster | null = null
      if (!parts.every(quick)) {
        await before
        letGo = await pixelsInFlight.take(image.width * image.height * 3)
        turn.resolve()
        this.#signal.throwIfAborted()
        const pixels = await image.rgb()
        all = pixels
        const free = letGo
        letGo = () => {
          release(pixels.data)
          free()
        }
      }
      const fitted = parts.some(quick) ? { width: card.input.width, height: card.input.height, data: await inputPixels(image, card) } : null
      // Some decoders give a view of the file's own bytes.
      if (all?.data.buffer !== bytes.buffer) release(bytes)
      return { fitted, all, failure: null, letGo: () => {
        if (fitted) release(fitted.data)
        letGo()
      } }
    } catch (error) {
      letGo()
      return { fitted: null, all: null, failure: failureOf(error), letGo: () => undefined }
    } finally {
      turn.resolve()
      giveBack()
    }
  }
}

/** What cannot be cut out of a picture is a failure of that part; anything else is passed on. */
async function attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { reason: string; detail: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof RangeError) return { reason: 'part-outside', detail: error.message }
    throw error
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

/** The model of the job that runs; a worker holds one at a time, for it may take gigabytes. */
let held: { key: string; session: Promise<EmbeddingSession> } | null = null

async function sessionOf(model: EmbedModel): Promise<EmbeddingSession> {
  const key = JSON.stringify([model.file, model.card, model.providers, model.deviceId])
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
