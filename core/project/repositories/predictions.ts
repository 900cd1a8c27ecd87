import type { Database } from 'better-sqlite3'
import type { Histogram } from '../../contract/common.ts'
import type { LabelQueueRequest, LabelRun } from '../../contract/labels.ts'
import type { ImageGroups } from '../../pseudo/families.ts'
import type { Votes } from '../../pseudo/knnVote.ts'

const bins = 20

export interface StoredCandidate {
  readonly imageId: number
  readonly classId: number
  readonly className: string
  readonly score: number
  readonly nearest: { readonly imageId: number; readonly similarity: number } | null
}

/** What a finished run remembers. */
export interface KnnSummary {
  readonly predicted: number
  /** Up to three images that stand for each class. */
  readonly exemplars: readonly (readonly [classId: number, imageIds: readonly number[]])[]
}

interface RunRow {
  id: number; kind: LabelRun['kind']; startedAt: number; finishedAt: number | null; descriptorId: number | null; model: string | null
}

/** The newest finished run of predictions is the live one: what screens show when none is named. */
export const liveRunOf = (db: Database): number | null =>
  db.prepare<[], number>("SELECT id FROM run WHERE kind = 'knn' AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1").pluck().get() ?? null

export class PredictionReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  liveRun(): number | null {
    return liveRunOf(this.#db)
  }

  runExists(runId: number): boolean {
    return this.#db.prepare('SELECT 1 FROM run WHERE id = ?').get(runId) !== undefined
  }

  /** Labelled ready images that vote, with their class: a person's label before the given one; neither 'none' nor 'unsure'; not dropped. */
  voters(): { imageIds: Int32Array; classIds: Int32Array } {
    const [imageIds = new Int32Array(), classIds = new Int32Array()] = columnsOf(
      this.#db
        .prepare<[], [number, number]>(
          `SELECT image.id, COALESCE(class.merged_into, class.id)
           FROM image LEFT JOIN label ON label.image_id = image.id LEFT JOIN given_label ON given_label.image_id = image.id
           JOIN class ON class.id = CASE WHEN label.state = 'class' THEN label.class_id WHEN label.state IS NULL THEN given_label.class_id END AND class.removed = 0
           WHERE image.state = 'ready' AND NOT EXISTS (SELECT 1 FROM verdict WHERE verdict.image_id = image.id AND value = 'drop')
           ORDER BY image.id`
        )
        .raw()
        .iterate(),
      2
    )
    return { imageIds, classIds }
  }

  /**
   * Ready images without a label, or with a person's 'unsure': those are worth another look. 'none of the classes' is an answer, and is
   * not predicted again. Dropped ones are predicted too (the verdict may be undone), though the queue does not show them.
   */
  unlabelled(): Int32Array {
    const [ids = new Int32Array()] = columnsOf(
      this.#db
        .prepare<[], [number]>(
          `SELECT image.id FROM image LEFT JOIN label ON label.image_id = image.id LEFT JOIN given_label ON given_label.image_id = image.id
           WHERE image.state = 'ready' AND (label.state = 'unsure' OR (label.state IS NULL AND given_label.image_id IS NULL)) ORDER BY image.id`
        )
        .raw()
        .iterate(),
      1
    )
    return ids
  }

  /** Ready images that are equal by byte, and those that are equal by pixel. */
  identical(): ImageGroups[] {
    return (['sha256', 'pixel_hash'] as const).map((column) => {
      const rows = this.#db
        .prepare<[], [number, Buffer]>(
          `SELECT id, ${column} FROM image WHERE state = 'ready' AND ${column} IN
             (SELECT ${column} FROM image WHERE state = 'ready' AND ${column} IS NOT NULL GROUP BY ${column} HAVING COUNT(*) > 1)`
        )
        .raw()
      const places = new Map<string, number>()
      const [imageIds = new Int32Array(), groups = new Int32Array()] = columnsOf(
        (function* () {
          for (const [id, hash] of rows.iterate()) {
            const name = hash.toString('latin1')
            const place = places.get(name) ?? places.size
            places.set(name, place)
            yield [id, place]
          }
        })(),
        2
      )
      return { imageIds, groups }
    })
  }

  /** Runs that were not finished, with what they were made from. */
  unfinishedRuns(): { id: number; params: unknown }[] {
    return this.#db
      .prepare<[], { id: number; params: string }>("SELECT id, params FROM run WHERE kind = 'knn' AND finished_at IS NULL ORDER BY id")
      .all()
      .map(({ id, params }) => ({ id, params: JSON.parse(params) as unknown }))
  }

  predictedImages(runId: number): Int32Array {
    const rows = this.#db.prepare<[number], [number]>('SELECT image_id FROM prediction WHERE run_id = ? AND rank = 0 ORDER BY image_id').raw()
    return columnsOf(rows.iterate(runId), 1)[0] ?? new Int32Array()
  }

