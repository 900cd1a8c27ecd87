import { join } from 'node:path'
import type { View } from '../contract/images.ts'
import type { BulkCount, BulkMatches, Candidate, MatchEvidence, MatchOverview, MatchSource, MatchSourceInfo, QueryFilter, QueryOrder, QueryRow } from '../contract/matches.ts'
import { WinnowError } from '../domain/errors.ts'
import type { ProjectContext, Service } from '../services.ts'
import { verifyPair } from '../verify/pairService.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { PairsAbove } from './aboveScore.ts'
import type { SourceFiles } from './matchBook.ts'
import type { MatchesThread, MatchesThreadData } from './matches.thread.ts'
import { filesOf, listSources } from './runSources.ts'
import { storedEvidence } from './storedEvidence.ts'

/** Ranked lists and pairs that recipes made, query by query, with everything that is known of each pair. The tables are held by a thread. */
export class MatchService implements Service<'matches'> {
  readonly #context: ProjectContext
  readonly #stopListening: () => void
  #thread: Thread<MatchesThread> | null = null
  /** Until a run is removed, goes on, or makes anew what was not whole. */
  readonly #files = new Map<string, Promise<SourceFiles>>()
  #closed = false

  constructor(context: ProjectContext) {
    this.#context = context
    this.#stopListening = context.project.onChange(({ topic }) => {
      if (topic === 'recipes') this.#files.clear()
      if (topic === 'decisions' || topic === 'images') void this.#thread?.connection.call('stale', [topic === 'images']).catch(() => undefined)
    })
  }

  /** Of the newest runs first; within a run, what the recipe is for first. */
  async sources(): Promise<MatchSourceInfo[]> {
    return await listSources(this.#context.project)
  }

  /** Throws NOT_FOUND for a source that is not there (any more), as all below. */
  async overview({ source }: { source: MatchSource }): Promise<MatchOverview> {
    return await this.#tables().call('overview', [await this.#filesOf(source)])
  }

  async queries({ source, filter, order }: { source: MatchSource; filter: QueryFilter; order: QueryOrder }): Promise<View> {
    const ids = await this.#tables().call('queries', [await this.#filesOf(source), filter, order])
    return { viewId: this.#context.engine.current.views.add(ids), count: ids.length, marks: [] }
  }

  /** In the order asked for; images that have gone are left out. */
  async queryRows({ source, ids }: { source: MatchSource; ids: number[] }): Promise<QueryRow[]> {
    const [facts, rows] = await Promise.all([this.#tables().call('facts', [await this.#filesOf(source), ids]), this.#context.engine.current.images.rows({ ids })])
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    return facts.flatMap(({ imageId, ...rest }) => {
      const image = rowOf.get(imageId)
      return image ? [{ image, ...rest }] : []
    })
  }

  async candidates({ source, queryId, limit }: { source: MatchSource; queryId: number; limit: number }): Promise<{ total: number; rows: Candidate[] }> {
    const { total, places } = await this.#tables().call('candidates', [await this.#filesOf(source), queryId, limit])
    const ids = places.map(({ imageId }) => imageId)
    const { vetoes } = this.#context.project.read
    const [rows, relations, vetoed] = await Promise.all([
      this.#context.engine.current.images.rows({ ids }),
      vetoes.relations(ids.map(() => queryId), ids),
      Promise.all(ids.map((id) => vetoes.ofPair(queryId, id)))
    ])
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    const saidOf = new Map(relations.map(({ b, value }) => [b, value]))
    return {
      total,
      rows: places.flatMap(({ imageId, ...place }, i) => {
        const image = rowOf.get(imageId)
        return image ? [{ ...place, image, decision: saidOf.get(imageId) ?? null, vetoes: vetoed[i] ?? [] }] : []
      })
    }
  }

  /** What the run stored of the pair; where it stored nothing, worked out now. Throws NOT_FOUND where an image is not there or cannot be read. */
  async evidence({ a, b, source }: { a: number; b: number; source?: MatchSource | undefined }): Promise<MatchEvidence> {
    const files = source ? await this.#filesOf(source) : null
    const row = files?.verified ? await this.#tables().call('verifiedRow', [files, a, b]) : -1
    if (files?.verified && row >= 0) return await storedEvidence(files.verified.folder, row, a, b)
    return { ...(await verifyPair(this.#context, { a, b })), from: 'now' }
  }

  async above(bulk: BulkMatches): Promise<BulkCount> {
    const { a: _a, b: _b, ...count } = await this.pairsAbove(bulk)
    return count
  }

  /** The pairs that an act accept-matches is about. */
  async pairsAbove({ source, minScore, minInliers, queries }: BulkMatches): Promise<PairsAbove> {
    const only = queries ? this.#context.engine.current.views.get(queries.viewId) : null
    return await this.#tables().call('above', [await this.#filesOf(source), minScore, minInliers, only])
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopListening()
    await this.#thread?.end()
    this.#thread = null
  }

  async #filesOf(source: MatchSource): Promise<SourceFiles> {
    const key = `${source.runId}/${source.step}`
    const known = this.#files.get(key)
    if (known) return await known
    const reading = filesOf(this.#context.project, source)
    this.#files.set(key, reading)
    reading.catch(() => {
      if (this.#files.get(key) === reading) this.#files.delete(key)
    })
    return await reading
  }

  #tables(): Connection<MatchesThread> {
    if (this.#closed) throw new WinnowError('UNAVAILABLE', 'The project is closed.')
    return (this.#thread ??= this.#start()).connection
  }

  #start(): Thread<MatchesThread> {
    const data: MatchesThreadData = { database: join(this.#context.project.folder, 'project.db') }
    // The next look starts another.
    const thread: Thread<MatchesThread> = startThread(new URL('./matches.thread.ts', import.meta.url), data, () => {
      if (this.#thread === thread) this.#thread = null
    })
    return thread
  }
}
