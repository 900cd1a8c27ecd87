import type { ImageFilter, ImageSort } from '../../contract/images.ts'

/** Values of a prepared statement, by name. */
export type Bindings = Record<string, string | number | null>

/** The tables that a query over images may need beside `image`; each row of `image` stays one row. */
const joins = {
  root: 'JOIN root ON root.id = image.root_id',
  label: 'LEFT JOIN label ON label.image_id = image.id',
  given: 'LEFT JOIN given_label AS given ON given.image_id = image.id LEFT JOIN class AS given_class ON given_class.id = given.class_id',
  said: `LEFT JOIN class AS said ON said.id = CASE label.state WHEN 'class' THEN label.class_id WHEN 'none' THEN NULL ELSE given.class_id END`,
  shown: 'LEFT JOIN class AS shown ON shown.id = COALESCE(said.merged_into, said.id)',
  guess: 'LEFT JOIN prediction AS guess ON guess.run_id = @run AND guess.image_id = image.id AND guess.rank = 0 LEFT JOIN class AS guess_class ON guess_class.id = guess.class_id',
  verdict: 'LEFT JOIN verdict ON verdict.image_id = image.id'
} as const
type Join = keyof typeof joins
const needs: Partial<Record<Join, readonly Join[]>> = { said: ['label', 'given'], shown: ['said'] }

/** The effective class: what a person said, else what came with the data; a merged class counts as the one it went into. */
export const effectiveClass = 'COALESCE(said.merged_into, said.id)'
const predictedClass = 'COALESCE(guess_class.merged_into, guess_class.id)'
export const givenClass = 'COALESCE(given_class.merged_into, given_class.id)'
export const role = 'COALESCE(image.role, root.role)'

export const labelled = `${effectiveClass} IS NOT NULL`
/** The sources differ: person and data, or label and prediction. */
export const disagreement = /* sql */ `(
  (label.state = 'class' AND ${givenClass} IS NOT NULL AND ${givenClass} <> ${effectiveClass})
  OR (label.state = 'none' AND given.class_id IS NOT NULL)
  OR (${effectiveClass} IS NOT NULL AND ${predictedClass} IS NOT NULL AND ${predictedClass} <> ${effectiveClass}))`

const labelConditions = {
  labelled,
  unlabelled: `${effectiveClass} IS NULL`,
  human: 'label.image_id IS NOT NULL',
  unsure: `label.state = 'unsure'`,
  none: `label.state = 'none'`,
  disagree: disagreement
} as const

/** A query over images, put together from what a filter and a sort ask for. */
export class ImageQuery {
  readonly bindings: Bindings = {}
  readonly #joins = new Set<Join>()
  readonly #conditions: string[] = []
  #order = ''

  /** Makes sure that the columns of these tables can be used. */
  with(...names: readonly Join[]): this {
    for (const name of names) {
      this.with(...(needs[name] ?? []))
      this.#joins.add(name)
    }
    return this
  }

  where(condition: string, bindings: Bindings = {}): this {
    this.#conditions.push(condition)
    Object.assign(this.bindings, bindings)
    return this
  }

