/**
 * The best `count` of what is offered, for each of n queries, in flat arrays: a binary heap a query with the least similar on top, so that
 * an offer below it costs one comparison.
 */
export class CandidateHeap {
  readonly count: number
  readonly indices: Int32Array
  readonly #values: Float32Array
  readonly #sizes: Int32Array

  constructor(n: number, count: number) {
    this.count = count
    this.indices = new Int32Array(n * count).fill(-1)
    this.#values = new Float32Array(n * count)
    this.#sizes = new Int32Array(n)
  }

  /** Whether `value` would be taken now. */
  takes(query: number, value: number): boolean {
    return (this.#sizes[query] as number) < this.count || value > (this.#values[query * this.count] as number)
  }

  offer(query: number, index: number, value: number): void {
    const base = query * this.count
    const size = this.#sizes[query] as number
    if (size < this.count) {
      this.#sizes[query] = size + 1
      this.#up(base, size, index, value)
    } else if (value > (this.#values[base] as number)) this.#down(base, index, value)
  }

  /** The least similarity among what is held where it is full, else -Infinity. */
  bound(query: number): number {
    return (this.#sizes[query] as number) < this.count ? -Infinity : (this.#values[query * this.count] as number)
  }

  #up(base: number, start: number, index: number, value: number): void {
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((this.#values[base + parent] as number) <= value) break
      this.#put(base + at, this.indices[base + parent] as number, this.#values[base + parent] as number)
      at = parent
    }
    this.#put(base + at, index, value)
  }

  #down(base: number, index: number, value: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.count) break
      if (child + 1 < this.count && (this.#values[base + child + 1] as number) < (this.#values[base + child] as number)) child++
      if ((this.#values[base + child] as number) >= value) break
      this.#put(base + at, this.indices[base + child] as number, this.#values[base + child] as number)
      at = child
    }
    this.#put(base + at, index, value)
  }

  #put(at: number, index: number, value: number): void {
    this.indices[at] = index
    this.#values[at] = value
  }
}
