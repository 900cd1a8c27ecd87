import type { CleanCell, CleanCellAt, CleanCellRequest, CleanClasses, CleanClassesRequest, CleanGrid, CleanGridSummary, CleanImages, CleanImagesRequest, CleanSource, CleanWitnesses, CleanWitnessesRequest } from '../contract/clean.ts'
import type { ActResult } from '../contract/decisions.ts'
import type { ImageFilter } from '../contract/images.ts'
import { cleaningReason } from '../domain/cleaningReason.ts'
import { WinnowError } from '../domain/errors.ts'
import type { ResultRecord, RunRecord, RunStepRecord } from '../project/repositories/recipes.ts'
import { resultFolder } from '../recipes/executor.ts'
import type { ProjectContext, Service } from '../services.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { CleanThread, SweepFolders } from './clean.thread.ts'
import { type GridFacts, parseGridFacts } from './gridArtefact.ts'

const sweep = 'clean-sweep'
const cellStep = 'clean-cell'
const truthStep = 'truth'

interface FoundGrid {
  readonly run: RunRecord
  /** All steps of the run, and the one that made (or, for a trial, stands for) the sweep. */
  readonly steps: readonly RunStepRecord[]
  readonly step: RunStepRecord
  readonly result: ResultRecord
}

/** The sweeps that recipes have made: any cell of them to look at, and one to choose. The tables are held by a thread. */
export class CleanService implements Service<'clean'> {
  readonly #context: ProjectContext
  readonly #stopListening: () => void
  #thread: Thread<CleanThread> | null = null
  /** The thread knows how the project stands; null once that has changed. */
  #standing: Promise<void> | null = null
  /** Where the truth of a sweep's run lies, by "result run"; forgotten when runs come and go. */
  readonly #truths = new Map<string, Promise<string | null>>()
  #closed = false

