import type { Database } from 'better-sqlite3'
import type { ActResult } from '../../contract/decisions.ts'
import type { ActEntry } from '../../contract/images.ts'
import { ActPlanner } from './actPlan.ts'
import { classOfName, listClasses } from './classNames.ts'
import { Projections } from './projections.ts'
import { decodeChanges, decodeKeys, encodeChanges } from '../../review/changeCodec.ts'
import type { ChangeTable, Key } from '../../review/changeTable.ts'
import { facets, type FacetName, type Value } from '../../review/facets.ts'
import type { ResolvedAct } from '../../review/resolvedAct.ts'
import { sentences } from '../../review/sentences.ts'
import { TurnStacks, type LogLine } from '../../review/turns.ts'

/** Acts of at most this many images are listed image by image; larger ones are found through their own id set. */
const listedImages = 1000
const changedSent = 1000

interface EntryRow extends Omit<ActEntry, 'stands'> {
  stands: number
}
const toEntry = (row: EntryRow): ActEntry => ({ ...row, stands: row.stands === 1 })

/** An act stands unless the last turn of it is an undo; a turn stands unless the same act was turned again. */
const stands = /* sql */ `
    CASE WHEN turns IS NULL
      THEN COALESCE((SELECT turn.kind <> 'undo' FROM act AS turn WHERE turn.turns = act.id ORDER BY turn.id DESC LIMIT 1), 1)
      ELSE NOT EXISTS (SELECT 1 FROM act AS later WHERE later.turns = act.turns AND later.id > act.id)
    END`
const selectEntries = `SELECT id, at, who, kind, summary, count, turns, ${stands} AS stands FROM act`

export class DecisionReads {
  readonly #db: Database
  #decided: { version: number; count: number } | null = null
  readonly #stacks = new TurnStacks()
  #seen = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** The log, newest first; with `before`, what came before that entry. */
  log(before: number | null, limit: number): ActEntry[] {
    return this.#db.prepare<[number, number], EntryRow>(`${selectEntries} WHERE id < ? ORDER BY id DESC LIMIT ?`).all(before ?? Number.MAX_SAFE_INTEGER, limit).map(toEntry)
  }

  /** The last acts that are not themselves an undo or redo, newest first. */
  lastActs(limit: number): ActEntry[] {
    return this.#db.prepare<[number], EntryRow>(`${selectEntries} WHERE turns IS NULL ORDER BY id DESC LIMIT ?`).all(limit).map(toEntry)
  }

