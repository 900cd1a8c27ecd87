import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { ImageFilter } from '../../contract/images.ts'
import { effectiveClass, givenClass, ImageQuery } from './imageQuery.ts'
import { liveRunOf } from './predictions.ts'
import { VetoReads } from './vetoes.ts'

/** Which class an image counts as: what a person said, else what came with the data; only the one or the other; or the identity instead of the class. */
export type LabelSource = 'effective' | 'human' | 'given' | 'identity'

export interface LabelColumns {
  readonly imageIds: Int32Array
  /** Class ids; for identities, numbers of `names`. */
  readonly labels: Int32Array
  /** Label -> name. */
  readonly names: [number, string][]
}

/** What recipes read of a project. */
export class RecipeInputReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Ready images that pass, ascending, and a hash of which they are and what they show. `withoutDropped`: not those that a person dropped;
   * `withoutVetoed`: not those that an applied veto list names (vetoes of pairs and of other images change nothing here).
   */
  select(filter: ImageFilter, { withoutDropped, withoutVetoed }: { withoutDropped: boolean; withoutVetoed: boolean }): { ids: Int32Array; hash: string } {
    const query = new ImageQuery().filter(filter, liveRunOf(this.#db)).where("image.state = 'ready'")
    if (withoutDropped) query.with('verdict').where("verdict.value IS NOT 'drop'")
    const passing = Int32Array.from((this.#db.prepare(query.sql('image.id')).pluck().all(query.bindings) as number[])).sort()
    const vetoed = new Set(withoutVetoed ? new VetoReads(this.#db).applied().images : [])
    const ids = vetoed.size === 0 ? passing : passing.filter((id) => !vetoed.has(id))
    return { ids, hash: this.#contentHash(ids) }
  }

  /** The labels of images, ascending by image; images without one are left out. */
  labels(source: LabelSource, imageIds: Int32Array | null): LabelColumns {
    const rows = source === 'identity' ? this.#identities() : this.#classes(source)
    const wanted = imageIds ? new Set(imageIds) : null
    const kept = wanted ? rows.filter(([image]) => wanted.has(image)) : rows
    const names = new Map(kept.map(([, label, name]) => [label, name]))
    return { imageIds: Int32Array.from(kept, ([image]) => image), labels: Int32Array.from(kept, ([, label]) => label), names: [...names].sort(([x], [y]) => x - y) }
  }

  /** Another text whenever an image has another label, or a label another name. */
  labelsHash(source: LabelSource): string {
    const { imageIds, labels, names } = this.labels(source, null)
    return createHash('sha256').update(imageIds).update(labels).update(JSON.stringify(names)).digest('hex')
  }

  /** Names (paths below their root) of images, those that are gone left out. */
  paths(ids: readonly number[]): [number, string][] {
    const find = this.#db.prepare('SELECT path FROM image WHERE id = ?').pluck()
    return ids.flatMap((id): [number, string][] => {
      const path = find.get(id) as string | undefined
      return path === undefined ? [] : [[id, path]]
    })
  }

  /** A hash of what images and classes are called: for steps that find them by name. */
  namesHash(): string {
    const hash = createHash('sha256')
    for (const sql of ['SELECT id, path FROM root ORDER BY id', 'SELECT id, name, merged_into, removed FROM class ORDER BY id', "SELECT id, root_id, path FROM image WHERE state = 'ready' ORDER BY id"]) {
      for (const row of this.#db.prepare<[]>(sql).raw().iterate() as IterableIterator<unknown[]>) hash.update(row.join('\t')).update('\n')
    }
    return hash.digest('hex')
  }

  #classes(source: Exclude<LabelSource, 'identity'>): [number, number, string][] {
    const query = new ImageQuery().filter({}, null).with('shown').where("image.state = 'ready'")
    if (source === 'human') query.where("label.state = 'class'")
    // The name is that of the class which a merged one went into, as its number is.
    const columns = source === 'given' ? `image.id, ${givenClass}, (SELECT name FROM class WHERE class.id = ${givenClass})` : `image.id, ${effectiveClass}, shown.name`
    return (this.#db.prepare(query.sql(columns)).raw().all(query.bindings) as [number, number | null, string][]).filter((row): row is [number, number, string] => row[1] !== null).sort(([x], [y]) => x - y)
  }

  #identities(): [number, number, string][] {
    const rows = this.#db.prepare("SELECT id, identity FROM image WHERE identity IS NOT NULL AND state = 'ready' ORDER BY id").raw().all() as [number, string][]
    const numbers = new Map<string, number>([...new Set(rows.map(([, name]) => name))].sort().map((name, i) => [name, i + 1]))
    return rows.map(([id, name]) => [id, numbers.get(name) ?? 0, name])
  }

  #contentHash(ids: Int32Array): string {
    const hash = createHash('sha256')
    const wanted = new Set(ids)
    for (const [id, sha256] of this.#db.prepare<[]>("SELECT id, sha256 FROM image WHERE state = 'ready' ORDER BY id").raw().iterate() as IterableIterator<[number, Buffer | null]>) {
      if (wanted.has(id)) hash.update(`${id}:`).update(sha256 ?? '')
    }
    return hash.digest('hex')
  }
}
