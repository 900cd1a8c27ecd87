import { z } from 'zod'
import type { JobContext, JobHandler, JobOf } from '../jobs/job.ts'
import { defaultDescriptor, vectorSource } from '../models/descriptorVectors.ts'
import type { KnnSummary } from '../project/repositories/predictions.ts'
import type { VectorSource } from '../search/vectorSource.ts'
import { counted, formatted } from '../review/sentences.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { VoteSettings, Votes } from './knnVote.ts'
import type { VoteThread } from './vote.thread.ts'
import { placeVotes, sliceVotes } from './votes.ts'

const candidates = 9
/** Queries searched and counted at a time: what is not yet stored when the engine dies. */
const chunk = 4096
/** Images stored by one call, so that a decision never waits long for the writer. */
const storedAtOnce = 1000
/** Neighbours asked for beyond k at first, for duplicates that may not vote; where that is not enough, four times as many, up to `widest`. */
const spare = 12
const widest = 2048
const runsKept = 5

const runParams = z.object({ fingerprint: z.string() })

/**
 * Predicts a label for every unlabelled image that has a vector, by a vote of its nearest labelled neighbours (see knnVote). The run becomes the
 * live one only when it is finished; one that was interrupted goes on where it was, if neither labels nor images have changed since, and is
 * begun anew otherwise.
 */
export const pseudoJob: JobHandler<'pseudo'> = async (request, context) => {
  const { project, engine, signal, report } = context
  report('Looking up labels', 0, null)
  const descriptorId = request.descriptorId ?? (await defaultDescriptor(project))
  if (descriptorId === null) return { result: 'No labels were predicted: nothing has been embedded yet. Embed the images first.' }
  const { predictions } = project.read
  const [labelled, unlabelled] = await Promise.all([predictions.voters(), predictions.unlabelled()])
  const [references, queries] = await Promise.all([vectorSource(project, descriptorId, labelled.imageIds), vectorSource(project, descriptorId, unlabelled)])
  if (references.imageIds.length === 0) {
    return { result: 'No labels were predicted: no image has a label yet. Put images into class folders, import a CSV, or label some by hand.' }
  }
  if (queries.imageIds.length === 0) return { result: 'No labels were predicted: every image that is embedded has a label already.' }
  const settings = request.duplicates ?? (await engine.current.duplicates.settings())
  const [identical, components] = await Promise.all([predictions.identical(), engine.current.duplicates.components(settings)])
  const host = startThread<VoteThread>(new URL('./vote.thread.ts', import.meta.url))
  try {
    const duplicates = [...identical, { imageIds: components.imageIds, groups: components.components }]
    const { classes, fingerprint } = await host.connection.call('begin', [{ labelled, embedded: references.imageIds, duplicates, queries: queries.imageIds }])
    if (classes < 2) return { result: 'No labels were predicted: all labelled images are of one class. A vote needs at least two.' }
    const params = { k: request.k, temperature: request.temperature, engine: request.engine, descriptorId, duplicates: settings }
    const run = await openRun(context, params, `${JSON.stringify(params)} ${fingerprint}`)
    const predicted = await new Vote(request, context, host, references).all(queries, run)
    report('Choosing exemplars', 0, null)
    const summary: KnnSummary = { predicted, exemplars: await host.connection.call('exemplars', [references]) }
    signal.throwIfAborted()
    await project.write.labels.finishRun(run.id, Date.now(), summary)
    project.emit({ topic: 'predictions' })
    for (const old of await predictions.oldRuns(runsKept)) await removeRun(context, old)
    const left = queries.imageIds.length - predicted
    const remark = left === 0 ? '' : ` ${counted(left, 'image has', 'images have')} no prediction, because only their own duplicates are labelled near them.`
    return {
      result: `Predicted labels for ${counted(predicted, 'image')} from ${formatted(references.imageIds.length)} labelled ones of ${formatted(classes)} classes.${remark}`,
      data: { runId: run.id, predicted, left, voters: references.imageIds.length, classes }
    }
  } finally {
    await host.end()
  }
}

interface OpenRun {
  readonly id: number
  /** Images that it has already predicted, ascending. */
  readonly done: Int32Array
}

