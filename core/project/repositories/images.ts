import type { Database } from 'better-sqlite3'
import type { ImageRole } from '../../contract/common.ts'
import type { ImageDetails, ImageFacets, ImageFilter, ImageRow, ImageSort, LabelState, VerdictValue, ImageFailure, ImageState } from '../../contract/images.ts'
import type { ProjectInfo } from '../../contract/project.ts'
import { cleaningReasonPattern } from '../../domain/cleaningReason.ts'
import type { PackExtent } from '../../images/thumbPack.ts'
import { disagreement, effectiveClass, ImageQuery, labelled, role } from './imageQuery.ts'
import { listClasses } from './classNames.ts'
import { liveRunOf } from './predictions.ts'

/** A filtered, ordered list of images, and where each folder or class starts in it. */
export interface ViewList {
  readonly ids: Int32Array
  readonly marks: { label: string; index: number }[]
}

/** Where a thumbnail lies in the project's packs. */
export interface StoredThumb {
  readonly pack: number
  readonly offset: number
  readonly length: number
}

/** An image's file, for whoever reads it. */
export interface StoredFile {
  readonly root: string
  readonly pathRaw: Uint8Array
  readonly state: ImageState
  readonly format: string | null
  readonly colour: string | null
  readonly svg: boolean
}

/** An image that is to be read (again). */
export interface FileToRead {
  readonly imageId: number
  readonly rootId: number
  readonly root: string
  readonly pathRaw: Uint8Array
  readonly path: string
  readonly state: ImageState
  readonly svg: boolean
  readonly known: Uint8Array | null
}

interface FullRow {
  id: number; path: string; folder: string; state: ImageState; failure: ImageFailure | null; failure_detail: string | null; width: number | null; height: number | null
  thumb_pack: number | null; role: ImageRole; bytes: number; mtime_ms: number; format: string | null; colour: string | null; depth: number | null
  has_alpha: number | null; orientation: number | null; sha256: Buffer | null; pixel_hash: Buffer | null; phash: Buffer | null
  sharpness: number | null; exposure: number | null; contrast: number | null; entropy: number | null; compression: number | null
  identity: string | null; fold: number | null; protected: number; root: string; pinned: number
  given_class_id: number | null
  label_state: LabelState | null; label_class_id: number | null; label_source: string | null; label_score: number | null; label_run_id: number | null
  guess_class_id: number | null; guess_score: number | null
  verdict: VerdictValue | null; verdict_reason: string | null; keeper_id: number | null; similarity: number | null
}

const rowColumns = /* sql */ `
  image.id, image.path, image.state, image.failure, image.width, image.height, image.thumb_pack, ${role} AS role,
  given.class_id AS given_class_id,
  label.state AS label_state, label.class_id AS label_class_id, label.source AS label_source, label.score AS label_score, label.run_id AS label_run_id,
  guess.class_id AS guess_class_id, guess.score AS guess_score,
  verdict.value AS verdict, verdict.reason AS verdict_reason`

const detailColumns = /* sql */ `${rowColumns},
  image.folder, image.failure_detail, image.bytes, image.mtime_ms, image.format, image.colour, image.depth, image.has_alpha, image.orientation,
  image.sha256, image.pixel_hash, image.phash, image.sharpness, image.exposure, image.contrast, image.entropy, image.compression,
  image.identity, image.fold, COALESCE(image.protected, root.protected) AS protected, root.path AS root,
  EXISTS (SELECT 1 FROM pin WHERE pin.image_id = image.id) AS pinned, verdict.keeper_id, verdict.similarity`

type Details = Omit<ImageDetails, 'history'>

