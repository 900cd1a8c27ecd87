/**
 * Items waiting to be taken, best first: the greater score, then the one that came earlier. Each item stands in it once; a better score moves it up
 * and leaves its place among equals. Items are 0..n-1; `clear` costs what was used, not n. All steps O(log waiting).
 */
export class Frontier {
  #size = 0
  #arrivals = 0
  readonly #heap: Int32Array
  /** Place in the heap + 1; 0: not met, -1: taken. */
  readonly #place: Int32Array
  readonly #score: Float32Array
  readonly #arrival: Int32Array
  #met: Int32Array = new Int32Array(1024)

  constructor(items: number) {
    this.#heap = new Int32Array(items)
    this.#place = new Int32Array(items)
    this.#score = new Float32Array(items)
    this.#arrival = new Int32Array(items)
  }

  get size(): number {
    return this.#size
  }

  /** The score of the next to be taken, -Infinity when nothing waits. */
  get best(): number {
    return this.#size === 0 ? -Infinity : (this.#score[this.#heap[0] as number] as number)
  }

  /** Lets an item wait with this score, or with the greater of this and what it has. Items that were taken stay taken. */
  offer(item: number, score: number): void {
    const place = this.#place[item] as number
    if (place < 0) return
    if (place > 0) {
      if (score <= (this.#score[item] as number)) return
      this.#score[item] = score
      this.#up(place - 1)
      return
    }
    if (this.#arrivals === this.#met.length) {
      const longer = new Int32Array(this.#met.length * 2)
      longer.set(this.#met)
      this.#met = longer
    }
    this.#met[this.#arrivals] = item
    this.#score[item] = score
    this.#arrival[item] = this.#arrivals++
    this.#put(this.#size++, item)
    this.#up(this.#size - 1)
  }

  /** Takes the best item, -1 when nothing waits. */
  take(): number {
    if (this.#size === 0) return -1
    const item = this.#heap[0] as number
    this.#place[item] = -1
    const last = this.#heap[--this.#size] as number
    if (this.#size > 0) {
      this.#put(0, last)
      this.#down()
    }
    return item
  }

  clear(): void {
    for (let i = 0; i < this.#arrivals; i++) this.#place[this.#met[i] as number] = 0
    this.#size = 0
    this.#arrivals = 0
  }

  #leads(a: number, b: number): boolean {
    const difference = (this.#score[a] as number) - (this.#score[b] as number)
    return difference > 0 || (difference === 0 && (this.#arrival[a] as number) < (this.#arrival[b] as number))
  }

  #put(at: number, item: number): void {
    this.#heap[at] = item
    this.#place[item] = at + 1
  }

  #up(start: number): void {
    let at = start
    const item = this.#heap[at] as number
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = this.#heap[parent] as number
      if (!this.#leads(item, above)) break
      this.#put(at, above)
      at = parent
    }
    this.#put(at, item)
  }

  #down(): void {
    let at = 0
    const item = this.#heap[0] as number
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#leads(this.#heap[child + 1] as number, this.#heap[child] as number)) child++
      const below = this.#heap[child] as number
      if (!this.#leads(below, item)) break
      this.#put(at, below)
      at = child
    }
    this.#put(at, item)
  }
}
