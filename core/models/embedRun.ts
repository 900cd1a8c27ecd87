import type { ViewPlan } from '../contract/views.ts'
import { isOneView } from '../descriptors/viewPlans.ts'
import type { PartView } from '../descriptors/partView.ts'
import { viewSizes } from '../descriptors/viewSizes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { JobContext } from '../jobs/job.ts'
import type { DescriptorRecord, ImageFile } from '../project/repositories/descriptors.ts'
import type { VectorFile } from '../search/vectorFile.ts'
import type { EmbedItem, EmbedModel, EmbedReply } from './embedBatch.ts'
import type { ProviderChoice } from './providerTrials.ts'

/** A call to a worker should take about this long: longer and a crash or a cancel loses more, shorter and the border costs more. */
const secondsPerCall = 1
const fewestPerCall = 16
const mostPerCall = 512
/** Workers that share one GPU beyond this fight for its memory. */
const mostCallsOnGpu = 4
const emitEveryMilliseconds = 1000

/** An image and what of it is to be embedded; the whole where no views are named. */
export interface EmbedWork {
  readonly file: ImageFile
  readonly views?: readonly PartView[] | undefined
}

export interface EmbedTarget {
  readonly model: EmbedModel
  readonly plan: ViewPlan
  readonly descriptor: DescriptorRecord
  readonly file: VectorFile
  /** Vectors to be made, for the progress and the size of calls. */
  readonly total: number
}

export type EmbedContext = Pick<JobContext, 'engine' | 'project' | 'signal' | 'fail' | 'note'> & {
  /** Vectors done, of how many. */
  readonly report: (done: number, total: number) => void
}

/**
 * One run of embedding: keeps the workers busy with a bounded number of calls and commits what comes back in the order of arrival. Rows are
 * appended to the file, synced, then committed, so that a killed engine loses the calls in flight and no more.
 */
export class EmbedRun {
  /** Vectors made, and parts that gave none. */
  embedded = 0
  failed = 0
  readonly #context: EmbedContext
  readonly #target: EmbedTarget
  /** Vectors a call. */
  readonly perCall: number
  readonly #mostCalls: number
  readonly #subjects = new Map<number, string>()
  readonly #stop = new AbortController()
  readonly #startedAt = Date.now()
  #finished = 0
  #lastEmit = 0
  #committing: Promise<void> = Promise.resolve()

  constructor(context: EmbedContext, target: EmbedTarget, { provider, millisecondsPerImage, devices }: ProviderChoice) {
    this.#context = context
    this.#target = target
    const { size } = context.engine.vision
    const calls = Math.max(2, size * 2, devices * 2)
    this.#mostCalls = provider === 'cpu' ? calls : Math.min(calls, mostCallsOnGpu * devices)
    // Small jobs are spread over the workers, several calls each; big ones come in calls of about a second.
    const spread = Math.ceil(target.total / (size * 4))
    const cost = costOf(target)
    this.perCall = Math.max(1, Math.round(fewestPerCall / cost), Math.min(mostPerCall, spread, Math.round((secondsPerCall * 1000) / (millisecondsPerImage * cost))))
  }