  /** Finished runs beyond the newest `kept`, oldest first. */
  oldRuns(kept: number): number[] {
    return this.#db
      .prepare<[number], number>("SELECT id FROM run WHERE kind = 'knn' AND finished_at IS NOT NULL ORDER BY id DESC LIMIT -1 OFFSET ?")
      .pluck()
      .all(kept)
      .toReversed()
  }

  /** Finished runs, newest first. For imports, `predicted` is how many images carry a label of theirs. */
  runs(): LabelRun[] {
    return this.#db
      .prepare<[], RunRow>(
        `SELECT run.id, run.kind, started_at AS startedAt, finished_at AS finishedAt, descriptor_id AS descriptorId, descriptor.model
         FROM run LEFT JOIN descriptor ON descriptor.id = run.descriptor_id
         WHERE run.kind IN ('folders', 'csv', 'knn') AND finished_at IS NOT NULL ORDER BY run.id DESC LIMIT 50`
      )
      .all()
      .map((run) => (run.kind === 'knn' ? { ...run, ...this.#review(run.id) } : { ...run, ...this.#given(run.id) }))
  }

  #given(runId: number): Pick<LabelRun, 'predicted' | 'open' | 'accepted' | 'rejected' | 'scores'> {
    const predicted = this.#db.prepare('SELECT COUNT(*) FROM given_label WHERE run_id = ?').pluck().get(runId) as number
    return { predicted, open: 0, accepted: 0, rejected: 0, scores: null }
  }

  #review(runId: number): Pick<LabelRun, 'predicted' | 'open' | 'accepted' | 'rejected' | 'scores'> {
    const scores = this.#scores(runId)
    const predicted = scores.counts.reduce((sum, count) => sum + count, 0)
    // By way of what people said, which is less than what the machine did.
    const said = this.#db
      .prepare<[number], { labelled: number; accepted: number | null; rejected: number | null }>(
        `SELECT COUNT(*) AS labelled,
           SUM(label.state = 'class' AND COALESCE(own.merged_into, own.id) = COALESCE(proposed.merged_into, proposed.id)) AS accepted,
           SUM(label.state = 'none' OR (label.state = 'class' AND COALESCE(own.merged_into, own.id) <> COALESCE(proposed.merged_into, proposed.id))) AS rejected
         FROM label JOIN prediction ON prediction.run_id = ? AND prediction.image_id = label.image_id AND rank = 0
         JOIN class AS proposed ON proposed.id = prediction.class_id LEFT JOIN class AS own ON own.id = label.class_id`
      )
      .get(runId)
    const dropped = this.#db
      .prepare(
        `SELECT COUNT(*) FROM verdict JOIN prediction ON prediction.run_id = ? AND prediction.image_id = verdict.image_id AND rank = 0
         WHERE value = 'drop' AND NOT EXISTS (SELECT 1 FROM label WHERE label.image_id = verdict.image_id)`
      )
      .pluck()
      .get(runId) as number
    return { predicted, open: predicted - (said?.labelled ?? 0) - dropped, accepted: said?.accepted ?? 0, rejected: said?.rejected ?? 0, scores }
  }

  #scores(runId: number): Histogram {
    const counts = Array.from({ length: bins }, () => 0)
    const rows = this.#db
      .prepare<[number, number, number], { bin: number; count: number }>(
        'SELECT MIN(CAST(score * ? AS INTEGER), ?) AS bin, COUNT(*) AS count FROM prediction WHERE run_id = ? AND rank = 0 GROUP BY bin'
      )
      .all(bins, bins - 1, runId)
    for (const { bin, count } of rows) counts[bin] = count
    return { from: 0, to: 1, counts }
  }

  /** Images of a run in the order asked for. open: nobody has labelled or dropped them; decided: a person said something of the label. */
  queue({ runId, order, classId, minScore, maxScore, state }: LabelQueueRequest): { ids: Int32Array; marks: { label: string; index: number }[] } {
    const where = [
      'first.run_id = @runId AND first.rank = 0 AND first.class_id NOT IN (SELECT id FROM class WHERE removed = 1)',
      ...(classId === undefined ? [] : ['first.class_id IN (SELECT own.id FROM class AS asked JOIN class AS own ON COALESCE(own.merged_into, own.id) = COALESCE(asked.merged_into, asked.id) WHERE asked.id = @classId)']),
      ...(minScore === undefined ? [] : ['first.score >= @minScore']),
      ...(maxScore === undefined ? [] : ['first.score <= @maxScore']),
      ...(state === 'open' ? ['label.image_id IS NULL', "(verdict.value IS NULL OR verdict.value <> 'drop')"] : state === 'decided' ? ['label.image_id IS NOT NULL'] : [])
    ]
    const rows = this.#db
      .prepare<[Record<string, number>], [number, string]>(
        `SELECT first.image_id, ${order === 'class' ? 'live.name' : "''"}
         FROM prediction AS first JOIN image ON image.id = first.image_id AND image.state = 'ready'
         ${order === 'class' ? 'JOIN class ON class.id = first.class_id JOIN class AS live ON live.id = COALESCE(class.merged_into, class.id)' : ''}
         LEFT JOIN label ON label.image_id = first.image_id LEFT JOIN verdict ON verdict.image_id = first.image_id
         ${order === 'smallest-margin' ? 'LEFT JOIN prediction AS second ON second.run_id = first.run_id AND second.image_id = first.image_id AND second.rank = 1' : ''}
         WHERE ${where.join(' AND ')} ORDER BY ${orders[order]}, first.image_id`
      )
      .raw()
    const marks: { label: string; index: number }[] = []
    const values = { runId, ...(classId === undefined ? {} : { classId }), ...(minScore === undefined ? {} : { minScore }), ...(maxScore === undefined ? {} : { maxScore }) }
    const [ids = new Int32Array()] = columnsOf(
      (function* () {
        let index = 0
        for (const [id, name] of rows.iterate(values)) {
          if (order === 'class' && marks.at(-1)?.label !== name) marks.push({ label: name, index })
          index++
          yield [id]
        }
      })(),
      1
    )
    return { ids, marks }
  }

