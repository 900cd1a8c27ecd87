import type { Database } from 'better-sqlite3'
import type { LabelClass } from '../../contract/labels.ts'
import { classNameOfFolder } from '../../domain/className.ts'
import { ensureClasses, listClasses } from './classNames.ts'
import { liveRunOf, type KnnSummary } from './predictions.ts'

const exemplarCount = 3

export interface FolderLabelStep {
  readonly rootId: number
  readonly enabled: boolean
  /** Images with a greater id, in order of id. */
  readonly afterId: number
  readonly limit: number
  /** The run that this scan has made so far, if it has changed anything. */
  readonly runId: number | null
  readonly at: number
}

/** A CSV's labels, matched: `classes[i]` is the place in `names` of the class of image `imageIds[i]`. */
export interface MatchedLabels {
  readonly imageIds: Int32Array
  readonly classes: Int32Array
  readonly names: readonly string[]
}

export class LabelReads {
  readonly #db: Database
  #summary: { run: number; exemplars: ReadonlyMap<number, readonly number[]> } | null = null

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Live classes by name. given: images that came with the class; human: those a person gave it; predicted: images whose first candidate in
   * the live run it is and that nobody has labelled or dropped yet. Those of classes merged into it count as its own.
   */
  classes(): LabelClass[] {
    const classes = listClasses(this.#db)
    const live = new Map(classes.filter((one) => !one.removed && one.mergedInto === null).map(({ id, name }) => [id, { id, name, given: 0, human: 0, predicted: 0 }]))
    const liveOf = new Map(classes.map(({ id, mergedInto }) => [id, live.get(mergedInto ?? id)]))
    const run = liveRunOf(this.#db)
    const count = (column: 'given' | 'human' | 'predicted', sign: 1 | -1, sql: string, ...values: number[]): void => {
      for (const [classId, images] of this.#db.prepare<number[], [number, number]>(sql).raw().all(...values)) {
        const one = liveOf.get(classId)
        if (one) one[column] += sign * images
      }
    }
    count('given', 1, 'SELECT class_id, COUNT(*) FROM given_label GROUP BY class_id')
    count('human', 1, "SELECT class_id, COUNT(*) FROM label WHERE state = 'class' GROUP BY class_id")
    if (run !== null) {
      // All predictions less the decided ones: decisions are few beside predictions.
      const first = 'JOIN prediction ON prediction.run_id = ? AND rank = 0 AND prediction.image_id'
      count('predicted', 1, 'SELECT class_id, COUNT(*) FROM prediction WHERE run_id = ? AND rank = 0 GROUP BY class_id', run)
      count('predicted', -1, `SELECT prediction.class_id, COUNT(*) FROM label ${first} = label.image_id GROUP BY 1`, run)
      count('predicted', -1, `SELECT prediction.class_id, COUNT(*) FROM verdict ${first} = verdict.image_id
        WHERE value = 'drop' AND NOT EXISTS (SELECT 1 FROM label WHERE label.image_id = verdict.image_id) GROUP BY 1`, run)
    }
    const exemplars = this.exemplars([...live.keys()])
    return [...live.values()].map((one) => ({ ...one, exemplars: exemplars.get(one.id) ?? [] })).toSorted((a, b) => collator.compare(a.name, b.name) || a.id - b.id)
  }

  /**
   * Up to three labelled, ready images for each of these live classes: the ones that the live run found to stand best for it and that still
   * have the class, then those with the smallest ids, a person's labels first.
   */
  exemplars(classIds: readonly number[]): Map<number, number[]> {
    const families = new Map<number, number[]>(classIds.map((id) => [id, [id]]))
    for (const { id, mergedInto } of listClasses(this.#db)) if (mergedInto !== null) families.get(mergedInto)?.push(id)
    const chosen = this.#chosenExemplars()
    const classOf = this.#db
      .prepare<[number], number>(
        `SELECT COALESCE(class.merged_into, class.id) FROM image LEFT JOIN label ON label.image_id = image.id LEFT JOIN given_label ON given_label.image_id = image.id
         JOIN class ON class.id = CASE WHEN label.state = 'class' THEN label.class_id WHEN label.state IS NULL THEN given_label.class_id END
         WHERE image.id = ? AND image.state = 'ready'`
      )
      .pluck()
    const ready = "JOIN image ON image.id = image_id AND image.state = 'ready'"
    const human = this.#db.prepare<[number], number>(`SELECT image_id FROM label ${ready} WHERE class_id = ? AND label.state = 'class' ORDER BY image_id LIMIT ${exemplarCount}`).pluck()
    const given = this.#db
      .prepare<[number], number>(`SELECT image_id FROM given_label ${ready} WHERE class_id = ? AND NOT EXISTS (SELECT 1 FROM label WHERE label.image_id = image.id) ORDER BY image_id LIMIT ${exemplarCount}`)
      .pluck()
    return new Map(
      classIds.map((classId) => {
        const family = families.get(classId) ?? [classId]
        const found = new Set<number>()
        for (const id of chosen.get(classId) ?? []) if (classOf.get(id) === classId) found.add(id)
        for (const select of [human, given]) {
          if (found.size < exemplarCount) for (const one of family) for (const id of select.all(one)) found.add(id)
        }
        return [classId, [...found].slice(0, exemplarCount)]
      })
    )
  }

  #chosenExemplars(): ReadonlyMap<number, readonly number[]> {
    const run = liveRunOf(this.#db)
    if (run === null) return new Map()
    if (this.#summary?.run !== run) {
      const stored = this.#db.prepare<[number], string | null>('SELECT summary FROM run WHERE id = ?').pluck().get(run)
      const summary = stored ? (JSON.parse(stored) as Partial<KnnSummary>) : {}
      this.#summary = { run, exemplars: new Map(summary.exemplars ?? []) }
    }
    return this.#summary.exemplars
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export class LabelWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  startRun(kind: 'folders' | 'csv' | 'knn', params: unknown, descriptorId: number | null, at: number): number {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO run (kind, params, descriptor_id, started_at) VALUES (?, ?, ?, ?)')
      .run(kind, JSON.stringify(params), descriptorId, at)
    return Number(lastInsertRowid)
  }

  /** The classes of these names, made where there are none. */
  ensureClasses(names: readonly string[], at: number): { ids: Map<string, number>; made: string[] } {
    return this.#db.transaction(() => ensureClasses(this.#db, names, at)).immediate()
  }

  finishRun(runId: number, at: number, summary: unknown): void {
    this.#db.prepare('UPDATE run SET finished_at = ?, summary = ? WHERE id = ?').run(at, JSON.stringify(summary), runId)
  }

  /** Makes one import's labels the given ones of their images, whatever gave them one before: all of them or, where it fails, none. */
  importLabels({ imageIds, classes, names }: MatchedLabels, params: unknown, at: number): { runId: number; made: string[] } {
    return this.#db.transaction(() => {
      const runId = this.startRun('csv', params, null, at)
      const { ids, made } = ensureClasses(this.#db, names, at)
      const classIds = names.map((name) => ids.get(name) ?? null)
      const exists = this.#db.prepare('SELECT 1 FROM image WHERE id = ?').pluck()
      const set = this.#db.prepare('INSERT OR REPLACE INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)')
      imageIds.forEach((imageId, i) => {
        if (exists.get(imageId) !== undefined) set.run(imageId, classIds[classes[i] ?? -1], runId)
      })
      this.finishRun(runId, at, { labelled: imageIds.length })
      return { runId, made }
    }).immediate()
  }

  /** One chunk of `applyFolderLabels`. `lastId` is null once the root's images are through. */
  labelFromFolders({ rootId, enabled, afterId, limit, runId, at }: FolderLabelStep): { labelled: number; removed: number; runId: number | null; lastId: number | null } {
    return this.#db.transaction(() => {
      const rows = this.#db
        .prepare<[number, number, number], FolderRow>(
          `SELECT image.id, image.path, image.state, given_label.class_id AS classId, run.kind
           FROM image LEFT JOIN given_label ON given_label.image_id = image.id LEFT JOIN run ON run.id = given_label.run_id
           WHERE +image.root_id = ? AND image.id > ? ORDER BY image.id LIMIT ?`
        )
        .all(rootId, afterId, limit)
      const nameOf = (row: FolderRow): string | null => {
        const slash = row.path.indexOf('/')
        return enabled && slash > 0 && row.state !== 'missing' ? classNameOfFolder(row.path.slice(0, slash)) : null
      }
      // What another source gave stands; it is asked for by kind, so a CSV outlives every scan.
      const ours = rows.filter((row) => row.kind === null || row.kind === 'folders')
      const { ids } = ensureClasses(this.#db, [...new Set(ours.map(nameOf).filter((name) => name !== null))], at)
      const wanted = ours.map((row) => ({ id: row.id, from: row.classId, to: ids.get(nameOf(row) ?? '') ?? null })).filter(({ from, to }) => from !== to)
      const run = wanted.length > 0 && runId === null ? this.startRun('folders', { rootId }, null, at) : runId
      const set = this.#db.prepare('INSERT OR REPLACE INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)')
      const unset = this.#db.prepare('DELETE FROM given_label WHERE image_id = ?')
      for (const { id, to } of wanted) {
        if (to === null) unset.run(id)
        else set.run(id, to, run)
      }
      const labelled = wanted.filter(({ to }) => to !== null).length
      return { labelled, removed: wanted.length - labelled, runId: run, lastId: rows.length < limit ? null : (rows.at(-1)?.id ?? null) }
    })()
  }
}

interface FolderRow {
  id: number; path: string; state: string; classId: number | null; kind: string | null
}
