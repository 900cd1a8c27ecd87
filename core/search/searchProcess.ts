import type { CallContext } from '../workers/channel.ts'
import { closePairs } from './closePairs.ts'
import { EdgeCollector, type Edges } from './edgeCollector.ts'
import { neighbours, type Neighbours } from './neighbours.ts'
import type { VectorIndex } from './vectorIndex.ts'
import { VectorRows } from './vectorRows.ts'
import type { VectorSource } from './vectorSource.ts'

/** Indexes kept open: a search by a person must not throw away the one that a job is using. */
const keptIndexes = 2

export interface KnnReply extends Neighbours {
  readonly leakedBytes: number
}
export interface EdgesReply extends Edges {
  /** What the floor was at the end: it rises when there would be more edges than the cap. */
  readonly floor: number
  readonly truncated: boolean
  readonly leakedBytes: number
}

/** What a search process serves: the same for every engine, which differ in how an index is opened. */
export const searchApi = (openIndex: (references: VectorRows) => Promise<VectorIndex>) => {
  const opened = new Map<string, { references: VectorRows; index: VectorIndex }>()
  const indexOf = (key: string) => {
    const found = opened.get(key)
    if (!found) throw new Error(`No index ${key} is open in this process.`)
    opened.delete(key)
    opened.set(key, found)
    return found
  }
  const dropOldest = async (): Promise<void> => {
    for (const [key, { references, index }] of opened) {
      if (opened.size < keptIndexes) return
      opened.delete(key)
      await index.close()
      await references.close()
    }
  }
  return {
    /** What computes in the index of this key, or null where it is not open. */
    held(key: string, _context: CallContext): string | null {
      return opened.get(key)?.index.provider ?? null
    },
    /** Reads the references and builds the index; returns what computes in it. */
    async open(key: string, source: VectorSource, _context: CallContext): Promise<string> {
      await dropOldest()
      const references = await VectorRows.open(source)
      try {
        const index = await openIndex(references)
        opened.set(key, { references, index })
        return index.provider
      } catch (error) {
        await references.close()
        throw error
      }
    },
    async knn(key: string, queries: VectorSource, k: number, excludeSelf: boolean, { signal }: CallContext): Promise<KnnReply> {
      const { references, index } = indexOf(key)
      const rows = await VectorRows.open(queries)
      try {
        const matrix = await rows.read(0, rows.count)
        const found = await neighbours(index, references, { matrix, imageIds: queries.imageIds }, { k, excludeSelf }, signal)
        return { ...found, leakedBytes: index.leakedBytes }
      } finally {
        await rows.close()
      }
    },
    async edges(key: string, from: number, to: number, floor: number, cap: number, { signal }: CallContext): Promise<EdgesReply> {
      const { references, index } = indexOf(key)
      const collector = new EdgeCollector(floor, cap)
      await closePairs(index, references, from, to, collector, signal)
      return { ...collector.take(), floor: collector.floor, truncated: collector.truncated, leakedBytes: index.leakedBytes }
    }
  }
}
export type SearchApi = ReturnType<typeof searchApi>
