/** The `count` references that an engine holds for most similar, per query. */
export interface Candidates {
  readonly count: number
  /** n x count reference indices; -1 where there are fewer references than `count`. In no particular order. */
  readonly indices: Int32Array
  /** n: no reference that is not listed has, by the engine's own arithmetic, more than this. -Infinity where all are listed. */
  readonly bounds: Float32Array
}

/** For query i the reference indices `indices[starts[i] .. starts[i + 1])`. */
export interface CandidateLists {
  readonly starts: Float64Array
  readonly indices: Int32Array
}

/**
 * Holds reference vectors of unit length and proposes candidates for queries (n x dim, row-major, unit length). Its similarities may be
 * off by up to `tolerance`; whoever asks scores the candidates again (see neighbours.ts), so two engines give the same answer.
 */
export interface VectorIndex {
  readonly provider: string
  readonly tolerance: number
  /** Whether `within` costs no more than `nearest`. */
  readonly withinIsCheap: boolean
  nearest(queries: Float32Array, n: number, count: number, signal: AbortSignal): Promise<Candidates>
  /** All references of index >= from whose similarity to query i is at least floors[i]. Throws TooManyCandidates beyond `limit` of them. */
  within(queries: Float32Array, n: number, floors: Float32Array, options: { from: number; limit: number }, signal: AbortSignal): Promise<CandidateLists>
  /** Bytes that the engine's library has taken and cannot give back: beyond a bound its process is replaced. */
  readonly leakedBytes: number
  close(): Promise<void>
}

/** More pairs than fit in memory at once: ask for fewer queries. */
export class TooManyCandidates extends Error {
  constructor(limit: number) {
    super(`More than ${limit} candidates at once.`)
    this.name = 'TooManyCandidates'
  }
}

/** Lets messages in (an abort among them) and throws the signal's reason where it was aborted. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve))
  signal.throwIfAborted()
}