  /** The conditions of a filter, but for the one named `except`. `run`: the run whose predictions count; null for none. */
  filter(filter: ImageFilter, run: number | null, except?: keyof ImageFilter): this {
    this.bindings.run = run
    const asked = <K extends keyof ImageFilter>(key: K): ImageFilter[K] | undefined => (key === except ? undefined : filter[key])
    const oneOf = (expression: string, key: 'state' | 'failure' | 'rootId' | 'format' | 'role' | 'classId' | 'ids'): void => {
      const values = asked(key)
      if (values) this.where(`${expression} IN (SELECT value FROM json_each(@${key}))`, { [key]: JSON.stringify(values) })
    }
    const text = asked('text')?.trim()
    if (text) this.where(String.raw`image.path LIKE @text ESCAPE '\'`, { text: `%${escapeLike(text)}%` })
    oneOf('image.id', 'ids')
    oneOf('image.state', 'state')
    oneOf('image.failure', 'failure')
    oneOf('image.root_id', 'rootId')
    oneOf('image.format', 'format')
    if (asked('role')) this.with('root')
    oneOf(role, 'role')
    if (asked('classId')) this.with('said')
    oneOf(effectiveClass, 'classId')
    const folders = asked('folder')
    if (folders) {
      // A folder holds what lies below it; '' is the root itself with the files directly in it.
      this.where(`EXISTS (SELECT 1 FROM json_each(@folder) AS wanted WHERE image.folder = wanted.value
        OR (wanted.value <> '' AND substr(image.folder, 1, length(wanted.value) + 1) = wanted.value || '/'))`, { folder: JSON.stringify(folders) })
    }
    const labels = asked('label')
    if (labels) {
      this.with('said')
      if (labels.includes('disagree')) this.with('guess')
      this.where(labels.length === 0 ? '0' : `(${labels.map((label) => labelConditions[label]).join(' OR ')})`)
    }
    const verdicts = asked('verdict')
    if (verdicts) this.with('verdict').where(`COALESCE(verdict.value, 'undecided') IN (SELECT value FROM json_each(@verdict))`, { verdict: JSON.stringify(verdicts) })
    const minWidth = asked('minWidth')
    if (minWidth !== undefined) this.where('image.width >= @minWidth', { minWidth })
    const minScore = asked('minScore')
    if (minScore !== undefined) this.with('guess').where('guess.score >= @minScore', { minScore })
    const maxScore = asked('maxScore')
    if (maxScore !== undefined) this.with('guess').where('guess.score <= @maxScore', { maxScore })
    const isProtected = asked('protected')
    if (isProtected !== undefined) this.with('root').where('COALESCE(image.protected, root.protected) = @protected', { protected: Number(isProtected) })
    return this
  }

  /** Every order ends with the id, so that equal values never change places. */
  sort(sort: ImageSort): this {
    const by = orders[sort]
    this.with(...by.joins)
    this.#order = `ORDER BY ${by.order}`
    return this
  }

  sql(columns: string): string {
    return `${this.#select(columns)} ${this.#order}`
  }

  /** One row for each group of images that `order` does not tell apart, in that order. */
  grouped(columns: string, order: string): string {
    return `${this.#select(columns)} GROUP BY ${order.replaceAll(' NULLS LAST', '')} ORDER BY ${order}`
  }

  #select(columns: string): string {
    const tables = (Object.keys(joins) as Join[]).filter((name) => this.#joins.has(name)).map((name) => joins[name])
    return `SELECT ${columns} FROM image ${tables.join(' ')} ${this.#conditions.length > 0 ? `WHERE ${this.#conditions.join(' AND ')}` : ''}`
  }
}

const path = 'image.root_id, image.folder, image.path, image.id'
const orders: Readonly<Record<ImageSort, { readonly order: string; readonly joins: readonly Join[] }>> = {
  path: { order: path, joins: [] },
  newest: { order: 'image.mtime_ms DESC, image.id', joins: [] },
  oldest: { order: 'image.mtime_ms, image.id', joins: [] },
  largest: { order: 'image.width * image.height DESC NULLS LAST, image.id', joins: [] },
  smallest: { order: 'image.width * image.height NULLS LAST, image.id', joins: [] },
  sharpest: { order: 'image.sharpness DESC NULLS LAST, image.id', joins: [] },
  blurriest: { order: 'image.sharpness NULLS LAST, image.id', joins: [] },
  brightest: { order: 'image.exposure DESC NULLS LAST, image.id', joins: [] },
  darkest: { order: 'image.exposure NULLS LAST, image.id', joins: [] },
  class: { order: `shown.name COLLATE NOCASE NULLS LAST, shown.id, ${path}`, joins: ['shown'] },
  'score-high': { order: 'guess.score DESC NULLS LAST, image.id', joins: ['guess'] },
  'score-low': { order: 'guess.score NULLS LAST, image.id', joins: ['guess'] }
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`)
