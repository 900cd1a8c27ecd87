/** The thread of the Matches screen: holds the pairs of the sources that are looked at. It reads what people said through a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import type { MatchDecision, MatchOverview, MatchTruth, QueryFilter, QueryOrder } from '../contract/matches.ts'
import { openForReading } from '../project/connection.ts'
import { ImageReads } from '../project/repositories/images.ts'
import { VetoReads } from '../project/repositories/vetoes.ts'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { type PairsAbove, pairsAbove } from './aboveScore.ts'
import { type CandidatePlace, MatchBook, type SourceFiles } from './matchBook.ts'
import { overviewOf } from './overview.ts'
import { bestOf, decisionsOf, listQueries } from './queryList.ts'
import { SaidBook } from './saidBook.ts'
import { truthOf } from './truthLookup.ts'

export interface MatchesThreadData {
  readonly database: string
}

/** A query without its picture's row. */
export interface QueryFacts {
  readonly imageId: number
  readonly candidates: number
  readonly best: { readonly imageId: number; readonly score: number } | null
  readonly second: number | null
  readonly inliers: number | null
  readonly decision: MatchDecision | null
  readonly truth: MatchTruth | null
}

const db = openForReading((workerData as MatchesThreadData).database)
const images = new ImageReads(db)
const said = new SaidBook(new VetoReads(db))
const book = new MatchBook()

const api = {
  /** Somebody has said something, or (`pictures`) images came, went or changed. */
  stale(pictures: boolean, _context: CallContext): void {
    said.stale(pictures)
  },
  async overview(files: SourceFiles, _context: CallContext): Promise<MatchOverview> {
    return overviewOf(await book.view(files, said.now), files.verified !== null)
  },
  async queries(files: SourceFiles, filter: QueryFilter, order: QueryOrder, _context: CallContext): Promise<Transferred<Int32Array>> {
    const byPath = filter.text || order === 'path' ? images.view(filter.text ? { text: filter.text } : {}, 'path').ids : null
    const ids = listQueries(await book.view(files, said.now), filter, order, byPath)
    return new Transferred(ids, [ids.buffer as ArrayBuffer])
  },
  async facts(files: SourceFiles, ids: readonly number[], _context: CallContext): Promise<QueryFacts[]> {
    const view = await book.view(files, said.now)
    const { index, truth, inliersOf } = view
    const decisions = decisionsOf(view)
    return ids.map((imageId) => {
      const [from, to] = index.range(imageId)
      const best = bestOf(index, imageId)
      return {
        imageId, candidates: to - from, best: best === null ? null : { imageId: best, score: index.scores[from] as number }, second: to - from < 2 ? null : (index.scores[from + 1] as number),
        inliers: best === null ? null : inliersOf(imageId, best), decision: decisions.get(imageId) ?? null, truth: truthOf(truth, imageId, best)
      }
    })
  },
  async candidates(files: SourceFiles, query: number, limit: number, _context: CallContext): Promise<{ total: number; places: CandidatePlace[] }> {
    return await book.candidates(files, query, limit)
  },
  /** Row of a pair among the verified pairs of the run; -1 where it is none of them or has no inliers. */
  async verifiedRow(files: SourceFiles, a: number, b: number, _context: CallContext): Promise<number> {
    const evidence = await book.evidence(files)
    const at = evidence?.index.find(a, b) ?? -1
    const row = evidence && at >= 0 ? (evidence.index.rows[at] as number) : -1
    return row >= 0 && (evidence?.inliers[row] ?? 0) > 0 ? row : -1
  },
  async above(files: SourceFiles, minScore: number, minInliers: number | undefined, only: Int32Array | null, _context: CallContext): Promise<PairsAbove> {
    return pairsAbove(await book.view(files, said.now), minScore, minInliers, only)
  }
}
type Unwrapped<R> = R extends Promise<Transferred<infer T>> ? Promise<T> : R
/** As its caller sees it: what was moved arrives as itself. */
export type MatchesThread = { readonly [K in keyof typeof api]: (...args: Parameters<(typeof api)[K]>) => Unwrapped<ReturnType<(typeof api)[K]>> }

if (!parentPort) throw new Error('matches.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
