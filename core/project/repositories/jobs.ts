import type { Database } from 'better-sqlite3'
import type { JobFailure, JobRequest, JobState } from '../../contract/jobs.ts'
import type { Progress } from '../../contract/common.ts'

export interface JobRecord {
  readonly id: number
  readonly kind: string
  readonly request: JobRequest
  readonly state: JobState
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly progress: Progress | null
  readonly outcome: JobOutcome | null
  readonly error: string | null
  readonly failures: number
}

/** What a finished job says: a sentence, the data behind it, and remarks made on the way. */
export interface JobOutcome {
  readonly result: string | null
  readonly data: unknown
  readonly notes: readonly string[]
}

export type NewJobFailure = Omit<JobFailure, 'item'>

interface Row {
  id: number; kind: string; params: string; state: JobState; created_at: number; started_at: number | null; finished_at: number | null
  progress: string | null; result: string | null; error: string | null; failures: number
}

const toRecord = (row: Row): JobRecord => ({
  id: row.id,
  kind: row.kind,
  request: JSON.parse(row.params) as JobRequest,
  state: row.state,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  progress: row.progress ? (JSON.parse(row.progress) as Progress) : null,
  outcome: row.result ? (JSON.parse(row.result) as JobOutcome) : null,
  error: row.error,
  failures: row.failures
})

/** So many starts in a row without an end, and a job is no longer started by itself. */
const mostAttempts = 3

const unfinished = "state IN ('queued', 'running')"
const selectJobs = 'SELECT job.*, (SELECT COUNT(*) FROM job_failure WHERE job_id = job.id) AS failures FROM job'

export class JobReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** The newest first. */
  list(limit = 50): JobRecord[] {
    return this.#db.prepare<[number], Row>(`${selectJobs} ORDER BY id DESC LIMIT ?`).all(limit).map(toRecord)
  }

  byId(id: number): JobRecord | null {
    const row = this.#db.prepare<[number], Row>(`${selectJobs} WHERE id = ?`).get(id)
    return row ? toRecord(row) : null
  }

  failures(jobId: number, offset: number, limit: number): JobFailure[] {
    return this.#db
      .prepare<[number, number, number], JobFailure>(
        'SELECT item, image_id AS imageId, subject, reason, detail FROM job_failure WHERE job_id = ? ORDER BY item LIMIT ? OFFSET ?'
      )
      .all(jobId, limit, offset)
  }

  /** The images that failed in a job, and how many failures were about something else. */
  failed(jobId: number): { images: number[]; others: number } {
    return {
      images: this.#db.prepare('SELECT DISTINCT image_id FROM job_failure WHERE job_id = ? AND image_id IS NOT NULL ORDER BY image_id').pluck().all(jobId) as number[],
      others: this.#db.prepare('SELECT COUNT(*) FROM job_failure WHERE job_id = ? AND image_id IS NULL').pluck().get(jobId) as number
    }
  }
}

export class JobWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  create(request: JobRequest, at: number): number {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO job (kind, params, state, created_at) VALUES (?, ?, 'queued', ?)")
      .run(request.kind, JSON.stringify(request), at)
    return Number(lastInsertRowid)
  }

  start(id: number, at: number): void {
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM job_failure WHERE job_id = ?').run(id)
      this.#db.prepare("UPDATE job SET state = 'running', attempts = attempts + 1, started_at = ?, finished_at = NULL, error = NULL, result = NULL WHERE id = ?").run(at, id)
    })()
  }

  requeue(id: number): void {
    this.#db.prepare("UPDATE job SET state = 'queued' WHERE id = ?").run(id)
  }

  setProgress(id: number, progress: Progress): void {
    this.#db.prepare('UPDATE job SET progress = ? WHERE id = ?').run(JSON.stringify(progress), id)
  }

  addFailures(id: number, failures: readonly NewJobFailure[]): void {
    const next = this.#db.prepare<[number], { item: number }>('SELECT COALESCE(MAX(item), 0) AS item FROM job_failure WHERE job_id = ?')
    const insert = this.#db.prepare('INSERT INTO job_failure (job_id, item, image_id, subject, reason, detail) VALUES (?, ?, ?, ?, ?, ?)')
    this.#db.transaction(() => {
      let item = next.get(id)?.item ?? 0
      for (const failure of failures) insert.run(id, ++item, failure.imageId, failure.subject, failure.reason, failure.detail)
    })()
  }

  finish(id: number, state: JobState, at: number, outcome: JobOutcome | null, error: string | null): void {
    this.#db.prepare('UPDATE job SET state = ?, attempts = 0, finished_at = ?, result = ?, error = ? WHERE id = ?').run(state, at, outcome ? JSON.stringify(outcome) : null, error, id)
  }

  /** Says of what an earlier engine left unfinished that nobody goes on with it by itself. */
  markInterrupted(): void {
    this.#db.prepare(`UPDATE job SET state = 'interrupted' WHERE ${unfinished}`).run()
  }

  /**
   * Queues again what an earlier engine left unfinished, except for a job during which one engine after the other ended without a word. Returns
   * the ids, the oldest first.
   */
  requeueUnfinished(): number[] {
    return this.#db.transaction(() => {
      this.#db.prepare(
        `UPDATE job SET state = 'interrupted',
           error = 'While this job ran, the engine ended ' || attempts || ' times in a row, so it was not started again. What was done is kept. It can be resumed by hand.'
         WHERE state = 'running' AND attempts >= ?`
      ).run(mostAttempts)
      const ids = this.#db.prepare(`SELECT id FROM job WHERE ${unfinished} ORDER BY id`).pluck().all() as number[]
      this.#db.prepare(`UPDATE job SET state = 'queued' WHERE ${unfinished}`).run()
      return ids
    })()
  }

  /** A later job may get the same id: the run of a recipe that this one began must not pass for that one's. */
  dismiss(id: number): void {
    this.#db.transaction(() => {
      const { changes } = this.#db.prepare(`DELETE FROM job WHERE id = ? AND NOT (${unfinished})`).run(id)
      if (changes > 0) this.#db.prepare('UPDATE recipe_run SET job_id = NULL WHERE job_id = ?').run(id)
    })()
  }
}
