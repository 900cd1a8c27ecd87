import type { Database } from 'better-sqlite3'
import type { ArtefactKind, OptionValues, Recipe, RunStep, RunSummary } from '../../contract/recipes.ts'

export interface ResultRecord {
  readonly id: number
  readonly key: string
  readonly use: string
  readonly kind: ArtefactKind
  readonly params: Record<string, unknown>
  readonly summary: string
  readonly facts: Record<string, unknown>
  readonly seconds: number
  readonly peakBytes: number | null
  readonly madeAt: number
}
export type NewResult = Omit<ResultRecord, 'id'>

export interface RunRecord {
  readonly id: number
  readonly recipe: string
  readonly title: string
  readonly body: Recipe
  readonly options: OptionValues
  readonly overrides: Record<string, unknown>
  readonly state: RunSummary['state']
  readonly jobId: number | null
  readonly error: string | null
  readonly startedAt: number
  readonly finishedAt: number | null
}
export type NewRun = Pick<RunRecord, 'recipe' | 'title' | 'body' | 'options' | 'overrides' | 'jobId' | 'startedAt'>

export interface RunStepRecord {
  readonly step: string
  readonly use: string
  readonly title: string
  readonly params: Record<string, unknown>
  readonly inputs: Record<string, string[]>
  readonly state: RunStep['state']
  readonly resultId: number | null
}

interface ResultRow { id: number; key: string; use: string; kind: ArtefactKind; params: string; summary: string; facts: string; seconds: number; peak_bytes: number | null; made_at: number }
interface RunRow { id: number; recipe: string; title: string; body: string; options: string; overrides: string; state: RunSummary['state']; job_id: number | null; error: string | null; started_at: number; finished_at: number | null; goes_on: number }
interface StepRow { step: string; use: string; title: string; params: string; inputs: string; state: RunStep['state']; result_id: number | null }

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>
const toResult = (row: ResultRow): ResultRecord => ({ id: row.id, key: row.key, use: row.use, kind: row.kind, params: parse(row.params), summary: row.summary, facts: parse(row.facts), seconds: row.seconds, peakBytes: row.peak_bytes, madeAt: row.made_at })
const toRun = (row: RunRow): RunRecord => ({
  id: row.id, recipe: row.recipe, title: row.title, body: JSON.parse(row.body) as Recipe, options: JSON.parse(row.options) as OptionValues, overrides: parse(row.overrides),
  state: row.state === 'running' && row.goes_on === 0 ? 'cancelled' : row.state,
  jobId: row.job_id, error: row.error, startedAt: row.started_at, finishedAt: row.finished_at
})

/** An engine that is killed cannot say so: a run goes on only while its job does, or waits to. */
const selectRuns = "SELECT recipe_run.*, EXISTS (SELECT 1 FROM job WHERE job.id = recipe_run.job_id AND job.state IN ('queued', 'running')) AS goes_on FROM recipe_run"

export class RecipeReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** The user's own recipes, by name. */
  own(): { name: string; body: Recipe; savedAt: number }[] {
    return this.#db.prepare<[], { name: string; body: string; savedAt: number }>('SELECT name, body, saved_at AS savedAt FROM recipe ORDER BY name').all().map(({ name, body, savedAt }) => ({ name, body: JSON.parse(body) as Recipe, savedAt }))
  }

  result(key: string): ResultRecord | null {
    const row = this.#db.prepare<[string], ResultRow>('SELECT * FROM step_result WHERE key = ?').get(key)
    return row ? toResult(row) : null
  }

  resultById(id: number): ResultRecord | null {
    const row = this.#db.prepare<[number], ResultRow>('SELECT * FROM step_result WHERE id = ?').get(id)
    return row ? toResult(row) : null
  }

  /** The newest first. */
  runs(recipe: string | null, limit = 100): RunRecord[] {
    return this.#db.prepare<[string | null, string | null, number], RunRow>(`${selectRuns} WHERE ? IS NULL OR recipe = ? ORDER BY id DESC LIMIT ?`).all(recipe, recipe, limit).map(toRun)
  }

  run(id: number): RunRecord | null {
    const row = this.#db.prepare<[number], RunRow>(`${selectRuns} WHERE id = ?`).get(id)
    return row ? toRun(row) : null
  }

  /** The run that a job had begun and not ended. */
  runOfJob(jobId: number): RunRecord | null {
    const row = this.#db.prepare<[number], RunRow>(`${selectRuns} WHERE job_id = ? ORDER BY id DESC LIMIT 1`).get(jobId)
    return row ? toRun(row) : null
  }

  steps(runId: number): RunStepRecord[] {
    return this.#db.prepare<[number], StepRow>('SELECT step, use, title, params, inputs, state, result_id FROM recipe_run_step WHERE run_id = ? ORDER BY position').all(runId)
      .map((row) => ({ step: row.step, use: row.use, title: row.title, params: parse(row.params), inputs: parse(row.inputs) as Record<string, string[]>, state: row.state, resultId: row.result_id }))
  }

  /** The steps of a run that measured something, in order. */
  measured(runId: number): { step: string; kind: ArtefactKind; facts: Record<string, unknown> }[] {
    return this.#db.prepare<[number], { step: string; kind: ArtefactKind; facts: string }>(
      "SELECT step, kind, facts FROM recipe_run_step JOIN step_result ON step_result.id = result_id WHERE run_id = ? AND kind = 'metrics' ORDER BY position"
    ).all(runId).map((row) => ({ ...row, facts: parse(row.facts) }))
  }

  /** Results that no run refers to, the newest `spared` excepted (somebody may be trying parameters). */
  unusedResults(spared: number): ResultRecord[] {
    return this.#db.prepare<[number], ResultRow>(
      'SELECT * FROM step_result WHERE NOT EXISTS (SELECT 1 FROM recipe_run_step WHERE result_id = step_result.id) ORDER BY id DESC LIMIT -1 OFFSET ?'
    ).all(spared).map(toResult)
  }

  resultKeys(): string[] {
    return this.#db.prepare('SELECT key FROM step_result').pluck().all() as string[]
  }
}

