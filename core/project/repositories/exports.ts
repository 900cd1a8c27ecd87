import type { Database } from 'better-sqlite3'
import type { ExportSpec, ExportSummary } from '../../contract/exports.ts'
import type { ImageRole } from '../../contract/common.ts'
import type { ImageFailure, ImageState, LabelState, VerdictValue } from '../../contract/images.ts'
import { ImageQuery, role } from './imageQuery.ts'

/** Who decided, when, and by which kind of act. */
export interface DecisionNote {
  readonly at: number
  readonly who: string
  readonly kind: string
}

/** All that an export says of one image. */
export interface ExportRow {
  readonly id: number
  readonly root: string
  /** Below the root: for people, and as the file system gave it. */
  readonly path: string
  readonly pathRaw: Uint8Array
  readonly bytes: number
  readonly mtimeMs: number
  readonly state: ImageState
  readonly failure: ImageFailure | null
  readonly format: string | null
  readonly width: number | null
  readonly height: number | null
  /** Lower-case hexadecimal. */
  readonly sha256: string | null
  readonly phash: string | null
  readonly role: ImageRole
  readonly identity: string | null
  readonly fold: number | null
  /** The effective class: a person's, else the given one; merged classes by the class they went into. */
  readonly className: string | null
  readonly given: string | null
  readonly label: { readonly state: LabelState; readonly source: string; readonly run: number | null; readonly score: number | null; readonly decision: DecisionNote | null } | null
  /** The first candidate of the newest run. */
  readonly prediction: { readonly className: string; readonly score: number; readonly run: number } | null
  readonly verdict: { readonly value: VerdictValue; readonly reason: string; readonly similarity: number | null; readonly decision: DecisionNote | null } | null
  readonly keeper: { readonly id: number; readonly root: string; readonly path: string; readonly sha256: string | null } | null
}

/** What made labels, predictions and edges, for the record. */
export interface Provenance {
  readonly runs: readonly { readonly id: number; readonly kind: string; readonly params: unknown; readonly startedAt: number; readonly finishedAt: number | null; readonly descriptor: number | null }[]
  readonly descriptors: readonly { readonly id: number; readonly model: string; readonly fingerprint: string; readonly dim: number; readonly dtype: string; readonly provider: string | null; readonly card: unknown }[]
}

interface Row {
  id: number; root: string; path: string; path_raw: Buffer; bytes: number; mtime_ms: number; state: ImageState; failure: ImageFailure | null
  format: string | null; width: number | null; height: number | null; sha256: Buffer | null; phash: Buffer | null; role: ImageRole; identity: string | null; fold: number | null
  class_name: string | null; given_name: string | null
  label_state: LabelState | null; label_source: string | null; label_run: number | null; label_score: number | null; label_act: string | null
  guess_name: string | null; guess_score: number | null; guess_run: number | null
  verdict: VerdictValue | null; reason: string | null; similarity: number | null; verdict_act: string | null
  keeper_id: number | null; keeper: string | null
}

const selectionKey = (jobId: number): string => `export.selection.${jobId}`

const note = (json: string | null): DecisionNote | null => {
  if (!json) return null
  const [at, who, kind] = JSON.parse(json) as [number, string, string]
  return { at, who, kind }
}

function toExportRow(row: Row): ExportRow {
  const keeper = row.keeper ? (JSON.parse(row.keeper) as [string, string, string]) : null
  return {
    id: row.id,
    root: row.root,
    path: row.path,
    pathRaw: row.path_raw,
    bytes: row.bytes,
    mtimeMs: row.mtime_ms,
    state: row.state,
    failure: row.failure,
    format: row.format,
    width: row.width,
    height: row.height,
    sha256: row.sha256?.toString('hex') ?? null,
    phash: row.phash?.subarray(0, 8).toString('hex') ?? null,
    role: row.role,
    identity: row.identity,
    fold: row.fold,
    className: row.class_name,
    given: row.given_name,
    label: row.label_state ? { state: row.label_state, source: row.label_source ?? '', run: row.label_run, score: row.label_score, decision: note(row.label_act) } : null,
    prediction: row.guess_name !== null && row.guess_run !== null ? { className: row.guess_name, score: row.guess_score ?? 0, run: row.guess_run } : null,
    verdict: row.verdict ? { value: row.verdict, reason: row.reason ?? '', similarity: row.similarity, decision: note(row.verdict_act) } : null,
    keeper: row.keeper_id !== null && keeper ? { id: row.keeper_id, root: keeper[0], path: keeper[1], sha256: keeper[2] === '' ? null : keeper[2].toLowerCase() } : null
  }
}

const columns = /* sql */ `image.id, root.path AS root, image.path, image.path_raw, image.bytes, image.mtime_ms, image.state, image.failure,
  image.format, image.width, image.height, image.sha256, image.phash, ${role} AS role, image.identity, image.fold,
  shown.name AS class_name, (SELECT name FROM class WHERE class.id = COALESCE(given_class.merged_into, given_class.id)) AS given_name,
  label.state AS label_state, label.source AS label_source, label.run_id AS label_run, label.score AS label_score,
  (SELECT json_array(at, who, kind) FROM act WHERE act.id = label.act_id) AS label_act,
  (SELECT name FROM class WHERE class.id = COALESCE(guess_class.merged_into, guess_class.id)) AS guess_name, guess.score AS guess_score, guess.run_id AS guess_run,
  verdict.value AS verdict, verdict.reason, verdict.similarity, (SELECT json_array(at, who, kind) FROM act WHERE act.id = verdict.act_id) AS verdict_act,
  verdict.keeper_id, (SELECT json_array(home.path, kept.path, hex(COALESCE(kept.sha256, x''))) FROM image AS kept JOIN root AS home ON home.id = kept.root_id WHERE kept.id = verdict.keeper_id) AS keeper`

