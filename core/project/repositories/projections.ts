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
  readonly #facets: Readonly<Record<FacetName, Access>>
  readonly #imageExists: Statement

  constructor(db: Database) {
    const access = Object.entries(shapes).map(([facet, shape]) => [facet, accessTo(db, shape)])
    this.#facets = Object.fromEntries(access) as Record<FacetName, Access>
    this.#imageExists = db.prepare('SELECT 1 FROM image WHERE id = ?').pluck()
  }

  /** The record of `key`; null where its image or class is not in the project (any more). */
  read(facet: FacetName, key: Key): Standing | null {
    const { signed, columns, of } = shapes[facet]
    const row = this.#facets[facet].select.get(...keyValues(key)) as Value[] | undefined
    if (row) return signed ? { values: row.slice(1), actId: row[0] as number } : { values: row, actId: null }
    // Two lookups by id: as one query with a LEFT JOIN, SQLite took ten times as long.
    return of === 'pair' || (of === 'image' && this.#exists(key)) ? { values: columns.map(() => null), actId: null } : null
  }

  /** Sets the record, or removes it where its first column is null. Returns false, changing nothing, where the image or class has gone. */
  write(facet: FacetName, key: Key, values: Values, actId: number | null): boolean {
    const { signed, of } = shapes[facet]
    const { set, remove } = this.#facets[facet]
    if (!signed) return set.run(...values, ...keyValues(key)).changes > 0
    if (of === 'image' && !this.#exists(key)) return false
    if (values[0] === null) remove?.run(...keyValues(key))
    else set.run(...keyValues(key), actId, ...(facet === 'pin' ? [] : values))
    return true
  }

  #exists(key: Key): boolean {
    return this.#imageExists.get(key) !== undefined
  }
}

interface Shape {
  readonly table: string
  readonly keys: readonly string[]
  readonly columns: readonly string[]
  readonly signed: boolean
  /** Whose record it is, where it may be absent although that is there. */
  readonly of: 'image' | 'pair' | null
}
interface Access {
  readonly select: Statement
  readonly set: Statement
  readonly remove: Statement | null
}

const own = (table: string, columns: readonly string[]): Shape => ({ table, keys: ['image_id'], columns, signed: true, of: 'image' })
const inImage = (column: string): Shape => ({ table: 'image', keys: ['id'], columns: [column], signed: false, of: null })
const shapes: Readonly<Record<FacetName, Shape>> = {
  verdict: own('verdict', ['value', 'reason', 'keeper_id', 'similarity']),
  label: own('label', ['state', 'class_id', 'source', 'run_id', 'score']),
  // A pin is only there or not: its one column is the number 1.
  pin: own('pin', ['1']),
  role: inImage('role'),
  protected: inImage('protected'),
  identity: inImage('identity'),
  fold: inImage('fold'),
  relation: { table: 'relation', keys: ['hash_a', 'hash_b'], columns: ['value'], signed: true, of: 'pair' },
  class: { table: 'class', keys: ['id'], columns: ['name', 'merged_into', 'removed'], signed: false, of: null },
  veto: { table: 'veto', keys: ['hash_a', 'hash_b'], columns: ['list_id'], signed: true, of: 'pair' },
  vetoList: { table: 'veto_list', keys: ['id'], columns: ['name', 'reason', 'applied', 'removed'], signed: false, of: null }
}

const keyValues = (key: Key): readonly (number | Buffer)[] => (typeof key === 'number' ? [key] : key)

function accessTo(db: Database, { table, keys, columns, signed }: Shape): Access {
  const where = `WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`
  const select = db.prepare(`SELECT ${[...(signed ? ['act_id'] : []), ...columns].join(', ')} FROM ${table} ${where}`).raw()
  if (!signed) return { select, set: db.prepare(`UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} ${where}`), remove: null }
  const stored = [...keys, 'act_id', ...columns.filter((column) => column !== '1')]
  return {
    select,
    set: db.prepare(`INSERT OR REPLACE INTO ${table} (${stored.join(', ')}) VALUES (${stored.map(() => '?').join(', ')})`),
    remove: db.prepare(`DELETE FROM ${table} ${where}`)
  }
}
