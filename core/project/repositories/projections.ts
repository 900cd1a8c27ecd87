import type { Database, Statement } from 'better-sqlite3'
import type { Key } from '../../review/changeTable.ts'
import type { FacetName, Value, Values } from '../../review/facets.ts'

/** What stands now: the record, and the act it came from where the facet names it. */
export interface Standing {
  readonly values: Values
  readonly actId: number | null
}

/** The tables that follow from the log, read and written record by record. All calls belong inside the transaction of an act. */
export class Projections {
  readonly #db: Database
  readonly #prepared = new Map<string, Statement>()

  constructor(db: Database) {
    this.#db = db
  }

  /** The record of `key`; null where its image or class is not in the project (any more). */
  read(facet: FacetName, key: Key): Standing | null {
    if (typeof key !== 'number') {
      const row = this.#raw('SELECT value, act_id FROM relation WHERE hash_a = ? AND hash_b = ?', ...key)
      return row ? { values: [row[0] ?? null], actId: row[1] as number } : { values: [null], actId: null }
    }
    const row = this.#raw(selects[facet], key)
    if (!row) return null
    const { signed } = shapes[facet]
    return { values: signed ? row.slice(1) : row, actId: signed ? (row[0] as number | null) : null }
  }

  /** Sets the record, or removes it where its first column is null. Returns false, changing nothing, where the image or class has gone. */
  write(facet: FacetName, key: Key, values: Values, actId: number | null): boolean {
    if (typeof key !== 'number') {
      if (values[0] === null) this.#run('DELETE FROM relation WHERE hash_a = ? AND hash_b = ?', ...key)
      else this.#run('INSERT OR REPLACE INTO relation (hash_a, hash_b, value, act_id) VALUES (?, ?, ?, ?)', ...key, values[0] ?? null, actId)
      return true
    }
    const { table, columns, signed } = shapes[facet]
    if (!signed) return this.#run(updates[facet], ...values, key) > 0
    if (values[0] === null) {
      this.#run(`DELETE FROM ${table} WHERE image_id = ?`, key)
      return this.#raw('SELECT 1 FROM image WHERE id = ?', key) !== undefined
    }
    const stored = facet === 'pin' ? [] : values
    const names = facet === 'pin' ? '' : `, ${columns.join(', ')}`
    const marks = '?, '.repeat(stored.length + 2).slice(0, -2)
    return this.#run(`INSERT OR REPLACE INTO ${table} (image_id, act_id${names}) SELECT ${marks} WHERE EXISTS (SELECT 1 FROM image WHERE id = ?)`, key, actId, ...stored, key) > 0
  }

  #raw(sql: string, ...values: (Value | Buffer)[]): Value[] | undefined {
    return this.#statement(sql).raw().get(...values) as Value[] | undefined
  }

  #run(sql: string, ...values: (Value | Buffer)[]): number {
    return this.#statement(sql).run(...values).changes
  }

  #statement(sql: string): Statement {
    let statement = this.#prepared.get(sql)
    if (!statement) {
      statement = this.#db.prepare(sql)
      this.#prepared.set(sql, statement)
    }
    return statement
  }
}

interface Shape {
  readonly table: string
  readonly columns: readonly string[]
  readonly signed: boolean
}

type Keyed = Exclude<FacetName, 'relation'>
const image = (column: string): Shape => ({ table: 'image', columns: [column], signed: false })
const keyed: Readonly<Record<Keyed, Shape>> = {
  verdict: { table: 'verdict', columns: ['value', 'reason', 'keeper_id', 'similarity'], signed: true },
  label: { table: 'label', columns: ['state', 'class_id', 'source', 'run_id', 'score'], signed: true },
  pin: { table: 'pin', columns: ['1'], signed: true },
  role: image('role'),
  protected: image('protected'),
  identity: image('identity'),
  fold: image('fold'),
  class: { table: 'class', columns: ['name', 'merged_into', 'removed'], signed: false }
}
const shapes: Readonly<Record<FacetName, Shape>> = { ...keyed, relation: { table: 'relation', columns: ['value'], signed: true } }

const selectOf = ({ table, columns, signed }: Shape): string => {
  if (!signed) return `SELECT ${columns.join(', ')} FROM ${table} WHERE id = ?`
  const own = columns.map((column) => (column === '1' ? `CASE WHEN ${table}.image_id IS NULL THEN NULL ELSE 1 END` : `${table}.${column}`))
  return `SELECT ${table}.act_id, ${own.join(', ')} FROM image LEFT JOIN ${table} ON ${table}.image_id = image.id WHERE image.id = ?`
}
const updateOf = ({ table, columns }: Shape): string => `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`
const byFacet = (make: (shape: Shape) => string): Readonly<Record<FacetName, string>> =>
  Object.fromEntries(Object.entries(shapes).map(([facet, shape]) => [facet, make(shape)])) as Record<FacetName, string>
const selects = byFacet(selectOf)
const updates = byFacet(updateOf)
