import { join } from 'node:path'
import type { JobContext, JobHandler, JobResult } from '../jobs/job.ts'
import type { DescriptorRecord, ImageFile } from '../project/repositories/descriptors.ts'
import { VectorFile } from '../search/vectorFile.ts'
import { WinnowError } from '../domain/errors.ts'
import { cardFingerprint } from './card.ts'
import type { EmbedItem, EmbedModel, EmbedReply } from './embedBatch.ts'
import type { ProviderChoice } from './providerTrials.ts'

/** A call to a worker should take about this long: longer and a crash or a cancel loses more, shorter and the border costs more. */
const secondsPerCall = 1
const fewestPerCall = 16
const mostPerCall = 512
/** Workers that share one GPU beyond this fight for its memory. */
const mostCallsOnGpu = 4
const emitEveryMilliseconds = 1000

/**
 * Gives every ready image without one a vector of the model (or `ids` again). What is done is in the project after each chunk: rows are
 * appended to the file, synced, then committed, so that a killed engine loses the chunks in flight and no more, and a new run goes on.
 */
export const embedJob: JobHandler<'embed'> = async ({ modelId, providers, dtype, ids }, context) => {
  const { engine, project } = context
  const model = await engine.models.resolve(modelId)
  const descriptor = await findOrCreateDescriptor(context, model, dtype)
  const file = await openVectors(context, descriptor)
  try {
    return await embedInto(context, model, descriptor, file, providers, ids)
  } finally {
    await file.close()
    project.emit({ topic: 'models' })
  }
}

async function embedInto(context: JobContext, model: Omit<EmbedModel, 'providers'>, descriptor: DescriptorRecord, file: VectorFile, providers: readonly string[] | undefined, ids: readonly number[] | undefined): Promise<JobResult> {
  const { engine, project, signal, report } = context
  const total = ids ? ids.length : await project.read.descriptors.waitingCount(descriptor.id)
  if (total === 0) {
    const rows = await project.read.descriptors.rowCount(descriptor.id)
    return { result: rows === 0 ? 'There are no images to embed yet. Scan a folder first.' : `All ${count(rows, 'image')} already have a vector of ${model.card.name}.`, data: { descriptorId: descriptor.id, embedded: 0, failed: 0 } }
  }
  report('embedding', 0, total, 'Trying execution providers')
  const choice = await engine.models.choose(model, { asked: providers, signal })
  context.note(providerNote(choice))
  const run = new EmbedRun(context, { ...model, providers: choice.provider === 'cpu' ? ['cpu'] : [choice.provider, 'cpu'] }, descriptor, file, total, choice)
  await run.all(ids)
  const speed = run.imagesPerSecond
  return {
    result: sentence(run, model.card.name, choice.provider, speed),
    data: { descriptorId: descriptor.id, embedded: run.embedded, failed: run.failed, provider: choice.provider, imagesPerSecond: speed }
  }
}

/** The vectors file, ready for appending. Rows that it lost (a copy of the project that broke off, a disk error) are forgotten and made anew. */
async function openVectors({ project, note }: JobContext, { id, dim, dtype, file, nextRow }: DescriptorRecord): Promise<VectorFile> {
  const path = join(project.vectorsFolder, file)
  try {
    return await VectorFile.open(path, { dim, dtype, committedRows: nextRow })
  } catch (error) {
    const rows = error instanceof WinnowError && error.code === 'CORRUPT' ? (error.data as { rows?: number } | undefined)?.rows : undefined
    if (rows === undefined) throw error
    const lost = await project.write.descriptors.dropRowsFrom(id, rows)
    note(`${path} was cut short or lost: ${count(lost, 'image')} must be embedded again.`)
    return await VectorFile.open(path, { dim, dtype, committedRows: rows })
  }
}

async function findOrCreateDescriptor({ project }: JobContext, { card }: Pick<EmbedModel, 'card'>, dtype: 'float32' | 'float16'): Promise<DescriptorRecord> {
  const fingerprint = cardFingerprint(card, dtype)
  return await project.write.descriptors.findOrCreate({ model: card.id, fingerprint, card, dim: card.output.dim, dtype, file: `${card.id}-${fingerprint.slice(0, 16)}.bin` }, Date.now())
}

/** One run of the job: keeps the workers busy with a bounded number of calls and commits what comes back in the order of arrival. */
class EmbedRun {
  embedded = 0
  failed = 0
  readonly #context: JobContext
  readonly #model: EmbedModel
  readonly #descriptor: DescriptorRecord
  readonly #file: VectorFile
  readonly #total: number
  readonly #perCall: number
  readonly #mostCalls: number
  readonly #subjects = new Map<number, string>()
  readonly #stop = new AbortController()
  readonly #startedAt = Date.now()
  #finished = 0
  #lastEmit = 0
  #committing: Promise<void> = Promise.resolve()

  constructor(context: JobContext, model: EmbedModel, descriptor: DescriptorRecord, file: VectorFile, total: number, { provider, millisecondsPerImage }: ProviderChoice) {
    this.#context = context
    this.#model = model
    this.#descriptor = descriptor
    this.#file = file
    this.#total = total
    const { size } = context.engine.vision
    const calls = Math.max(2, size * 2)
    this.#mostCalls = provider === 'cpu' ? calls : Math.min(calls, mostCallsOnGpu)
    // Small jobs are spread over the workers, several calls each; big ones come in calls of about a second.
    const spread = Math.ceil(total / (size * 4))
    this.#perCall = Math.max(fewestPerCall, Math.min(mostPerCall, spread, Math.round((secondsPerCall * 1000) / millisecondsPerImage)))
  }