export class ImageReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** `images` leaves out the missing ones; `labelled` and `predicted` count images that are there. */
  counts(): ProjectInfo['counts'] {
    const states = new Map(this.#db.prepare<[], { state: ImageState; count: number }>('SELECT state, COUNT(*) AS count FROM image GROUP BY state').all().map(({ state, count }) => [state, count]))
    const of = (state: ImageState): number => states.get(state) ?? 0
    const query = (columns: string, build: (query: ImageQuery) => ImageQuery): number => {
      const built = build(new ImageQuery().filter({}, liveRunOf(this.#db))).where(`image.state <> 'missing'`)
      return this.#db.prepare(built.sql(columns)).pluck().get(built.bindings) as number
    }
    const verdicts = new Map(
      this.#db.prepare<[], { value: VerdictValue; count: number }>('SELECT value, COUNT(*) AS count FROM verdict GROUP BY value').all().map(({ value, count }) => [value, count])
    )
    return {
      images: of('ready') + of('failed') + of('new'),
      ready: of('ready'),
      failed: of('failed'),
      missing: of('missing'),
      new: of('new'),
      labelled: query('COUNT(*)', (built) => built.with('said').where(labelled)),
      human: this.#db.prepare('SELECT COUNT(*) FROM label').pluck().get() as number,
      predicted: liveRunOf(this.#db) === null ? 0 : query('COUNT(*)', (built) => built.with('guess').where('guess.image_id IS NOT NULL')),
      kept: verdicts.get('keep') ?? 0,
      dropped: verdicts.get('drop') ?? 0,
      unsure: verdicts.get('unsure') ?? 0
    }
  }

  view(filter: ImageFilter, sort: ImageSort): ViewList {
    const query = new ImageQuery().filter(filter, liveRunOf(this.#db)).sort(sort)
    // Numbers alone: with a name beside each, a hundred thousand images would be a hundred thousand small arrays.
    const ids = Int32Array.from(this.#db.prepare(query.sql('image.id')).pluck().all(query.bindings) as number[])
    if (sort === 'path') return { ids, marks: this.#marks(query, 'image.folder', 'image.root_id, image.folder') }
    if (sort === 'class') return { ids, marks: this.#marks(query, 'shown.name', 'shown.name COLLATE NOCASE NULLS LAST, shown.id') }
    return { ids, marks: [] }
  }

  /** Where each group begins in a list that is ordered by `order` first. */
  #marks(query: ImageQuery, label: string, order: string): ViewList['marks'] {
    const groups = this.#db.prepare(query.grouped(`${label} AS label, COUNT(*) AS count`, order)).all(query.bindings) as { label: string | null; count: number }[]
    let index = 0
    return groups.map(({ label, count }) => {
      const mark = { label: label ?? 'no class', index }
      index += count
      return mark
    })
  }

  /** Images that a chosen cell of the cleaning rule dropped. */
  droppedByCleaning(): Int32Array {
    return Int32Array.from(this.#db.prepare(`SELECT image_id FROM verdict WHERE value = 'drop' AND reason GLOB ?`).pluck().all(cleaningReasonPattern) as number[])
  }

  /** Rows in the order of `ids`; images that are not in the project (any more) are left out. */
  rows(ids: readonly number[]): ImageRow[] {
    const query = new ImageQuery().filter({ ids: [...ids] }, liveRunOf(this.#db)).with('root', 'label', 'given', 'guess', 'verdict')
    const names = this.#classNames()
    const found = new Map((this.#db.prepare(query.sql(rowColumns)).all(query.bindings) as FullRow[]).map((row) => [row.id, toImageRow(row, names)]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  /** Everything known of one image, but for the log; null where there is no such image. */
  details(id: number): Details | null {
    const query = new ImageQuery().filter({ ids: [id] }, liveRunOf(this.#db)).with('root', 'label', 'given', 'guess', 'verdict')
    const row = this.#db.prepare(query.sql(detailColumns)).get(query.bindings) as FullRow | undefined
    if (!row) return null
    const names = this.#classNames()
    return {
      ...toImageRow(row, names),
      root: row.root,
      folder: row.folder,
      bytes: row.bytes,
      modifiedAt: row.mtime_ms,
      failureDetail: row.failure_detail,
      format: row.format,
      colour: row.colour,
      depth: row.depth,
      hasAlpha: row.has_alpha === null ? null : row.has_alpha === 1,
      orientation: row.orientation,
      sha256: row.sha256?.toString('hex') ?? null,
      pixelHash: row.pixel_hash?.toString('hex') ?? null,
      phash: row.phash?.subarray(0, 8).toString('hex') ?? null,
      sharpness: row.sharpness,
      exposure: row.exposure,
      contrast: row.contrast,
      entropy: row.entropy,
      compression: row.compression,
      identity: row.identity,
      fold: row.fold,
      protected: row.protected === 1,
      pinned: row.pinned === 1,
      keeperId: row.keeper_id,
      similarity: row.similarity,
      predictions: this.#predictions(id, names),
      descriptors: this.#db.prepare('SELECT descriptor.model FROM vector JOIN descriptor ON descriptor.id = vector.descriptor_id WHERE vector.image_id = ? AND vector.part = 0 ORDER BY descriptor.id').pluck().all(id) as string[]
    }
  }

  /** Candidates of the newest run, best first. */
  #predictions(id: number, names: ReadonlyMap<number, NamedClass>): Details['predictions'] {
    const run = liveRunOf(this.#db)
    return this.#db
      .prepare<[number | null, number], { runId: number; classId: number; score: number }>(
        'SELECT run_id AS runId, class_id AS classId, score FROM prediction WHERE run_id = ? AND image_id = ? ORDER BY rank'
      )
      .all(run, id)
      .map(({ runId, classId, score }) => ({ runId, score, classId: names.get(classId)?.id ?? classId, className: names.get(classId)?.name ?? '' }))
  }

  /** How many images there would be for each value. A facet does not narrow itself: its counts are those without its own condition. */
  facets(filter: ImageFilter): ImageFacets {
    const run = liveRunOf(this.#db)
    const counted = (value: string, key: keyof ImageFilter, prepare: (query: ImageQuery) => ImageQuery = (query) => query, id = 'NULL'): ImageFacets['state'] => {
      const query = prepare(new ImageQuery().filter(filter, run, key))
      const rows = this.#db.prepare(`SELECT value, id, COUNT(*) AS count FROM (${query.sql(`${value} AS value, ${id} AS id`)}) WHERE value IS NOT NULL GROUP BY value, id ORDER BY count DESC, value`)
        .all(query.bindings) as { value: string; id: number | null; count: number }[]
      return rows.map((row) => ({ value: row.value, count: row.count, ...(row.id === null ? {} : { id: row.id }) }))
    }
    const total = new ImageQuery().filter(filter, run)
    return {
      total: this.#db.prepare(total.sql('COUNT(*)')).pluck().get(total.bindings) as number,
      state: counted('image.state', 'state'),
      failure: counted('image.failure', 'failure'),
      format: counted('image.format', 'format'),
      role: counted(role, 'role', (query) => query.with('root')),
      class: counted('shown.name', 'classId', (query) => query.with('shown'), effectiveClass),
      folder: counted('image.folder', 'folder'),
      label: this.#labelFacet(filter, run),
      verdict: counted(`COALESCE(verdict.value, 'undecided')`, 'verdict', (query) => query.with('verdict'))
    }
  }

  /** These overlap, so they are sums and not groups. */
  #labelFacet(filter: ImageFilter, run: number | null): ImageFacets['label'] {
    const query = new ImageQuery().filter(filter, run, 'label').with('said', 'guess')
    const sums = this.#db.prepare(query.sql(`SUM(${labelled}) AS labelled, SUM(NOT (${labelled})) AS unlabelled, COUNT(label.image_id) AS human,
      SUM(label.state IS 'unsure') AS unsure, SUM(label.state IS 'none') AS none, SUM(COALESCE(${disagreement}, 0)) AS disagree`)).get(query.bindings) as Record<string, number | null>
    return Object.entries(sums).map(([value, count]) => ({ value, count: count ?? 0 })).filter(({ count }) => count > 0)
  }

  thumb(id: number): StoredThumb | null {
    return this.#db
      .prepare<[number], StoredThumb>('SELECT thumb_pack AS pack, thumb_offset AS offset, thumb_length AS length FROM image WHERE id = ? AND thumb_pack IS NOT NULL')
      .get(id) ?? null
  }

  /** Every pack that thumbnails lie in, as far as it is used. */
  thumbPacks(): PackExtent[] {
    return this.#db
      .prepare<[], PackExtent>('SELECT thumb_pack AS pack, MAX(thumb_offset + thumb_length) AS bytes FROM image WHERE thumb_pack IS NOT NULL GROUP BY thumb_pack')
      .all()
  }

  /**
   * The files of these images as a vision worker is asked to read them, in order of id; with the hash of the content that was measured last, unless
   * the thumbnail of it was lost: then it is measured again.
   */
  filesToRead(ids: Int32Array): FileToRead[] {
    return this.#db
      .prepare<[string], Omit<FileToRead, 'svg'> & { svg: number }>(
        `SELECT image.id AS imageId, image.root_id AS rootId, root.path AS root, image.path_raw AS pathRaw, image.path, image.state, root.svg,
           CASE WHEN image.thumb_pack IS NOT NULL THEN image.sha256 END AS known
         FROM image JOIN root ON root.id = image.root_id WHERE image.id IN (SELECT value FROM json_each(?)) ORDER BY image.id`
      )
      .all(JSON.stringify([...ids]))
      .map((row) => ({ ...row, svg: row.svg === 1 }))
  }

  /** The folders that may be read, and nothing else about them: this is asked for every picture that is shown. */
  rootPaths(): string[] {
    return this.#db.prepare('SELECT path FROM root').pluck().all() as string[]
  }

  file(id: number): StoredFile | null {
    const row = this.#db
      .prepare<[number], Omit<StoredFile, 'svg'> & { svg: number }>(
        `SELECT root.path AS root, image.path_raw AS pathRaw, image.state, image.format, image.colour, root.svg
         FROM image JOIN root ON root.id = image.root_id WHERE image.id = ?`
      )
      .get(id)
    return row ? { ...row, svg: row.svg === 1 } : null
  }

  #classNames(): ReadonlyMap<number, NamedClass> {
    const classes = listClasses(this.#db)
    const names = new Map(classes.map(({ id, name }) => [id, name]))
    return new Map(classes.map(({ id, mergedInto }) => {
      const shown = mergedInto ?? id
      return [id, { id: shown, name: names.get(shown) ?? '' }]
    }))
  }
}

interface NamedClass {
  readonly id: number
  readonly name: string
}

function toImageRow(row: FullRow, names: ReadonlyMap<number, NamedClass>): ImageRow {
  const named = (id: number | null): NamedClass | null => (id === null ? null : (names.get(id) ?? null))
  const given = named(row.given_class_id)
  const human = named(row.label_class_id)
  const guess = named(row.guess_class_id)
  const spoken = row.label_state === 'class' || row.label_state === 'none'
  return {
    id: row.id,
    path: row.path,
    name: row.path.slice(row.path.lastIndexOf('/') + 1),
    state: row.state,
    failure: row.failure,
    width: row.width,
    height: row.height,
    thumb: row.thumb_pack !== null,
    className: (spoken ? human : given)?.name ?? null,
    labelSource: spoken ? 'human' : given ? 'given' : null,
    label: row.label_state === null ? null : {
      state: row.label_state,
      classId: human?.id ?? null,
      className: human?.name ?? null,
      source: row.label_source ?? '',
      score: row.label_score,
      runId: row.label_run_id
    },
    givenClassName: given?.name ?? null,
    prediction: guess && row.guess_score !== null ? { className: guess.name, score: row.guess_score } : null,
    verdict: row.verdict,
    verdictReason: row.verdict_reason,
    role: row.role
  }
}
