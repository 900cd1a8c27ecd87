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

interface Entries {
  readonly count: number
  readonly query: (row: number) => number
  readonly reference: (row: number) => number
  readonly score: (row: number) => number
  readonly queryPart: (row: number) => number
  readonly referencePart: (row: number) => number
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

  private constructor(queries: Int32Array, offsets: Int32Array, entries: Entries, kept: Int32Array) {
    this.queries = queries
    this.offsets = offsets
    this.references = kept.map((row) => entries.reference(row))
    this.scores = Float32Array.from(kept, (row) => finite(entries.score(row)))
    this.queryParts = Int16Array.from(kept, (row) => entries.queryPart(row))
    this.referenceParts = Int16Array.from(kept, (row) => entries.referencePart(row))
    this.rows = kept
  }

  /** Pairs come best first. */
  static ofPairs({ a, aParts, b, bParts, scores }: Pairs): PairIndex {
    return PairIndex.#build({ count: a.length, query: (i) => a[i] as number, reference: (i) => b[i] as number, score: (i) => scores[i] as number, queryPart: (i) => aParts[i] as number, referencePart: (i) => bParts[i] as number }, false)
  }

  /** A list keeps its order; the lists of several parts of one query are merged by score. */
  static ofLists({ queries, queryParts, k, references, referenceParts, scores }: Lists): PairIndex {
    const list = (i: number): number => Math.floor(i / k)
    return PairIndex.#build({
      count: references.length, query: (i) => queries[list(i)] as number, reference: (i) => references[i] as number, score: (i) => scores[i] as number,
      queryPart: (i) => queryParts[list(i)] as number, referencePart: (i) => referenceParts[i] as number
    }, new Set(queries).size < queries.length)
  }

  static #build(entries: Entries, sort: boolean): PairIndex {
    const { count, query, reference, score } = entries
    const counts = new Map<number, number>()
    const counted = (row: number): boolean => reference(row) >= 0 && reference(row) !== query(row) && !Number.isNaN(score(row))
    let most = 0
    for (let row = 0; row < count; row++) {
      if (!counted(row)) continue
      counts.set(query(row), (counts.get(query(row)) ?? 0) + 1)
      most = Math.max(most, reference(row))
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
    for (let row = 0; row < count; row++) {
      if (!counted(row)) continue
      const at = positions.get(query(row)) as number
      rows[next[at] as number] = row
      next[at] = (next[at] as number) + 1
    }
    // The query in which a reference was met last: each counts once for a query.
    const metIn = new Int32Array(most + 1).fill(-1)
    const offsets = new Int32Array(queries.length + 1)
    let kept = 0
    for (let at = 0; at < queries.length; at++) {
      const own = rows.slice(starts[at], starts[at + 1])
      if (sort) own.sort((x, y) => score(y) - score(x) || x - y)
      for (const row of own) {
        if (metIn[reference(row)] === at) continue
        metIn[reference(row)] = at
        rows[kept++] = row
      }
      offsets[at + 1] = kept
    }
    return new PairIndex(queries, offsets, entries, rows.slice(0, kept))
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
