/** The vote, away from the engine's loop: holds who may vote and who is whose duplicate, and counts votes chunk by chunk. */
import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { VectorFile } from '../search/vectorFile.ts'
import type { VectorSource } from '../search/vectorSource.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { evenly, exemplarsOf } from './exemplars.ts'
import { familiesOf, type ImageGroups } from './families.ts'
import { type Electorate, knnVote, unfinishedQueries, type VoteNeighbours, type VoteSettings, type Votes } from './knnVote.ts'

export interface ElectorateSpec {
  /** Labelled images, and the class of each; only those among `embedded` can be neighbours and count. */
  readonly labelled: { readonly imageIds: Int32Array; readonly classIds: Int32Array }
  readonly embedded: Int32Array
  readonly duplicates: readonly ImageGroups[]
  readonly queries: Int32Array
}

export interface VoteReply {
  readonly votes: Votes
  /** Places of queries that need more neighbours than they were given. */
  readonly unfinished: readonly number[]
}

const exemplarCount = 3
/** Vectors read in all to find exemplars: beyond, a few of each class have to do. */
const mostSampled = 50_000

let electorate: Electorate | null = null
const held = (): Electorate => {
  if (!electorate) throw new Error('The electorate has not been set.')
  return electorate
}

const api = {
  /** Returns how many classes vote, and a fingerprint: the same for the same voters, duplicates and queries. */
  begin({ labelled, embedded, duplicates, queries }: ElectorateSpec, _context: CallContext): { classes: number; fingerprint: string } {
    const classOf = new Map<number, number>()
    labelled.imageIds.forEach((id, i) => void classOf.set(id, labelled.classIds[i] ?? 0))
    const voters = { imageIds: embedded, classIds: embedded.map((id) => classOf.get(id) ?? 0) }
    const mostId = [voters.imageIds, queries].reduce((most, ids) => ids.reduce((a, b) => Math.max(a, b), most), 0)
    const classIds = Int32Array.from(new Set(voters.classIds)).sort()
    const placeOf = new Map([...classIds].map((id, place) => [id, place]))
    const classPlaceOf = new Int32Array(mostId + 1)
    const classSizes = new Int32Array(classIds.length)
    voters.imageIds.forEach((id, i) => {
      const place = placeOf.get(voters.classIds[i] ?? -1) ?? 0
      classPlaceOf[id] = place + 1
      classSizes[place] = (classSizes[place] ?? 0) + 1
    })
    electorate = { classIds, classSizes, classPlaceOf, familyOf: familiesOf(duplicates, mostId) }
    const hash = createHash('sha256')
    for (const part of [voters.imageIds, voters.classIds, electorate.familyOf, queries]) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)).update(':')
    return { classes: classIds.length, fingerprint: hash.digest('hex') }
  },

  vote(neighbours: VoteNeighbours, settings: VoteSettings, _context: CallContext): VoteReply {
    const votes = knnVote(neighbours, held(), settings)
    return { votes, unfinished: unfinishedQueries(neighbours, votes, settings.k) }
  },

  /** Up to three images for each class, from a sample of its voters spread evenly over them. */
  async exemplars(source: VectorSource, _context: CallContext): Promise<[classId: number, imageIds: number[]][]> {
    const { classIds, classPlaceOf } = held()
    const rowsOf: number[][] = Array.from(classIds, () => [])
    source.imageIds.forEach((id, i) => void rowsOf[(classPlaceOf[id] ?? 0) - 1]?.push(i))
    const most = Math.min(32, Math.floor(mostSampled / Math.max(1, classIds.length)))
    const file = await VectorFile.open(source.file, { dim: source.dim, dtype: source.dtype, readOnly: true })
    try {
      const found: [number, number[]][] = []
      for (const [place, rows] of rowsOf.entries()) {
        const sample = evenly(rows.length, Math.max(most, exemplarCount)).map((i) => rows[i] ?? 0)
        const imageIds = Int32Array.from(sample, (i) => source.imageIds[i] ?? 0)
        const classId = classIds[place] ?? 0
        if (sample.length <= exemplarCount || most <= exemplarCount) {
          found.push([classId, [...imageIds.subarray(0, exemplarCount)]])
          continue
        }
        const vectors = new Float32Array(sample.length * source.dim)
        for (const [row, i] of sample.entries()) vectors.set(await file.read(source.rows[i] ?? 0, 1), row * source.dim)
        found.push([classId, exemplarsOf({ imageIds, vectors, dim: source.dim }, exemplarCount)])
      }
      return found
    } finally {
      await file.close()
    }
  }
}
export type VoteThread = typeof api

if (!parentPort) throw new Error('vote.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
