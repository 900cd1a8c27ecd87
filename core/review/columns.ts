import type { ColumnKind, Value } from './facets.ts'

const nullInt = -2147483648

/** A growing column of one kind. Texts are kept once each, in a dictionary: 900,000 equal reasons cost 3.6 MB, not 90. */
export class Column {
  readonly kind: ColumnKind
  /** text: 0 for null, else 1 + place in the dictionary; int: the number, or -2^31 for null. */
  ints: Int32Array<ArrayBuffer>
  /** real: the number, NaN for null; empty for the other kinds. */
  reals: Float64Array<ArrayBuffer>
  readonly dictionary: string[] = []
  readonly #places = new Map<string, number>()
  length = 0

  constructor(kind: ColumnKind, capacity = 16) {
    this.kind = kind
    this.ints = new Int32Array(kind === 'real' ? 0 : capacity)
    this.reals = new Float64Array(kind === 'real' ? capacity : 0)
  }

  /** Throws RangeError for a value that is not of the column's kind. */
  push(value: Value): void {
    if (this.length === (this.kind === 'real' ? this.reals : this.ints).length) this.#grow()
    const row = this.length++
    if (this.kind === 'real') this.reals[row] = value === null ? NaN : number(value)
    else if (this.kind === 'int') this.ints[row] = value === null ? nullInt : int(value)
    else this.ints[row] = value === null ? 0 : this.#place(text(value))
  }

  get(row: number): Value {
    if (this.kind === 'real') {
      const real = this.reals[row] ?? NaN
      return Number.isNaN(real) ? null : real
    }
    const value = this.ints[row] ?? 0
    if (this.kind === 'int') return value === nullInt ? null : value
    return value === 0 ? null : (this.dictionary[value - 1] ?? null)
  }

  /** Whether every row holds the same value. */
  get constant(): boolean {
    const first = this.get(0)
    if (this.kind === 'real') return this.reals.subarray(0, this.length).every((real) => Object.is(real, first ?? NaN))
    const place = this.ints[0]
    return this.ints.subarray(0, this.length).every((value) => value === place)
  }

  #place(value: string): number {
    let place = this.#places.get(value)
    if (place === undefined) {
      place = this.dictionary.push(value)
      this.#places.set(value, place)
    }
    return place
  }

  #grow(): void {
    if (this.kind === 'real') {
      const reals = new Float64Array(this.reals.length * 2)
      reals.set(this.reals)
      this.reals = reals
    } else {
      const ints = new Int32Array(this.ints.length * 2)
      ints.set(this.ints)
      this.ints = ints
    }
  }
}

const number = (value: Value): number => {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new RangeError(`${String(value)} is not a number`)
  return value
}
const int = (value: Value): number => {
  if (typeof value !== 'number' || (value | 0) !== value || value === nullInt) throw new RangeError(`${String(value)} is not a 32-bit integer`)
  return value
}
const text = (value: Value): string => {
  if (typeof value !== 'string') throw new RangeError(`${String(value)} is not a text`)
  return value
}
