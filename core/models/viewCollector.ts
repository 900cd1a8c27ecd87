import type { ViewPlan } from '../contract/views.ts'
import { combineViews } from '../descriptors/viewMean.ts'
import { dimOf, viewsOf } from '../descriptors/viewPlans.ts'
import { normaliseRows } from '../domain/matrix.ts'
import type { EmbedFailure } from './embedBatch.ts'
import type { InputData, InputTensor } from './inputTensor.ts'
import { isFiniteRow } from './pooling.ts'
import type { AnyRaster } from './raster.ts'
import type { EmbeddingSession } from './session.ts'

/** Sizes by aspect ratio and scale may be dozens: batches that wait to be full share this. */
const mostWaitingBytes = 192 * 2 ** 20

/** A part of an image on its way to one vector. */
interface Row {
  readonly imageId: number
  readonly part: number
  /** views x dim as they come in. */
  readonly views: Float32Array
}

/** Images of one size that wait for a run of the model. */
interface Batch {
  readonly input: InputTensor
  readonly data: InputData
  readonly size: number
  readonly slots: { readonly row: Row; readonly view: number }[]
}

export interface Collected {
  readonly imageIds: Int32Array
  readonly parts: Int32Array
  readonly vectors: Float32Array
  readonly failures: EmbedFailure[]
}

/** Gathers views of equal size into batches for the model, and the vectors that come back into one for each part, in the order in which the parts came. */
export class ViewCollector {
  readonly #session: EmbeddingSession
  readonly #plan: ViewPlan
  readonly #viewCount: number
  readonly #onRun: () => void
  readonly #batches = new Map<string, Batch>()
  readonly #rows: Row[] = []

  /** `onRun` is called after each run of the model. */
  constructor(session: EmbeddingSession, plan: ViewPlan, onRun: () => void = () => undefined) {
    this.#session = session
    this.#onRun = onRun
    this.#plan = plan
    this.#viewCount = viewsOf(plan)
  }

  /** Takes the views of a part; their pixels are copied before this answers. Runs the model where a batch is full. */
  async add(imageId: number, part: number, views: readonly AnyRaster[]): Promise<void> {
    if (views.length !== this.#viewCount) throw new RangeError(`${views.length} views where the plan has ${this.#viewCount}.`)
    const row: Row = { imageId, part, views: new Float32Array(views.length * this.#session.card.output.dim) }
    this.#rows.push(row)
    for (const [view, pixels] of views.entries()) {
      const batch = await this.#batchFor(pixels)
      batch.input.write(batch.data, batch.slots.length, pixels.data)
      batch.slots.push({ row, view })
      if (batch.slots.length === batch.size) await this.#run(batch)
    }
  }

  /** Runs what is left and gives everything. */
  async finish(): Promise<Collected> {
    for (const batch of this.#batches.values()) await this.#run(batch)
    const { card } = this.#session
    const dim = dimOf(this.#plan, card.output.dim)
    const [good, bad]: [Row[], Row[]] = [[], []]
    for (const row of this.#rows) (isFiniteRow(row.views, row.views.length, 0) ? good : bad).push(row)
    const vectors = new Float32Array(good.length * dim)
    for (const [i, { views }] of good.entries()) vectors.set(this.#combined(views), i * dim)
    const failures = bad.map(({ imageId, part }) =>
      ({ imageId, part, reason: 'not-finite', detail: `${card.name} gave values that are not numbers for this image.` }))
    return { imageIds: Int32Array.from(good, ({ imageId }) => imageId), parts: Int32Array.from(good, ({ part }) => part), vectors, failures }
  }

  #combined(views: Float32Array): Float32Array {
    const { output, normalise } = this.#session.card
    if (this.#viewCount > 1) return combineViews(views, output.dim, this.#plan.combine, normalise)
    if (normalise) normaliseRows(views, output.dim)
    return views
  }

  async #batchFor({ width, height }: AnyRaster): Promise<Batch> {
    const key = `${width} x ${height}`
    const known = this.#batches.get(key)
    if (known) return known
    const input = this.#session.inputOf(width, height)
    const size = this.#session.batchSizeOf(input)
    const waiting = (): number => [...this.#batches.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
    // The fullest first: the least is lost by running it now.
    const fullest = [...this.#batches].sort(([, a], [, b]) => b.slots.length / b.size - a.slots.length / a.size)
    for (const [key, batch] of fullest) {
      if (waiting() + input.valuesPerImage * size * 4 <= mostWaitingBytes) break
      await this.#run(batch)
      this.#batches.delete(key)
    }
    const batch = { input, size, data: input.batch(size), slots: [] }
    this.#batches.set(key, batch)
    return batch
  }

  async #run({ input, data, slots }: Batch): Promise<void> {
    if (slots.length === 0) return
    const { dim } = this.#session.card.output
    const found = await this.#session.embedRaw(data, slots.length, input)
    for (const [i, { row, view }] of slots.entries()) row.views.set(found.subarray(i * dim, (i + 1) * dim), view * dim)
    slots.length = 0
    this.#onRun()
  }
}