  /** Over the whole run so far; null where it was too short to say. */
  get imagesPerSecond(): number | null {
    const seconds = (Date.now() - this.#startedAt) / 1000
    return this.embedded >= 16 && seconds > 0 ? this.embedded / seconds : null
  }

  /** Takes `count` vectors as dealt with that nothing has to be done for. */
  skip(count: number): void {
    this.#finished += count
  }

  /** Embeds everything that `pages` yields; each page is one call. Throws `signal.reason` on abort. */
  async all(pages: AsyncIterable<readonly EmbedWork[]>): Promise<void> {
    const calls = new Set<Promise<void>>()
    // The first error stops the others; a failed image is no error.
    const start = (work: readonly EmbedWork[]): void => {
      const call = this.#call(work).finally(() => calls.delete(call))
      call.catch((error: unknown) => this.#stop.abort(error))
      calls.add(call)
    }
    try {
      for await (const work of pages) {
        while (calls.size >= this.#mostCalls) await Promise.race(calls)
        this.#signal.throwIfAborted()
        start(work)
      }
      await Promise.all(calls)
    } finally {
      await Promise.allSettled(calls)
      await this.#context.project.write.descriptors.setSpeed(this.#target.descriptor.id, this.#target.model.providers[0] ?? 'cpu', this.imagesPerSecond)
    }
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#context.signal, this.#stop.signal])
  }

  async #call(work: readonly EmbedWork[]): Promise<void> {
    const { model, plan } = this.#target
    for (const { file: { imageId, path } } of work) this.#subjects.set(imageId, path)
    const reply = await this.#context.engine.vision.embed({ model, items: work.map(toItem), ...(isOneView(plan) ? {} : { plan }) }, this.#signal)
    const committed = this.#committing.then(() => this.#commit(reply, work))
    // The next commit waits for this one whether or not it worked; the error itself goes to the caller.
    this.#committing = committed.catch(() => undefined)
    await committed
    for (const { file: { imageId } } of work) this.#subjects.delete(imageId)
  }

  async #commit({ imageIds, parts, vectors, failures, provider, reports }: EmbedReply, work: readonly EmbedWork[]): Promise<void> {
    this.#stop.signal.throwIfAborted()
    const { project, fail, report, note } = this.#context
    const { model, descriptor, file, total } = this.#target
    const wanted = model.providers[0]
    if (provider !== '' && provider !== wanted) note(`Some of it ran on ${provider} instead of ${wanted}: ${reports.find((each) => each.provider === wanted)?.detail ?? 'it failed in a worker'}.`)
    if (imageIds.length > 0) {
      const first = await appendOrExplain(file, vectors)
      await project.write.descriptors.appendRows(descriptor.id, first, imageIds, parts)
    }
    for (const { imageId, part, reason, detail } of failures) {
      const subject = this.#subjects.get(imageId) ?? `image ${imageId}`
      fail({ imageId, subject: part ? `${subject} (part ${part})` : subject, reason, detail })
    }
    const asked = work.reduce((sum, { views }) => sum + (views?.length ?? 1), 0)
    this.embedded += imageIds.length
    this.failed += asked - imageIds.length
    this.#finished += asked
    report(Math.min(this.#finished, total), total)
    const now = Date.now()
    if (now - this.#lastEmit < emitEveryMilliseconds) return
    this.#lastEmit = now
    project.emit({ topic: 'models' })
  }
}

/** How much longer one vector of this plan takes than one image of the card's size: pixels through the model, for a picture of 4 x 3. */
function costOf({ plan, model: { card } }: EmbedTarget): number {
  const once = viewSizes(plan, { width: 1024, height: 768 }, card.input).reduce((sum, { width, height }) => sum + width * height, 0)
  return (once * plan.turns.length * plan.degrade.length * (plan.flip ? 2 : 1)) / (card.input.width * card.input.height)
}

const toItem = ({ file: { imageId, root, pathRaw, bytes, mtimeMs, svg }, views }: EmbedWork): EmbedItem =>
  ({ imageId, path: Buffer.concat([Buffer.from(root.endsWith('/') ? root : `${root}/`), pathRaw]), bytes, mtimeMs, svg, ...(views ? { views } : {}) })

async function appendOrExplain(file: VectorFile, vectors: Float32Array): Promise<number> {
  try {
    return await file.append(vectors)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
    throw new WinnowError('UNAVAILABLE', `The disk that holds ${file.path} is full. Free some space and resume: what is embedded so far is kept.`)
  }
}

/** The model with the providers to try: the chosen one, then the CPU. */
export const withProviders = (model: Omit<EmbedModel, 'providers'>, { provider }: Pick<ProviderChoice, 'provider'>): EmbedModel =>
  ({ ...model, providers: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'] })

/** "Embedding runs on cpu (7.2 ms an image on one core). cuda: …; webgpu: …." */
export function providerNote({ provider, reports }: Pick<ProviderChoice, 'provider' | 'reports'>): string {
  const running = reports.find(({ state }) => state === 'running')
  const others = reports.filter(({ state }) => state === 'unavailable' || state === 'available').map(({ provider, detail }) => `${provider}: ${detail}`)
  return `Embedding runs on ${provider}${running?.detail ? ` (${running.detail})` : ''}.${others.length > 0 ? ` ${others.join('; ')}.` : ''}`
}