  /** What undo and redo would turn next, in words; null where there is nothing. The log only grows, so only its new end is read. */
  turns(): { undo: string | null; redo: string | null } {
    for (const line of this.#db.prepare<[number], LogLine>('SELECT id, kind, turns FROM act WHERE id > ? ORDER BY id').all(this.#seen)) {
      this.#stacks.add(line)
      this.#seen = line.id
    }
    const summaryOf = (id: number | undefined): string | null =>
      id === undefined ? null : ((this.#db.prepare('SELECT summary FROM act WHERE id = ?').pluck().get(id) as string | undefined) ?? null)
    return { undo: summaryOf(this.#stacks.undo.at(-1)), redo: summaryOf(this.#stacks.redo.at(-1)) }
  }

  /** What was done to one image, newest first. */
  history(imageId: number, limit: number): ActEntry[] {
    const ids = new Set(this.#db.prepare<[number, number], number>('SELECT act_id FROM act_image WHERE image_id = ? ORDER BY act_id DESC LIMIT ?').pluck().all(imageId, limit))
    const bulk = this.#db.prepare<[], { id: number; changes: Buffer | null }>('SELECT id, changes FROM act WHERE count > 1000 ORDER BY id DESC LIMIT 100')
    for (const { id, changes } of bulk.iterate()) {
      if (changes && touches(decodeKeys(changes), imageId)) ids.add(id)
    }
    const select = this.#db.prepare<[number], EntryRow>(`${selectEntries} WHERE id = ?`)
    return [...ids].toSorted((a, b) => b - a).slice(0, limit).flatMap((id) => select.get(id) ?? []).map(toEntry)
  }

  /** Images that a person has said something about: a verdict or a label. */
  decided(): number {
    const version = this.#db.pragma('data_version', { simple: true }) as number
    if (this.#decided?.version !== version) {
      const count = this.#db
        .prepare('SELECT (SELECT COUNT(*) FROM verdict) + (SELECT COUNT(*) FROM label WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE verdict.image_id = label.image_id))')
        .pluck()
        .get() as number
      this.#decided = { version, count }
    }
    return this.#decided.count
  }

  /** Times (ms since 1970) of the newest acts, newest first: each is one decision, however many images it touched. */
  recentTimes(limit: number): number[] {
    return this.#db.prepare<[number], number>('SELECT at FROM act WHERE turns IS NULL ORDER BY id DESC LIMIT ?').pluck().all(limit)
  }

  /** Of the newest standing acts about a proposal of the machine, the share that took it; null where there is none. */
  acceptedShare(limit: number): number | null {
    return this.#db
      .prepare<[number], number | null>(
        `SELECT AVG(accepted) FROM (SELECT accepted, ${stands} AS stands FROM act WHERE turns IS NULL ORDER BY id DESC LIMIT ?) WHERE stands = 1`
      )
      .pluck()
      .get(limit) ?? null
  }
}

/**
 * The one place where decisions are made: every call writes the log's row and what follows from it in one transaction, on disk before it
 * answers. Undo and redo are rows of their own.
 */
export class DecisionWrites {
  readonly #db: Database
  #made: { projections: Projections; planner: ActPlanner } | null = null
  #stacks: TurnStacks | null = null

  constructor(db: Database) {
    this.#db = db
  }

  /** Does it, if it changes anything. Throws NOT_FOUND, BAD_INPUT or CONFLICT, and then nothing is written. */
  apply(act: ResolvedAct, who: string, at: number): ActResult {
    return this.#commit(() => {
      const { tables, summary, count, accepted, classId, touched, nothing } = this.#parts.planner.plan(act, at)
      if (tables.every(({ rows }) => rows === 0)) return { result: { actId: null, summary: `${nothing ?? sentences.nothing}.`, count: 0, changed: [] }, line: null }
      const id = this.#insert({ at, who, kind: act.kind, turns: null, summary, count, accepted })
      for (const table of tables) {
        const signature = facets[table.facet].signed ? id : null
        for (let row = 0; row < table.rows; row++) this.#parts.projections.write(table.facet, table.keyAt(row), table.afterAt(row), signature)
      }
      this.#db.prepare('UPDATE act SET changes = ? WHERE id = ?').run(encodeChanges(tables), id)
      const images = touched ?? imagesOf(tables)
      if (images.length <= listedImages) {
        const list = this.#db.prepare('INSERT OR IGNORE INTO act_image (image_id, act_id) VALUES (?, ?)')
        for (const image of images) list.run(image, id)
      }
      const changed = [...images.subarray(0, changedSent)]
      return { result: { actId: id, summary: `${summary}.`, count, changed, ...(classId === undefined ? {} : { classId }) }, line: { id, kind: act.kind, turns: null } }
    })
  }

  /** Takes back the newest act that stands. Images and classes that have gone since are passed over. */
  undo(who: string, at: number): ActResult {
    return this.#turn('undo', who, at)
  }

  /** Does the last undone act again, if nothing new has been done since. */
  redo(who: string, at: number): ActResult {
    return this.#turn('redo', who, at)
  }

  /** Made at first use: a new database has no tables yet when its repositories are made. */
  get #parts(): { projections: Projections; planner: ActPlanner } {
    if (!this.#made) {
      const projections = new Projections(this.#db)
      this.#made = { projections, planner: new ActPlanner(this.#db, projections) }
    }
    return this.#made
  }

  #turn(kind: 'undo' | 'redo', who: string, at: number): ActResult {
    return this.#commit((stacks) => {
      const target = stacks[kind].at(-1)
      if (target === undefined) return { result: { actId: null, summary: kind === 'undo' ? 'There is nothing to undo.' : 'There is nothing to redo.', count: 0, changed: [] }, line: null }
      const act = this.#db.prepare<[number], { summary: string; changes: Buffer }>('SELECT summary, changes FROM act WHERE id = ?').get(target)
      if (!act) throw new Error(`Act ${target} is not in the log`)
      const tables = decodeChanges(act.changes)
      const remarks: string[] = []
      let count = 0
      for (const table of tables) {
        for (let row = 0; row < table.rows; row++) {
          const key = table.keyAt(row)
          const values = kind === 'undo' ? table.beforeAt(row) : table.afterAt(row)
          const actId = !facets[table.facet].signed ? null : kind === 'undo' ? (table.beforeAct?.get(row) as number | null) : target
          if (this.#rewrite(table.facet, key, values, actId, remarks)) count++
        }
      }
      const summary = [(kind === 'undo' ? sentences.undone : sentences.redone)(act.summary), ...remarks].join('; ')
      const id = this.#insert({ at, who, kind, turns: target, summary, count, accepted: null })
      const listed = this.#db.prepare<[number], number>('SELECT image_id FROM act_image WHERE act_id = ?').pluck().all(target)
      const changed = listed.length > 0 ? listed : [...imagesOf(tables).subarray(0, changedSent)]
      return { result: { actId: id, summary: `${summary}.`, count, changed }, line: { id, kind, turns: target } }
    })
  }

  /** Writes one record back. Imports are no acts: a class may have come into use, or its name been taken, since. */
  #rewrite(facet: FacetName, key: Key, values: readonly Value[], actId: number | null, remarks: string[]): boolean {
    if (facet !== 'class' || typeof key !== 'number') return this.#parts.projections.write(facet, key, values, actId)
    const [name, mergedInto, removed] = values
    if (removed === 1) {
      if (this.#inUse(key)) {
        remarks.push(`the class ${String(name)} stays, because labels or predictions use it`)
        return false
      }
    } else if (mergedInto === null) {
      const taken = classOfName(listClasses(this.#db), String(name))
      if (taken && taken.id !== key) {
        const now = this.#parts.projections.read('class', key)
        remarks.push(`another class is called ${taken.name} now`)
        // A class that comes back under a name that was given away joins the class that has it; labels that follow still find one.
        return now?.values[2] === 1 ? this.#parts.projections.write('class', key, [name ?? null, taken.id, 0], null) : false
      }
    }
    return this.#parts.projections.write('class', key, values, null)
  }

  #inUse(classId: number): boolean {
    return ['SELECT 1 FROM given_label WHERE class_id = ? LIMIT 1', 'SELECT 1 FROM class WHERE merged_into = ? LIMIT 1', 'SELECT 1 FROM prediction WHERE class_id = ? LIMIT 1']
      .some((sql) => this.#db.prepare(sql).get(classId) !== undefined)
  }

  #insert({ at, who, kind, turns, summary, count, accepted }: { at: number; who: string; kind: string; turns: number | null; summary: string; count: number; accepted: boolean | null }): number {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO act (at, who, kind, turns, summary, count, accepted) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(at, who, kind, turns, summary, count, accepted === null ? null : Number(accepted))
    return Number(lastInsertRowid)
  }

  /** One transaction; the stacks move only once it is on disk. */
  #commit(work: (stacks: TurnStacks) => { result: ActResult; line: LogLine | null }): ActResult {
    const stacks = (this.#stacks ??= this.#readStacks())
    const { result, line } = this.#db.transaction(() => work(stacks)).immediate()
    if (line) stacks.add(line)
    return result
  }

  #readStacks(): TurnStacks {
    const stacks = new TurnStacks()
    for (const line of this.#db.prepare<[], LogLine>('SELECT id, kind, turns FROM act ORDER BY id').iterate()) stacks.add(line)
    return stacks
  }
}

/** The images that these changes are about. */
function imagesOf(tables: readonly ChangeTable[]): Int32Array {
  const keys = tables.filter(({ facet }) => facets[facet].key === 'image').map((table) => table.keys.subarray(0, table.rows))
  return keys.length === 1 ? (keys[0] ?? new Int32Array()) : Int32Array.from(keys.flatMap((part) => [...part]))
}

const touches = (tables: readonly ChangeTable[], imageId: number): boolean =>
  tables.some(({ facet, keys, rows }) => facets[facet].key === 'image' && keys.subarray(0, rows).includes(imageId))
