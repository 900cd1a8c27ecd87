import type { Database } from 'better-sqlite3'
import { classKey } from '../../domain/className.ts'

export interface ClassRecord {
  readonly id: number
  readonly name: string
  readonly mergedInto: number | null
  readonly removed: boolean
}

export const listClasses = (db: Database): ClassRecord[] =>
  db
    .prepare<[], Omit<ClassRecord, 'removed'> & { removed: number }>('SELECT id, name, merged_into AS mergedInto, removed FROM class ORDER BY id')
    .all()
    .map((row) => ({ ...row, removed: row.removed === 1 }))

/** Finds the live class of a name; merged and removed classes do not count. */
export function classOfName(classes: readonly ClassRecord[], name: string): ClassRecord | null {
  const key = classKey(name)
  return classes.find((one) => !one.removed && one.mergedInto === null && classKey(one.name) === key) ?? null
}

/**
 * Class ids for names that came with data, made where they are new. A name finds the class that once came under it, even if a person has
 * renamed or merged that class since, so that scanning again changes nothing; then a class that is called so now.
 */
export function ensureClasses(db: Database, names: readonly string[], at: number): { ids: Map<string, number>; made: string[] } {
  const ids = new Map<string, number>()
  const made: string[] = []
  if (names.length === 0) return { ids, made }
  const byAlias = db.prepare<[string], number>('SELECT class_id FROM class_alias JOIN class ON class.id = class_id WHERE key = ? AND removed = 0').pluck()
  const addAlias = db.prepare('INSERT OR REPLACE INTO class_alias (key, class_id) VALUES (?, ?)')
  const insert = db.prepare('INSERT INTO class (name, created_at) VALUES (?, ?)')
  let byName: Map<string, number> | null = null
  for (const name of names) {
    const key = classKey(name)
    let id = byAlias.get(key)
    if (id === undefined) {
      byName ??= liveClassesByKey(db)
      id = byName.get(key)
      if (id === undefined) {
        id = Number(insert.run(name, at).lastInsertRowid)
        made.push(name)
      }
      addAlias.run(key, id)
    }
    ids.set(name, id)
  }
  return { ids, made }
}

const liveClassesByKey = (db: Database): Map<string, number> =>
  new Map(listClasses(db).filter((one) => !one.removed && one.mergedInto === null).map((one) => [classKey(one.name), one.id]))
