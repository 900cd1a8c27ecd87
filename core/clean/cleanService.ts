import type { CleanCell, CleanCellAt, CleanCellRequest, CleanClasses, CleanClassesRequest, CleanGrid, CleanGridSummary } from '../contract/clean.ts'
import type { ActResult } from '../contract/decisions.ts'
import type { ImageFilter } from '../contract/images.ts'
import { WinnowError } from '../domain/errors.ts'
import type { ResultRecord, RunRecord } from '../project/repositories/recipes.ts'
import { resultFolder } from '../recipes/executor.ts'
import type { ProjectContext, Service } from '../services.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { CleanThread } from './clean.thread.ts'
import { type GridFacts, parseGridFacts } from './gridArtefact.ts'

const sweep = 'clean-sweep'
const cellStep = 'clean-cell'

interface FoundGrid {
  readonly run: RunRecord
  readonly result: ResultRecord
  readonly recipeCell: CleanCellAt | null
}

/** The sweeps that recipes have made: any cell of them to look at, and one to choose. The tables are held by a thread. */
export class CleanService implements Service<'clean'> {
  readonly #context: ProjectContext
  readonly #stopListening: () => void
  #thread: Thread<CleanThread> | null = null
  /** The thread knows how the project stands; null once that has changed. */
  #standing: Promise<void> | null = null
  #closed = false

  constructor(context: ProjectContext) {
    this.#context = context
    this.#stopListening = context.project.onChange(({ topic }) => {
      // 'project': a root is protected now, or no longer.
      if (topic === 'decisions' || topic === 'images' || topic === 'project') this.#standing = null
    })
  }

  /** The newest first; a sweep that several runs share comes once. */
  async grids(): Promise<CleanGridSummary[]> {
    return (await this.#found()).map(summaryOf)
  }

  /** Throws NOT_FOUND. */
  async grid({ resultId }: { resultId: number }): Promise<CleanGrid> {
    const found = await this.#grid(resultId)
    const { values, frequencies, leastImages, pairs, cells } = parseGridFacts(found.result.facts)
    return { ...summaryOf(found), values, frequencies, leastImages, pairs, cells, recipeCell: found.recipeCell }
  }

  /** Throws NOT_FOUND, or BAD_INPUT for a cell that the grid does not have. */
  async cell({ resultId, v, f, sample, label }: CleanCellRequest): Promise<CleanCell> {
    const { folder } = await this.#result(resultId)
    const thread = await this.#ready()
    const { keptIds, droppedIds, ...cell } = await thread.call('cell', [folder, { v, f }, sample, label])
    const { views } = this.#context.engine.current
    return { ...cell, kept: { viewId: views.add(keptIds), count: keptIds.length }, dropped: { viewId: views.add(droppedIds), count: droppedIds.length } }
  }

  async classes({ resultId, v, f, order, offset, limit }: CleanClassesRequest): Promise<CleanClasses> {
    const { folder } = await this.#result(resultId)
    return await (await this.#ready()).call('classes', [folder, { v, f }, order, offset, limit])
  }

  /**
   * Drops what the cell does not keep among the images of the sweep, as one step of undo. Images that a person kept or that are protected stay, and those that
   * are dropped already keep their reason.
   */
  async choose({ resultId, v, f }: { resultId: number } & CleanCellAt): Promise<ActResult> {
    const { folder, facts } = await this.#result(resultId)
    const ids = await (await this.#ready()).call('toDrop', [folder, { v, f }])
    const { decisions, views } = this.#context.engine.current
    return await decisions.apply({ kind: 'verdict', selection: { viewId: views.add(ids) }, value: 'drop', reason: `clean v=${v} f=${f}${facts.evidence === 'inliers' ? '' : ' (mutual ranks)'}` })
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
      for (const { step, use, resultId } of steps) {
        if (use !== sweep || resultId === null || found.has(resultId)) continue
        const result = await recipes.resultById(resultId)
        if (!result) continue
        const { v, f } = steps.find((other) => other.use === cellStep && (other.inputs['grid'] ?? []).includes(step))?.params ?? {}
        found.set(resultId, { run, result, recipeCell: typeof v === 'number' && typeof f === 'number' ? { v, f } : null })
      }
    }
    return [...found.values()]
  }

  async #grid(resultId: number): Promise<FoundGrid> {
    const found = (await this.#found()).find(({ result }) => result.id === resultId)
    if (!found) throw noSuchSweep(resultId)
    return found
  }

  /** Of a run, or of a trial of other parameters. */
  async #result(resultId: number): Promise<{ folder: string; facts: GridFacts }> {
    const { project } = this.#context
    const result = await project.read.recipes.resultById(resultId)
    if (result?.kind !== 'grid') throw noSuchSweep(resultId)
    return { folder: resultFolder(project.resultsFolder, result.key), facts: parseGridFacts(result.facts) }
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
    const [dropped, kept, protectedOnes] = await Promise.all([ids({ verdict: ['drop'] }), ids({ verdict: ['keep'] }), ids({ protected: true })])
    await connection.call('stands', [{ dropped, kept, protectedOnes }])
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

function summaryOf({ run, result }: FoundGrid): CleanGridSummary {
  const { evidence, images, classes } = parseGridFacts(result.facts)
  return { resultId: result.id, runId: run.id, recipe: run.recipe, title: run.title, madeAt: result.madeAt, evidence, images, classes }
}