  constructor(context: ProjectContext) {
    this.#context = context
    this.#stopListening = context.project.onChange(({ topic }) => {
      // 'project': a root is protected now, or no longer.
      if (topic === 'decisions' || topic === 'images' || topic === 'project') this.#standing = null
      if (topic === 'recipes') this.#truths.clear()
    })
  }

  /** The newest first; a sweep that several runs share comes once. */
  async grids(): Promise<CleanGridSummary[]> {
    return (await this.#found()).map(summaryOf)
  }

  /** Throws NOT_FOUND. */
  async grid({ resultId, runId }: CleanSource): Promise<CleanGrid> {
    const found = await this.#grid(resultId, runId)
    const { run, steps, step, result } = found
    const { values, frequencies, leastImages, pairs, cells } = parseGridFacts(result.facts)
    const cell = steps.find((other) => other.use === cellStep && (other.inputs['grid'] ?? []).includes(step.step))
    const { v, f } = cell?.params ?? {}
    const folders = await this.#folders({ resultId, runId: run.id })
    return {
      ...summaryOf(found), values, frequencies, leastImages, pairs, cells,
      recipeCell: cell && typeof v === 'number' && typeof f === 'number' ? { step: cell.step, v, f } : null,
      pairsStep: step.inputs['pairs']?.[0] ?? null,
      truth: folders.truth === null ? null : await (await this.#ready()).call('truth', [folders])
    }
  }

  /** Throws NOT_FOUND, or BAD_INPUT for a cell that the grid does not have. */
  async cell({ v, f, sample, label, ...source }: CleanCellRequest): Promise<CleanCell> {
    const folders = await this.#folders(source)
    const thread = await this.#ready()
    const { keptIds, droppedIds, ...cell } = await thread.call('cell', [folders, { v, f }, sample, label])
    const { views } = this.#context.engine.current
    return { ...cell, kept: { viewId: views.add(keptIds), count: keptIds.length }, dropped: { viewId: views.add(droppedIds), count: droppedIds.length } }
  }

  async images({ v, f, side, label, against, offset, limit, ...source }: CleanImagesRequest): Promise<CleanImages> {
    const folders = await this.#folders(source)
    return await (await this.#ready()).call('images', [folders, { v, f }, { side, label, against }, offset, limit])
  }

  /** Throws NOT_FOUND where the image is not part of the sweep, or the pairs are gone. */
  async witnesses({ v, f, imageId, limit, ...source }: CleanWitnessesRequest): Promise<CleanWitnesses> {
    const [folders, { facts }] = await Promise.all([this.#folders(source), this.#result(source.resultId)])
    if (facts.pairsKey === undefined) throw new WinnowError('NOT_FOUND', 'This sweep does not say where its pairs are. Run the recipe again: only the sweep is made anew.')
    const pairs = resultFolder(this.#context.project.resultsFolder, facts.pairsKey)
    return await (await this.#ready()).call('witnesses', [folders, pairs, facts.evidence, { v, f }, imageId, limit])
  }

  async classes({ v, f, order, text, offset, limit, ...source }: CleanClassesRequest): Promise<CleanClasses> {
    const folders = await this.#folders(source)
    return await (await this.#ready()).call('classes', [folders, { v, f }, order, text ?? '', offset, limit])
  }

  /**
   * Drops what the cell does not keep among the images of the sweep, and brings back what it keeps and a cell chosen before had dropped, as one step of undo.
   * Images that a person kept or that are protected stay, and those that are dropped already keep their reason.
   */
  async choose({ resultId, v, f }: { resultId: number } & CleanCellAt): Promise<ActResult> {
    const [folders, { facts }] = await Promise.all([this.#folders({ resultId }), this.#result(resultId)])
    const { drops, keeps } = await (await this.#ready()).call('changes', [folders, { v, f }])
    const { decisions, views } = this.#context.engine.current
    return await decisions.apply({ kind: 'clean', drops: { viewId: views.add(drops) }, keeps: { viewId: views.add(keeps) }, reason: cleaningReason({ v, f }, facts.evidence) })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopListening()
    await this.#thread?.end()
    this.#thread = null
  }

  async #found(): Promise<FoundGrid[]> {
    const { recipes } = this.#context.project.read
    const found = new Map<number, FoundGrid>()
    for (const run of await recipes.runs(null)) {
      const steps = await recipes.steps(run.id)
      for (const step of steps) {
        const { use, resultId } = step
        if (use !== sweep || resultId === null || found.has(resultId)) continue
        const result = await recipes.resultById(resultId)
        if (result) found.set(resultId, { run, steps, step, result })
      }
    }
    return [...found.values()]
  }

  /** Of a run, or a trial of other parameters over the run that is named. */
  async #grid(resultId: number, runId?: number): Promise<FoundGrid> {
    const all = await this.#found()
    const own = all.find(({ result }) => result.id === resultId)
    if (own) return own
    const { recipes } = this.#context.project.read
    const [result, run] = await Promise.all([recipes.resultById(resultId), runId === undefined ? null : recipes.run(runId)])
    if (result?.kind !== 'grid' || !run) throw noSuchSweep(resultId)
    const steps = await recipes.steps(run.id)
    const { evidence } = parseGridFacts(result.facts)
    const step = steps.find(({ use, params }) => use === sweep && params['evidence'] === evidence)
    if (!step) throw noSuchSweep(resultId)
    return { run, steps, step, result }
  }

  async #result(resultId: number): Promise<{ folder: string; facts: GridFacts }> {
    const { project } = this.#context
    const result = await project.read.recipes.resultById(resultId)
    if (result?.kind !== 'grid') throw noSuchSweep(resultId)
    return { folder: resultFolder(project.resultsFolder, result.key), facts: parseGridFacts(result.facts) }
  }

  /** Of the sweep, and of the truth of its run where that has one. */
  async #folders({ resultId, runId }: CleanSource): Promise<SweepFolders> {
    const name = `${resultId} ${runId ?? ''}`
    const truth = this.#truths.get(name) ?? this.#truthFolder(resultId, runId)
    this.#truths.set(name, truth)
    truth.catch(() => this.#truths.delete(name))
    const [{ folder }, found] = await Promise.all([this.#result(resultId), truth])
    return { sweep: folder, truth: found }
  }

  async #truthFolder(resultId: number, runId: number | undefined): Promise<string | null> {
    const { steps } = await this.#grid(resultId, runId).catch(() => ({ steps: [] as readonly RunStepRecord[] }))
    const id = steps.find(({ use, resultId: made }) => use === truthStep && made !== null)?.resultId
    const { project } = this.#context
    const found = typeof id === 'number' ? await project.read.recipes.resultById(id) : null
    return found ? resultFolder(project.resultsFolder, found.key) : null
  }

  /** The thread, told how the project stands. */
  async #ready(): Promise<Connection<CleanThread>> {
    if (this.#closed) throw new WinnowError('UNAVAILABLE', 'The project is closed.')
    const thread = (this.#thread ??= this.#start())
    const told = (this.#standing ??= this.#tell(thread.connection))
    try {
      await told
    } catch (error) {
      // What could not be read is read again by whoever asks next.
      if (this.#standing === told) this.#standing = null
      throw error
    }
    return thread.connection
  }

  async #tell(connection: Connection<CleanThread>): Promise<void> {
    const { images } = this.#context.project.read
    const ids = async (filter: ImageFilter): Promise<Int32Array> => (await images.view(filter, 'path')).ids
    const [dropped, byCell, kept, protectedOnes] = await Promise.all([ids({ verdict: ['drop'] }), images.droppedByCleaning(), ids({ verdict: ['keep'] }), ids({ protected: true })])
    await connection.call('stands', [{ dropped, byCell, kept, protectedOnes }])
  }

  #start(): Thread<CleanThread> {
    const thread: Thread<CleanThread> = startThread(new URL('./clean.thread.ts', import.meta.url), undefined, () => {
      // The next look starts another, which knows nothing yet.
      if (this.#thread !== thread) return
      this.#thread = null
      this.#standing = null
    })
    return thread
  }
}

const noSuchSweep = (resultId: number): WinnowError =>
  new WinnowError('NOT_FOUND', `There is no sweep ${resultId} in this project (any more). Load the list again, or run a cleaning recipe.`)

function summaryOf({ run, step, result }: FoundGrid): CleanGridSummary {
  const { evidence, images, classes } = parseGridFacts(result.facts)
  return { resultId: result.id, runId: run.id, step: step.step, recipe: run.recipe, title: run.title, madeAt: result.madeAt, evidence, images, classes }
}
