const empty = -1

/** Bits of both numbers well mixed (after MurmurHash3's finaliser). */
const mixed = (a: number, b: number): number => {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b ^ (b >>> 15), 0x85ebca77)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const tableFor = (count: number): Int32Array => new Int32Array(2 ** Math.max(4, Math.ceil(Math.log2(count * 2 + 1)))).fill(empty)

/** Where a pair of ids stands in two parallel columns. Open addressing over typed arrays: ten million pairs take 130 MB, not a gigabyte. */
export class PairIndex {
  readonly #a: Int32Array
  readonly #b: Int32Array
  readonly #table: Int32Array
  /** How many pairs repeat an earlier one. */
  readonly repeated: number
  /** The position of the first pair that repeats an earlier one, -1 if none does. */
  readonly firstRepeat: number

  /** Keeps the columns, does not copy them. */
  constructor(a: Int32Array, b: Int32Array) {
    if (a.length !== b.length) throw new RangeError(`${a.length} first ids stand beside ${b.length} second ids.`)
    this.#a = a
    this.#b = b
    this.#table = tableFor(a.length)
    let repeated = 0
    let firstRepeat = -1
    for (let i = 0; i < a.length; i++) {
      const slot = this.#slot(a[i] as number, b[i] as number)
      if (this.#table[slot] === empty) this.#table[slot] = i
      else {
        repeated++
        if (firstRepeat < 0) firstRepeat = i
      }
    }
    this.repeated = repeated
    this.firstRepeat = firstRepeat
  }

  /** The position of the first such pair, -1 where there is none. */
  find(a: number, b: number): number {
    return this.#table[this.#slot(a, b)] as number
  }

  #slot(a: number, b: number): number {
    const table = this.#table
    const mask = table.length - 1
    let slot = mixed(a, b) & mask
    for (let at = table[slot] as number; at !== empty; at = table[slot] as number) {
      if (this.#a[at] === a && this.#b[at] === b) break
      slot = (slot + 1) & mask
    }
    return slot
  }
}

/** Where an id stands in a column of ids. */
export class IntIndex {
  readonly #pairs: PairIndex
  readonly repeated: number
  constructor(ids: Int32Array) {
    this.#pairs = new PairIndex(ids, ids)
    this.repeated = this.#pairs.repeated
  }

  /** The position of the first such id, -1 where there is none. */
  find(id: number): number {
    return this.#pairs.find(id, id)
  }
}
