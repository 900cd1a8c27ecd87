/**
 * The best k of what is offered, greater score first, then the smaller id: a binary heap with the worst on top, so that an offer costs O(log k) and lists as
 * long as the gallery are no trouble (core/search/ranking.ts inserts, which suits short lists).
 */
export class BestOf {
  readonly #k: number
  readonly #ids: Int32Array
  readonly #scores: Float32Array
  #size = 0

  constructor(k: number) {
    this.#k = k
    this.#ids = new Int32Array(k)
    this.#scores = new Float32Array(k)
  }

  get full(): boolean {
    return this.#size === this.#k
  }

  /** Scores are compared as float32. */
  offer(id: number, score: number): void {
    const value = Math.fround(score)
    if (this.#size < this.#k) {
      let at = this.#size++
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (this.#worse(this.#ids[parent] as number, this.#scores[parent] as number, id, value)) break
        this.#move(parent, at)
        at = parent
      }
      this.#put(at, id, value)
    } else if (this.#k > 0 && this.#worse(this.#ids[0] as number, this.#scores[0] as number, id, value)) this.#sink(id, value)
  }

  /** Writes what is held to `at`.. of the lists, best first, and is empty then. Says how many there were. */
  drain(ids: Int32Array, scores: Float32Array, at: number): number {
    const count = this.#size
    while (this.#size > 0) {
      const to = at + this.#size - 1
      ids[to] = this.#ids[0] as number
      scores[to] = this.#scores[0] as number
      this.#size--
      if (this.#size > 0) this.#sink(this.#ids[this.#size] as number, this.#scores[this.#size] as number)
    }
    return count
  }

  #worse(id: number, score: number, otherId: number, otherScore: number): boolean {
    return score < otherScore || (score === otherScore && id > otherId)
  }

  /** Puts an entry in the root's stead. */
  #sink(id: number, score: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#worse(this.#ids[child + 1] as number, this.#scores[child + 1] as number, this.#ids[child] as number, this.#scores[child] as number)) child++
      if (!this.#worse(this.#ids[child] as number, this.#scores[child] as number, id, score)) break
      this.#move(child, at)
      at = child
    }
    this.#put(at, id, score)
  }

  #move(from: number, to: number): void {
    this.#ids[to] = this.#ids[from] as number
    this.#scores[to] = this.#scores[from] as number
  }

  #put(at: number, id: number, score: number): void {
    this.#ids[at] = id
    this.#scores[at] = score
  }
}
