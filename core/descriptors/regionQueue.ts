/** The pair of neighbouring regions with the highest similarity; among equal ones the pair that was added last. */
export interface Neighbours {
  readonly a: number
  readonly b: number
}

/** Similarities between neighbouring regions: a heap whose entries of regions that are gone are skipped when they come up. */
export class SimilarityQueue {
  readonly #a: number[] = []
  readonly #b: number[] = []
  readonly #similarity: number[] = []
  readonly #gone: boolean[] = []
  /** Entries of each region, oldest first. */
  readonly #of = new Map<number, number[]>()
  readonly #heap: number[] = []

  /** How many pairs it has ever held. */
  get added(): number {
    return this.#similarity.length
  }

  add(a: number, b: number, similarity: number): void {
    const entry = this.#a.push(a) - 1
    this.#b.push(b)
    this.#similarity.push(similarity)
    this.#gone.push(false)
    for (const region of [a, b]) {
      const entries = this.#of.get(region)
      if (entries) entries.push(entry)
      else this.#of.set(region, [entry])
    }
    this.#rise(this.#heap.push(entry) - 1)
  }

  /** The pair to merge next; null when no neighbours are left. */
  best(): Neighbours | null {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (!this.#gone[top]) return { a: this.#a[top] as number, b: this.#b[top] as number }
      const last = this.#heap.pop() as number
      if (this.#heap.length > 0) {
        this.#heap[0] = last
        this.#sink()
      }
    }
    return null
  }

  /** Forgets two regions that were merged and returns their other neighbours, each once, in the order in which they became neighbours. */
  remove(a: number, b: number): number[] {
    const neighbours = new Set<number>()
    for (const entry of [...(this.#of.get(a) ?? []), ...(this.#of.get(b) ?? [])].sort((x, y) => x - y)) {
      if (this.#gone[entry]) continue
      this.#gone[entry] = true
      const one = this.#a[entry] as number
      const other = this.#b[entry] as number
      const neighbour = one === a || one === b ? other : one
      if (neighbour !== a && neighbour !== b) neighbours.add(neighbour)
    }
    this.#of.delete(a)
    this.#of.delete(b)
    return [...neighbours]
  }

  #before(x: number, y: number): boolean {
    const difference = (this.#similarity[x] as number) - (this.#similarity[y] as number)
    return difference === 0 ? x > y : difference > 0
  }

  #rise(start: number): void {
    const heap = this.#heap
    let at = start
    const entry = heap[at] as number
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(entry, heap[parent] as number)) break
      heap[at] = heap[parent] as number
      at = parent
    }
    heap[at] = entry
  }

  #sink(): void {
    const heap = this.#heap
    const entry = heap[0] as number
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#before(heap[child + 1] as number, heap[child] as number)) child++
      if (!this.#before(heap[child] as number, entry)) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = entry
  }
}