export class RecipeWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  save(body: Recipe, at: number): void {
    this.#db.prepare('INSERT INTO recipe (name, body, saved_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at').run(body.name, JSON.stringify(body), at)
  }

  /** Whether there was one. */
  remove(name: string): boolean {
    return this.#db.prepare('DELETE FROM recipe WHERE name = ?').run(name).changes > 0
  }

  startRun(run: NewRun, steps: readonly RunStepRecord[]): number {
    return this.#db.transaction(() => {
      const { lastInsertRowid } = this.#db
        .prepare("INSERT INTO recipe_run (recipe, title, body, options, overrides, state, job_id, started_at) VALUES (?, ?, ?, ?, ?, 'running', ?, ?)")
        .run(run.recipe, run.title, JSON.stringify(run.body), JSON.stringify(run.options), JSON.stringify(run.overrides), run.jobId, run.startedAt)
      this.#insertSteps(Number(lastInsertRowid), steps)
      return Number(lastInsertRowid)
    })()
  }

  /** Takes up a run again: its steps are set anew, for the recipe may have changed its shape with the project. */
  restartRun(runId: number, steps: readonly RunStepRecord[]): void {
    this.#db.transaction(() => {
      this.#db.prepare("UPDATE recipe_run SET state = 'running', error = NULL, finished_at = NULL WHERE id = ?").run(runId)
      this.#db.prepare('DELETE FROM recipe_run_step WHERE run_id = ?').run(runId)
      this.#insertSteps(runId, steps)
    })()
  }

  setStep(runId: number, step: string, state: RunStep['state'], resultId: number | null): void {
    this.#db.prepare('UPDATE recipe_run_step SET state = ?, result_id = ? WHERE run_id = ? AND step = ?').run(state, resultId, runId, step)
  }

  finishRun(runId: number, state: RunSummary['state'], error: string | null, at: number): void {
    this.#db.prepare('UPDATE recipe_run SET state = ?, error = ?, finished_at = ? WHERE id = ?').run(state, error, at, runId)
  }

  removeRun(runId: number): void {
    this.#db.prepare('DELETE FROM recipe_run WHERE id = ?').run(runId)
  }

  /** Returns the id; a key that is written again (its folder was lost, or it was not whole) keeps it. */
  addResult({ key, use, kind, params, summary, facts, seconds, peakBytes, madeAt }: NewResult): number {
    this.#db
      .prepare('INSERT INTO step_result (key, use, kind, params, summary, facts, seconds, peak_bytes, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET summary = excluded.summary, facts = excluded.facts, seconds = excluded.seconds, peak_bytes = excluded.peak_bytes, made_at = excluded.made_at')
      .run(key, use, kind, JSON.stringify(params), summary, JSON.stringify(facts), seconds, peakBytes, madeAt)
    return this.#db.prepare('SELECT id FROM step_result WHERE key = ?').pluck().get(key) as number
  }

  removeResults(keys: readonly string[]): void {
    const remove = this.#db.prepare('DELETE FROM step_result WHERE key = ?')
    this.#db.transaction(() => {
      for (const key of keys) remove.run(key)
    })()
  }

  #insertSteps(runId: number, steps: readonly RunStepRecord[]): void {
    const insert = this.#db.prepare('INSERT INTO recipe_run_step (run_id, position, step, use, title, params, inputs, state, result_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    for (const [position, { step, use, title, params, inputs, state, resultId }] of steps.entries()) {
      insert.run(runId, position, step, use, title, JSON.stringify(params), JSON.stringify(inputs), state, resultId)
    }
  }
}
