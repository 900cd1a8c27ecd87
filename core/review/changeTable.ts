import { Column } from './columns.ts'
import { facets, type FacetName, type Value, type Values } from './facets.ts'

/** Image and class facets are keyed by id, relations by two content hashes in order. */
export type Key = number | readonly [Buffer, Buffer]

/** The rows of one facet that an act changed: for each key the record before and after, column by column. */
export class ChangeTable {
  readonly facet: FacetName
  /** Ids, or for relations two places in `hashes` a row. */
  keys: Int32Array<ArrayBuffer>
  readonly hashes: Buffer[] = []
  readonly before: readonly Column[]
  readonly after: readonly Column[]
  /** The act that each record before came from; null for facets that do not name theirs. */
  readonly beforeAct: Column | null
  rows = 0
  readonly #places = new Map<string, number>()

  constructor(facet: FacetName, capacity = 16) {
    const { columns, signed, key } = facets[facet]
    this.facet = facet
    this.keys = new Int32Array(capacity * (key === 'pair' ? 2 : 1))
    this.before = columns.map((kind) => new Column(kind, capacity))
    this.after = columns.map((kind) => new Column(kind, capacity))
    this.beforeAct = signed ? new Column('int', capacity) : null
  }

  get width(): 1 | 2 {
    return facets[this.facet].key === 'pair' ? 2 : 1
  }

  /** Adds a row; a record that stays the same is not a change and is left out (returns false). */
  add(key: Key, before: Values, beforeAct: number | null, after: Values): boolean {
    if (before.every((value, i) => Object.is(value, after[i] ?? null))) return false
    const start = this.rows * this.width
    if (start === this.keys.length) {
      const keys = new Int32Array(this.keys.length * 2)
      keys.set(this.keys)
      this.keys = keys
    }
    if (typeof key === 'number') this.keys[start] = key
    else {
      this.keys[start] = this.#place(key[0])
      this.keys[start + 1] = this.#place(key[1])
    }
    this.before.forEach((column, i) => column.push(before[i] ?? null))
    this.after.forEach((column, i) => column.push(after[i] ?? null))
    this.beforeAct?.push(beforeAct)
    this.rows++
    return true
  }

  keyAt(row: number): Key {
    if (this.width === 1) return this.keys[row] ?? 0
    const hash = (place: number | undefined): Buffer => {
      const found = this.hashes[place ?? -1]
      if (!found) throw new RangeError('a pair names a hash that is not in the table')
      return found
    }
    return [hash(this.keys[2 * row]), hash(this.keys[2 * row + 1])]
  }

  beforeAt(row: number): Value[] {
    return this.before.map((column) => column.get(row))
  }

  afterAt(row: number): Value[] {
    return this.after.map((column) => column.get(row))
  }

  #place(hash: Buffer): number {
    const name = hash.toString('latin1')
    let place = this.#places.get(name)
    if (place === undefined) {
      place = this.hashes.push(hash) - 1
      this.#places.set(name, place)
    }
    return place
  }
}