  /** Over the whole run so far; null where it was too short to say. */
  get imagesPerSecond(): number | null {
    const seconds = (Date.now() - this.#startedAt) / 1000
    return this.embedded >= 16 && seconds > 0 ? this.embedded / seconds : null
  }

  async all(ids: readonly number[] | undefined): Promise<void> {
    const calls = new Set<Promise<void>>()
    // The first error stops the others; a failed image is no error.
    const start = (files: readonly ImageFile[]): void => {
      const call = this.#call(files).finally(() => calls.delete(call))
      call.catch((error: unknown) => this.#stop.abort(error))
      calls.add(call)
    }
    try {
      for await (const files of this.#pages(ids)) {
        while (calls.size >= this.#mostCalls) await Promise.race(calls)
        this.#signal.throwIfAborted()
        start(files)
      }
      await Promise.all(calls)
    } finally {
      await Promise.allSettled(calls)
      await this.#context.project.write.descriptors.setSpeed(this.#descriptor.id, this.#model.providers[0] ?? 'cpu', this.imagesPerSecond)
    }
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#context.signal, this.#stop.signal])
  }

  async *#pages(ids: readonly number[] | undefined): AsyncGenerator<ImageFile[]> {
    const { descriptors } = this.#context.project.read
    if (ids) {
      for (let first = 0; first < ids.length; first += this.#perCall) {
        const part = ids.slice(first, first + this.#perCall)
        const files = await descriptors.files(part)
        // An image that is not ready (any more) has nothing to embed.
        this.#finished += part.length - files.length
        if (files.length > 0) yield files
      }
      return
    }
    for (let after = 0; ;) {
      const files = await descriptors.waiting(this.#descriptor.id, after, this.#perCall)
      const last = files.at(-1)
      if (!last) return
      yield files
      after = last.imageId
    }
  }

  async #call(files: readonly ImageFile[]): Promise<void> {
    for (const { imageId, path } of files) this.#subjects.set(imageId, path)
    const reply = await this.#context.engine.vision.embed({ model: this.#model, items: files.map(toItem) }, this.#signal)
    const committed = this.#committing.then(() => this.#commit(reply))
    // The next commit waits for this one whether or not it worked; the error itself goes to the caller.
    this.#committing = committed.catch(() => undefined)
    await committed
    for (const { imageId } of files) this.#subjects.delete(imageId)
  }

  async #commit({ imageIds, vectors, failures, provider, reports }: EmbedReply): Promise<void> {
    this.#stop.signal.throwIfAborted()
    const { project, fail, report, note } = this.#context
    const wanted = this.#model.providers[0]
    if (provider !== '' && provider !== wanted) note(`Some of it ran on ${provider} instead of ${wanted}: ${reports.find((each) => each.provider === wanted)?.detail ?? 'it failed in a worker'}.`)
    if (imageIds.length > 0) {
      const first = await appendOrExplain(this.#file, vectors)
      await project.write.descriptors.appendRows(this.#descriptor.id, first, imageIds)
    }
    for (const { imageId, reason, detail } of failures) fail({ imageId, subject: this.#subjects.get(imageId) ?? `image ${imageId}`, reason, detail })
    this.embedded += imageIds.length
    this.failed += failures.length
    this.#finished += imageIds.length + failures.length
    report('embedding', Math.min(this.#finished, this.#total), this.#total)
    const now = Date.now()
    if (now - this.#lastEmit < emitEveryMilliseconds) return
    this.#lastEmit = now
    project.emit({ topic: 'models' })
  }
}

const toItem = ({ imageId, root, pathRaw, bytes, mtimeMs, svg }: ImageFile): EmbedItem =>
  ({ imageId, path: Buffer.concat([Buffer.from(root.endsWith('/') ? root : `${root}/`), pathRaw]), bytes, mtimeMs, svg })

async function appendOrExplain(file: VectorFile, vectors: Float32Array): Promise<number> {
  try {
    return await file.append(vectors)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
    throw new WinnowError('UNAVAILABLE', `The disk that holds ${file.path} is full. Free some space and resume: what is embedded so far is kept.`)
  }
}

/** "Embedding runs on cpu (7.2 ms an image on one core). cuda: …; webgpu: …." */
function providerNote({ provider, reports }: Pick<ProviderChoice, 'provider' | 'reports'>): string {
  const running = reports.find(({ state }) => state === 'running')
  const others = reports.filter(({ state }) => state === 'unavailable' || state === 'available').map(({ provider, detail }) => `${provider}: ${detail}`)
  return `Embedding runs on ${provider}${running?.detail ? ` (${running.detail})` : ''}.${others.length > 0 ? ` ${others.join('; ')}.` : ''}`
}

const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`

function sentence({ embedded, failed }: { embedded: number; failed: number }, model: string, provider: string, speed: number | null): string {
  const rate = speed === null ? '' : `, ${speed < 10 ? speed.toFixed(1) : Math.round(speed)} a second`
  const failures = failed === 0 ? '' : ` ${count(failed, 'image')} could not be embedded.`
  return `${count(embedded, 'image')} embedded with ${model} on ${provider}${rate}.${failures}`
}