/** Takes up the interrupted run that was made from the very same things; any other is removed. */
async function openRun(context: JobContext, params: { descriptorId: number }, fingerprint: string): Promise<OpenRun> {
  const { read, write } = context.project
  let taken: number | null = null
  for (const { id, params: stored } of await read.predictions.unfinishedRuns()) {
    const parsed = runParams.safeParse(stored)
    if (taken === null && parsed.success && parsed.data.fingerprint === fingerprint) taken = id
    else await removeRun(context, id)
  }
  if (taken !== null) {
    context.note('Went on with the predictions that had been interrupted.')
    return { id: taken, done: await read.predictions.predictedImages(taken) }
  }
  return { id: await write.labels.startRun('knn', { ...params, fingerprint }, params.descriptorId, Date.now()), done: new Int32Array() }
}

async function removeRun({ project, signal }: JobContext, runId: number): Promise<void> {
  while (!(await project.write.predictions.removeSome(runId))) signal.throwIfAborted()
}

/** The vote over all queries of one job. */
class Vote {
  readonly #request: JobOf<'pseudo'>
  readonly #context: JobContext
  readonly #host: Thread<VoteThread>
  readonly #references: VectorSource
  readonly #settings: VoteSettings

  constructor(request: JobOf<'pseudo'>, context: JobContext, host: Thread<VoteThread>, references: VectorSource) {
    this.#request = request
    this.#context = context
    this.#host = host
    this.#references = references
    this.#settings = { k: request.k, temperature: request.temperature, candidates }
  }

  /** Returns how many images have a prediction in the run, earlier ones included. */
  async all(queries: VectorSource, { id, done }: OpenRun): Promise<number> {
    const { report, signal, project } = this.#context
    const left = without(queries, done)
    const total = queries.imageIds.length
    let predicted = done.length
    for (let from = 0; from < left.imageIds.length; from += chunk) {
      signal.throwIfAborted()
      report('Predicting', done.length + from, total)
      const some = { ...left, rows: left.rows.slice(from, from + chunk), imageIds: left.imageIds.slice(from, from + chunk) }
      const votes = await this.#vote(some)
      for (let at = 0; at < some.imageIds.length; at += storedAtOnce) {
        const to = Math.min(some.imageIds.length, at + storedAtOnce)
        await project.write.predictions.add(id, some.imageIds.subarray(at, to), sliceVotes(votes, at, to))
      }
      predicted += votes.counts.reduce((sum, count) => sum + Math.min(count, 1), 0)
    }
    report('Predicting', total, total)
    return predicted
  }

  /** Asks for more neighbours where duplicates took the places, so that k of the others can vote. */
  async #vote(queries: VectorSource): Promise<Votes> {
    const { votes, unfinished } = await this.#search(queries, this.#settings.k + spare)
    let missing: readonly number[] = unfinished
    for (let width = (this.#settings.k + spare) * 4; missing.length > 0; width *= 4) {
      const pending = missing
      const some = { ...queries, rows: Int32Array.from(pending, (i) => queries.rows[i] ?? 0), imageIds: Int32Array.from(pending, (i) => queries.imageIds[i] ?? 0) }
      const more = await this.#search(some, Math.min(width, Math.max(widest, this.#settings.k)))
      placeVotes(votes, more.votes, pending)
      missing = width >= widest ? [] : more.unfinished.map((i) => pending[i] ?? 0)
    }
    return votes
  }

  async #search(queries: VectorSource, wanted: number): Promise<{ votes: Votes; unfinished: readonly number[] }> {
    const { engine, signal, note } = this.#context
    const width = Math.min(wanted, this.#references.imageIds.length)
    const found = await engine.search.knn({ queries, references: this.#references, k: width, engine: this.#request.engine, excludeSelf: true }, { signal })
    note(`The search ran on ${found.provider}.`)
    const neighbours = { queries: queries.imageIds, width, imageIds: found.imageIds, similarities: found.similarities }
    const reply = await this.#host.connection.call('vote', [neighbours, this.#settings])
    // All references were asked: there is no more to find.
    return width < wanted || width === this.#references.imageIds.length ? { votes: reply.votes, unfinished: [] } : reply
  }
}

/** The source without these images. */
function without(source: VectorSource, imageIds: Int32Array): VectorSource {
  if (imageIds.length === 0) return source
  const marked = new Uint8Array(imageIds.reduce((most, id) => Math.max(most, id), 0) + 1)
  for (const id of imageIds) marked[id] = 1
  const isLeft = (id: number): boolean => (marked[id] ?? 0) === 0
  return { ...source, rows: source.rows.filter((_, i) => isLeft(source.imageIds[i] ?? 0)), imageIds: source.imageIds.filter(isLeft) }
}