export class ExportReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** The newest first. */
  history(limit = 100): ExportSummary[] {
    return this.#db
      .prepare<[number], { id: number; summary: string }>('SELECT id, summary FROM export ORDER BY id DESC LIMIT ?')
      .all(limit)
      .map(({ id, summary }) => ({ ...(JSON.parse(summary) as Omit<ExportSummary, 'id'>), id }))
  }

  /** Which images job `jobId` is about, where it was started on a view; null where that is not noted. */
  heldSelection(jobId: number): Int32Array | null {
    const value = this.#db.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(selectionKey(jobId)) as string | undefined
    if (value === undefined) return null
    const bytes = Buffer.from(JSON.parse(value) as string, 'base64')
    return new Int32Array(Uint8Array.from(bytes).buffer)
  }

  /** Every image in the order of an export: by folder and name as bytes, which no time or chance changes. */
  order(): Int32Array {
    return Int32Array.from(this.#db.prepare('SELECT image.id FROM image JOIN root ON root.id = image.root_id ORDER BY root.path, image.path_raw').pluck().all() as number[])
  }

  /** Names of the classes that an image can have, merged ones left out. */
  classNames(): string[] {
    return this.#db
      .prepare(`SELECT DISTINCT name FROM class WHERE merged_into IS NULL AND (removed = 0
        OR EXISTS (SELECT 1 FROM given_label WHERE class_id = class.id) OR EXISTS (SELECT 1 FROM label WHERE class_id = class.id)) ORDER BY name`)
      .pluck()
      .all() as string[]
  }

  /** Images that another one was dropped for. */
  keepers(): Int32Array {
    return Int32Array.from(this.#db.prepare(`SELECT DISTINCT keeper_id FROM verdict WHERE value = 'drop' AND keeper_id IS NOT NULL ORDER BY keeper_id`).pluck().all() as number[])
  }

  /** In the order of `ids`; ids that are not there are left out. */
  rows(ids: readonly number[], run: number | null): ExportRow[] {
    const query = new ImageQuery().filter({ ids: [...ids] }, run).with('root', 'label', 'given', 'shown', 'guess', 'verdict')
    const rows = this.#db.prepare<[typeof query.bindings], Row>(query.sql(columns)).all(query.bindings)
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.flatMap((id) => {
      const row = byId.get(id)
      return row ? [toExportRow(row)] : []
    })
  }

  /** Path below the root and first candidate of the newest run, for every image that has one; in the order of ids. */
  predictions(run: number): { path: string; className: string }[] {
    return this.#db
      .prepare<[number], { path: string; className: string }>(`SELECT image.path, shown.name AS className FROM prediction JOIN image ON image.id = prediction.image_id
        JOIN class ON class.id = prediction.class_id JOIN class AS shown ON shown.id = COALESCE(class.merged_into, class.id)
        WHERE prediction.run_id = ? AND prediction.rank = 0 ORDER BY image.id`)
      .all(run)
  }

  provenance(): Provenance {
    const runs = this.#db.prepare<[], { id: number; kind: string; params: string; started_at: number; finished_at: number | null; descriptor_id: number | null }>('SELECT * FROM run ORDER BY id').all()
    const descriptors = this.#db.prepare<[], { id: number; model: string; fingerprint: string; dim: number; dtype: string; provider: string | null; card: string }>('SELECT * FROM descriptor ORDER BY id').all()
    return {
      runs: runs.map((run) => ({ id: run.id, kind: run.kind, params: JSON.parse(run.params) as unknown, startedAt: run.started_at, finishedAt: run.finished_at, descriptor: run.descriptor_id })),
      descriptors: descriptors.map(({ id, model, fingerprint, dim, dtype, provider, card }) => ({ id, model, fingerprint, dim, dtype, provider, card: JSON.parse(card) as unknown }))
    }
  }
}

export class ExportWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** Views live as long as the engine; an export that is to go on after a crash needs to know its images. */
  holdSelection(jobId: number, ids: Int32Array): void {
    this.#db.prepare('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)').run(selectionKey(jobId), JSON.stringify(Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength).toString('base64')))
  }

  releaseSelection(jobId: number): void {
    this.#db.prepare('DELETE FROM setting WHERE key = ?').run(selectionKey(jobId))
  }

  /** Notes a finished export; the same one (`manifestSha256` at `target`) is noted once. Returns its id. */
  add(spec: ExportSpec, summary: Omit<ExportSummary, 'id'>): number {
    return this.#db.transaction(() => {
      const known = this.#db
        .prepare(`SELECT id FROM export WHERE target = ? AND json_extract(summary, '$.manifestSha256') = ? AND at = ?`)
        .pluck()
        .get(summary.target, summary.manifestSha256, summary.at) as number | undefined
      if (known !== undefined) return known
      return Number(this.#db.prepare('INSERT INTO export (at, target, spec, summary) VALUES (?, ?, ?, ?)').run(summary.at, summary.target, JSON.stringify(spec), JSON.stringify(summary)).lastInsertRowid)
    })()
  }
}
