import type { Lists, Pairs } from '../recipes/kinds.ts'

/** A reference of a query, as a step of a run has it. */
export interface Place {
  readonly reference: number
  readonly score: number
  readonly queryPart: number
  readonly referencePart: number
  /** Of the artefact's columns: entry of a list, or row of the pairs. */
  readonly row: number
}

/** Rows as columns. Entry i is of query i / k: one for each row of pairs, k for each list. */
interface Entries {
  readonly k: number
  readonly queries: Int32Array
  readonly queryParts: Int32Array
  readonly references: Int32Array
  readonly referenceParts: Int32Array
  readonly scores: Float32Array
}

/**
 * Pairs of images by their query. Each reference stands once for a query, with its best entry (parts of images are entries of their own);
 * entries of an image with itself and without a score are left out. References keep the order of their step, which is its ranking.
 */
export class PairIndex {
  /** Ascending. */
  readonly queries: Int32Array
  /** Query i has the places offsets[i] up to (not with) offsets[i + 1], the best first. */
  readonly offsets: Int32Array
  readonly references: Int32Array
  readonly scores: Float32Array
  readonly queryParts: Int16Array
  readonly referenceParts: Int16Array
  readonly rows: Int32Array

  /** `kept`: entries by query, the best first. Plain loops: tables of millions are built while somebody waits. */
  private constructor(queries: Int32Array, offsets: Int32Array, entries: Entries, kept: Int32Array) {
    const count = kept.length
    this.queries = queries
    this.offsets = offsets
    this.references = new Int32Array(count)
    this.scores = new Float32Array(count)
    this.queryParts = new Int16Array(count)
    this.referenceParts = new Int16Array(count)
    this.rows = kept
    for (let at = 0; at < count; at++) {
      const row = kept[at] as number
      this.references[at] = entries.references[row] as number
      this.referenceParts[at] = entries.referenceParts[row] as number
      this.queryParts[at] = entries.queryParts[Math.floor(row / entries.k)] as number
      this.scores[at] = finite(entries.scores[row] as number)
    }
  }

  /** Pairs come best first. */
  static ofPairs({ a, aParts, b, bParts, scores }: Pairs): PairIndex {
    return PairIndex.#build({ k: 1, queries: a, queryParts: aParts, references: b, referenceParts: bParts, scores }, false)
  }

  /** A list keeps its order; the lists of several parts of one query are merged by score. */
  static ofLists(lists: Lists): PairIndex {
    return PairIndex.#build({ ...lists, k: Math.max(1, lists.k) }, new Set(lists.queries).size < lists.queries.length)
  }

  static #build(entries: Entries, sort: boolean): PairIndex {
    const { k, queries: queryOf, references, scores } = entries
    const counts = new Map<number, number>()
    let most = 0
    // Entries that count, by query: how many first, then which.
    const counted = new Uint8Array(references.length)
    for (let row = 0; row < references.length; row++) {
      const [query, reference, score] = [queryOf[Math.floor(row / k)] as number, references[row] as number, scores[row] as number]
      if (reference < 0 || reference === query || score !== score) continue
      counted[row] = 1
      counts.set(query, (counts.get(query) ?? 0) + 1)
      if (reference > most) most = reference
    }
    const queries = Int32Array.from(counts.keys()).sort()
    const positions = new Map<number, number>()
    const starts = new Int32Array(queries.length + 1)
    queries.forEach((id, at) => {
      positions.set(id, at)
      starts[at + 1] = (starts[at] as number) + (counts.get(id) as number)
    })
    const rows = new Int32Array(starts.at(-1) ?? 0)
    const next = starts.slice()
    for (let row = 0; row < references.length; row++) {
      if (counted[row] === 0) continue
      const at = positions.get(queryOf[Math.floor(row / k)] as number) as number
      rows[next[at] as number] = row
      next[at] = (next[at] as number) + 1
    }
    // The query in which a reference was met last: each counts once for a query.
    const metIn = new Int32Array(most + 1).fill(-1)
    const offsets = new Int32Array(queries.length + 1)
    const kept = new Int32Array(rows.length)
    let count = 0
    for (let at = 0; at < queries.length; at++) {
      const own = rows.subarray(starts[at], starts[at + 1])
      if (sort) own.sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)
      for (let i = 0; i < own.length; i++) {
        const row = own[i] as number
        const reference = references[row] as number
        if (metIn[reference] === at) continue
        metIn[reference] = at
        kept[count++] = row
      }
      offsets[at + 1] = count
    }
    return new PairIndex(queries, offsets, entries, kept.slice(0, count))
  }

  /** Where a query's places are; empty where it has none. */
  range(query: number): readonly [from: number, to: number] {
    const at = this.#position(query)
    return at < 0 ? [0, 0] : [this.offsets[at] as number, this.offsets[at + 1] as number]
  }

  /** The place of a pair, -1 where it is not there. */
  find(query: number, reference: number): number {
    const [from, to] = this.range(query)
    const at = this.references.subarray(from, to).indexOf(reference)
    return at < 0 ? -1 : from + at
  }

  place(at: number): Place {
    return {
      reference: this.references[at] as number, score: this.scores[at] as number, queryPart: this.queryParts[at] as number, referencePart: this.referenceParts[at] as number,
      row: this.rows[at] as number
    }
  }

  #position(query: number): number {
    let [low, high] = [0, this.queries.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.queries[middle] as number
      if (found === query) return middle
      if (found < query) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

/** A step may score with infinities; answers are JSON, which has none. */
const finite = (score: number): number => Math.max(-3.4e38, Math.min(3.4e38, score))
