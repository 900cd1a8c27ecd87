/** The best k of what is offered: greater value first, then the smaller id, so that ties fall the same way every time. */
export class Ranking {
  /** k ids, -1 where there are fewer. */
  readonly ids: Int32Array
  readonly values: Float32Array
  readonly #k: number
  #size = 0

  constructor(k: number) {
    this.#k = k
    this.ids = new Int32Array(k)
    this.values = new Float32Array(k)
    this.clear()
  }

  clear(): void {
    this.#size = 0
    this.ids.fill(-1)
    this.values.fill(0)
  }

  /** The value of the k-th, -Infinity while there are fewer. */
  get least(): number {
    return this.#size < this.#k ? -Infinity : (this.values[this.#k - 1] as number)
  }

  offer(value: number, id: number): void {
    const { ids, values } = this
    let at = this.#size
    if (at === this.#k) {
      if (this.#k === 0 || !before(value, id, values[at - 1] as number, ids[at - 1] as number)) return
      at--
    } else this.#size++
    while (at > 0 && before(value, id, values[at - 1] as number, ids[at - 1] as number)) {
      values[at] = values[at - 1] as number
      ids[at] = ids[at - 1] as number
      at--
    }
    values[at] = value
    ids[at] = id
  }
}

const before = (value: number, id: number, otherValue: number, otherId: number): boolean => value > otherValue || (value === otherValue && id < otherId)