  /** The candidates of these images in a run, best first; of classes that have been merged since, the better one speaks for both. */
  candidates(runId: number, ids: readonly number[]): StoredCandidate[] {
    const select = this.#db.prepare<[number, number], { classId: number; className: string; score: number; nearestId: number | null; similarity: number | null }>(
      `SELECT live.id AS classId, live.name AS className, score, image.id AS nearestId, nearest_similarity AS similarity
       FROM prediction JOIN class ON class.id = class_id JOIN class AS live ON live.id = COALESCE(class.merged_into, class.id)
       LEFT JOIN image ON image.id = nearest_id AND image.state = 'ready'
       WHERE run_id = ? AND image_id = ? AND live.removed = 0 ORDER BY rank`
    )
    return ids.flatMap((imageId) => {
      const seen = new Set<number>()
      return select.all(runId, imageId).flatMap(({ nearestId, similarity, ...candidate }) => {
        if (seen.has(candidate.classId)) return []
        seen.add(candidate.classId)
        return { imageId, ...candidate, nearest: nearestId === null || similarity === null ? null : { imageId: nearestId, similarity } }
      })
    })
  }
}

const orders: Readonly<Record<LabelQueueRequest['order'], string>> = {
  surest: 'first.score DESC',
  'least-sure': 'first.score ASC',
  'smallest-margin': 'first.score - COALESCE(second.score, 0) ASC',
  class: 'live.name COLLATE NOCASE, live.id, first.score DESC',
  path: 'image.root_id, image.path'
}

export class PredictionWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** Candidates of some images; those of an image that has gone meanwhile are left out. Short calls: a few thousand images at a time. */
  add(runId: number, queries: Int32Array, { candidates, counts, classIds, scores, nearestIds, nearestSimilarities }: Votes): void {
    const exists = this.#db.prepare('SELECT 1 FROM image WHERE id = ?').pluck()
    const insert = this.#db.prepare('INSERT OR REPLACE INTO prediction (run_id, image_id, rank, class_id, score, nearest_id, nearest_similarity) VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#db.transaction(() => {
      queries.forEach((imageId, query) => {
        if (exists.get(imageId) === undefined) return
        for (let rank = 0; rank < (counts[query] ?? 0); rank++) {
          const at = query * candidates + rank
          insert.run(runId, imageId, rank, classIds[at], scores[at], nearestIds[at], nearestSimilarities[at])
        }
      })
    })()
  }

  /** Removes part of a run's predictions, and at the end the run; returns whether it is gone. Call it until it is, so that no call is long. */
  removeSome(runId: number, images = 5000): boolean {
    return this.#db.transaction(() => {
      const last = this.#db
        .prepare<[number, number], number>('SELECT image_id FROM prediction WHERE run_id = ? AND rank = 0 ORDER BY image_id LIMIT 1 OFFSET ?')
        .pluck()
        .get(runId, images)
      if (last !== undefined) {
        this.#db.prepare('DELETE FROM prediction WHERE run_id = ? AND image_id < ?').run(runId, last)
        return false
      }
      this.#db.prepare('DELETE FROM run WHERE id = ?').run(runId)
      return true
    })()
  }
}

/** Rows as typed columns, without an array of rows in between. */
function columnsOf(rows: Iterable<readonly number[]>, width: number): Int32Array[] {
  let columns = Array.from({ length: width }, () => new Int32Array(1024))
  let length = 0
  for (const row of rows) {
    if (length === columns[0]?.length) {
      columns = columns.map((column) => {
        const larger = new Int32Array(column.length * 2)
        larger.set(column)
        return larger
      })
    }
    for (let i = 0; i < width; i++) (columns[i] as Int32Array)[length] = row[i] ?? 0
    length++
  }
  return columns.map((column) => column.slice(0, length))
}
