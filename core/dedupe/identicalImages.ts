import { rootOf, separate, unite } from '../domain/unionFind.ts'

/** Words (32 bits each) of a hash that are compared: 128 bits, so that a chance collision is out of the question. */
export const hashWords = 4

/** Finds rows by hash: open addressing over `hashWords` words a row. A row of zeros stands for "no hash" and is found by nobody. */
export class HashTable {
  readonly #words: Uint32Array
  readonly #slots: Int32Array
  readonly #mask: number
  /** next[i]: the following row with the same hash, or -1. */
  readonly next: Int32Array

  constructor(words: Uint32Array) {
    const rows = words.length / hashWords
    let size = 16
    while (size < rows * 2) size *= 2
    this.#words = words
    this.#mask = size - 1
    this.#slots = new Int32Array(size).fill(-1)
    this.next = new Int32Array(rows).fill(-1)
    // From the last to the first, so that the chain of a hash runs upwards.
    for (let row = rows - 1; row >= 0; row--) {
      if (isNone(words, row)) continue
      const slot = this.#slotOf(words, row)
      this.next[row] = this.#slots[slot] as number
      this.#slots[slot] = row
    }
  }

  /** The first row with this hash (`hashWords` words), or -1. */
  first(hash: Uint32Array): number {
    return isNone(hash, 0) ? -1 : (this.#slots[this.#slotOf(hash, 0)] as number)
  }

  #slotOf(hash: Uint32Array, row: number): number {
    const at = row * hashWords
    for (let slot = (hash[at] as number) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const there = this.#slots[slot] as number
      if (there < 0 || sameHash(this.#words, there, hash, row)) return slot
    }
  }
}

const isNone = (words: Uint32Array, row: number): boolean => {
  for (let i = row * hashWords; i < (row + 1) * hashWords; i++) if (words[i] !== 0) return false
  return true
}

export function sameHash(words: Uint32Array, row: number, others: Uint32Array, other: number): boolean {
  for (let i = 0; i < hashWords; i++) if (words[row * hashWords + i] !== others[other * hashWords + i]) return false
  return true
}

/** For each row the first row of its class: rows with the same bytes or the same pixels are one class. */
export function identicalClasses(shas: HashTable, pixels: HashTable, rows: number): Int32Array {
  const parent = separate(rows)
  for (const { next } of [shas, pixels]) for (let row = 0; row < rows; row++) if ((next[row] as number) >= 0) unite(parent, row, next[row] as number)
  for (let row = 0; row < rows; row++) parent[row] = rootOf(parent, row)
  return parent
}
