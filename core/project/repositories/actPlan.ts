import type { Database } from 'better-sqlite3'
import { classOfName, listClasses, type ClassRecord } from './classNames.ts'
import type { Projections } from './projections.ts'
import { checkClassName } from '../../domain/className.ts'
import type { EdgeKind } from '../../contract/duplicates.ts'
import { type GroupColumns, kinds as edgeKinds } from '../../dedupe/groupColumns.ts'
import { isCleaningReason } from '../../domain/cleaningReason.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { WinnowError } from '../../domain/errors.ts'
import { ChangeTable } from '../../review/changeTable.ts'
import type { FacetName, Values } from '../../review/facets.ts'
import { idSet } from '../../review/idSet.ts'
import type { Chosen, ResolvedAct } from '../../review/resolvedAct.ts'
import { formatted, sentences } from '../../review/sentences.ts'

/** What an act would change: worked out, not yet written. */
export interface ActPlan {
  readonly tables: readonly ChangeTable[]
  readonly summary: string
  /** Images touched; for acts about pairs and classes, those. */
  readonly count: number
  /** Whether a person took the machine's proposal; null where there was none. */
  readonly accepted: boolean | null
  readonly classId?: number
  /** The images that the act is about, where its changes do not say so themselves. */
  readonly touched?: Int32Array
  /** What to say where nothing changes; otherwise, that it was so already. */
  readonly nothing?: string
}

/** Turns an act into changes against what stands now. Throws NOT_FOUND, BAD_INPUT or CONFLICT. Call it inside the act's transaction. */
export class ActPlanner {
  readonly #db: Database
  readonly #now: Projections

  constructor(db: Database, projections: Projections) {
    this.#db = db
    this.#now = projections
  }

  plan(act: ResolvedAct, at: number): ActPlan {
    switch (act.kind) {
      case 'verdict': {
        const { chosen, value } = act
        return this.#same('verdict', chosen, value === null ? [null, null, null, null] : [value, act.reason ?? 'by hand', null, null], (count) => sentences.verdict(count, value))
      }
      case 'clean': return this.#clean(act)
      case 'label': return this.#label(act)
      case 'accept-predictions': return this.#acceptPredictions(act)
      case 'accept-groups': return this.#acceptGroups(act.groups, act.all)
      case 'keep-groups':
      case 'drop-groups':
      case 'clear-groups': {
        const [sentence, values]: [(count: number, groups: number) => string, Values] =
          act.kind === 'keep-groups' ? [sentences.keepGroups, ['keep', 'kept with its whole group', null, null]]
          : act.kind === 'drop-groups' ? [sentences.dropGroups, ['drop', 'dropped with its whole group', null, null]]
          : [sentences.clearGroups, [null, null, null, null]]
        const plan = this.#same('verdict', { ids: act.ids, named: false }, values, (count) => sentence(count, act.groups))
        return { ...plan, accepted: act.kind === 'clear-groups' ? null : false }
      }
      case 'relation':
      case 'break-group': return this.#relation(act)
      case 'accept-matches': return this.#acceptMatches(act)
      case 'pin-keeper': return this.#pin(act)
      case 'role': return this.#same('role', act.chosen, [act.value], (count) => sentences.role(count, act.value))
      case 'protect': return this.#same('protected', act.chosen, [act.value === null ? null : Number(act.value)], (count) => sentences.protect(count, act.value))
      case 'identity': return this.#same('identity', act.chosen, [act.value], (count) => sentences.identity(count, act.value))
      case 'fold': return this.#same('fold', act.chosen, [act.value], (count) => sentences.fold(count, act.value))
      case 'veto': return this.#veto(act)
      case 'veto-list': return this.#vetoList(act)
      case 'class-add': return this.#addClass(act.name, at)
      case 'class-rename': return this.#renameClass(act.classId, act.name)
      case 'class-merge': return this.#mergeClass(act.classId, act.into)
    }
  }

  /** The same record for every chosen image. */
  #same(facet: FacetName, chosen: Chosen, values: Values, sentence: (count: number) => string): ActPlan {
    return this.#each(facet, chosen, () => values, sentence)
  }

  /** A record for each chosen image; undefined leaves it as it is. */
  #each(facet: FacetName, { ids, named }: Chosen, valuesOf: (id: number, now: Values) => Values | undefined, sentence: (count: number) => string): ActPlan {
    const table = new ChangeTable(facet, Math.max(16, ids.length))
    for (const id of idSet(ids)) {
      const now = this.#now.read(facet, id)
      if (!now) {
        if (named) throw new WinnowError('NOT_FOUND', `There is no image ${id} in this project (any more). Load the list again.`)
        continue
      }
      const values = valuesOf(id, now.values)
      if (values) table.add(id, now.values, now.actId, values)
    }
    return { tables: [table], summary: sentence(table.rows), count: table.rows, accepted: null }
  }

  /** What a person kept stays, what was dropped keeps its reason; what an earlier cell dropped and this one keeps comes back. */
  #clean({ drops, keeps, reason }: Extract<ResolvedAct, { kind: 'clean' }>): ActPlan {
    const table = new ChangeTable('verdict', Math.max(16, drops.length + keeps.length))
    const goes = idSet(drops)
    const going = new IntIndex(goes)
    let dropped = 0
    for (const id of goes) {
      const now = this.#now.read('verdict', id)
      if (!now || now.values[0] === 'keep' || now.values[0] === 'drop') continue
      if (table.add(id, now.values, now.actId, ['drop', reason, null, null])) dropped++
    }
    for (const id of idSet(keeps)) {
      const now = this.#now.read('verdict', id)
      if (now && going.find(id) < 0 && now.values[0] === 'drop' && isCleaningReason(now.values[1])) table.add(id, now.values, now.actId, [null, null, null, null])
    }
    return { tables: [table], summary: sentences.clean(dropped, table.rows - dropped), count: table.rows, accepted: null }
  }

  #label({ chosen, state, classId, runId }: Extract<ResolvedAct, { kind: 'label' }>): ActPlan {
    if (state === 'class' && classId === null) throw new WinnowError('BAD_INPUT', 'Say which class: a label act of state "class" needs classId.')
    const target = state === 'class' && classId !== null ? this.#liveClass(classId) : null
    const top = runId === null ? null : this.#topCandidates(runId)
    let proposals = 0
    let taken = 0
    const plan = this.#each('label', chosen, (id) => {
      const first = top?.(id)
      if (first && state !== 'clear' && state !== 'unsure') proposals++
      if (state === 'clear') return [null, null, null, null, null]
      if (!target) return [state, null, 'human', runId, null]
      if (first?.classId === target.id) {
        taken++
        return ['class', target.id, 'prediction', runId, first.score]
      }
      return ['class', target.id, 'human', runId, null]
    }, (count) => sentences.label(count, state, target?.name ?? null))
    return { ...plan, accepted: proposals === 0 ? null : taken === proposals }
  }

  #acceptPredictions({ chosen, runId, minScore }: Extract<ResolvedAct, { kind: 'accept-predictions' }>): ActPlan {
    const top = this.#topCandidates(runId)
    let left = 0
    const plan = this.#each('label', chosen, (id, now) => {
      const first = top(id)
      if (!first || (minScore !== null && first.score < minScore)) return undefined
      // In bulk, what a person has said stands; an image that was named one by one is meant.
      if (!chosen.named && (now[0] === 'class' || now[0] === 'none')) {
        if (now[1] !== first.classId) left++
        return undefined
      }
      return ['class', first.classId, 'prediction', runId, first.score]
    }, (count) => sentences.acceptPredictions(count, minScore, left))
    return { ...plan, accepted: true, nothing: sentences.noPredictions(minScore, left) }
  }

  /**
   * Keepers stay, members go. With `all`, what a person said before stands: a member that was kept stays kept, and a group whose keeper was
   * dropped is left open (else all of its images would be gone).
   */
  #acceptGroups({ keepers, reasons, starts, members, kinds, similarities, distances }: GroupColumns, all: boolean): ActPlan {
    const table = new ChangeTable('verdict', Math.max(16, keepers.length + members.length))
    const pathOf = this.#db.prepare<[number], string>('SELECT path FROM image WHERE id = ?').pluck()
    let spared = 0
    let skipped = 0
    let dropped = 0
    let keepersUsed = 0
    keepers.forEach((keeper, group) => {
      const now = this.#now.read('verdict', keeper)
      if (!now) return
      if (all && now.values[0] === 'drop') {
        skipped++
        return
      }
      const path = pathOf.get(keeper) ?? ''
      table.add(keeper, now.values, now.actId, ['keep', `keeper of its group: ${reasons[group] ?? ''}`, null, null])
      const droppedBefore = dropped
      for (let i = starts[group] ?? 0; i < (starts[group + 1] ?? 0); i++) {
        const member = members[i] ?? 0
        const standing = this.#now.read('verdict', member)
        if (!standing) continue
        if (all && standing.values[0] === 'keep') {
          spared++
          continue
        }
        const similarity = similarities[i] ?? NaN
        const reason = dropReason(edgeKinds[kinds[i] ?? 0] ?? 'exact', similarity, distances[i] ?? NaN, path)
        if (table.add(member, standing.values, standing.actId, ['drop', reason, keeper, Number.isNaN(similarity) ? null : similarity])) dropped++
      }
      if (dropped > droppedBefore) keepersUsed++
    })
    return { tables: [table], summary: sentences.acceptGroups(dropped, dropped > 0 ? keepersUsed : table.rows, spared, skipped), count: table.rows, accepted: true, ...(keepers.length === 0 ? { nothing: sentences.noGroups } : {}) }
  }

  #relation({ kind, images, others, value }: Extract<ResolvedAct, { kind: 'relation' | 'break-group' }>): ActPlan {
    const hashOf = this.#db.prepare<[number], { hash: Buffer | null; path: string }>('SELECT sha256 AS hash, path FROM image WHERE id = ?')
    const hashes = new Map<number, Buffer>()
    for (const id of [...images, ...(others ?? [])]) {
      const row = hashOf.get(id)
      if (!row) throw new WinnowError('NOT_FOUND', `There is no image ${id} in this project (any more). Load the groups again.`)
      if (!row.hash) throw new WinnowError('BAD_INPUT', `${row.path} has not been read yet, so nothing can be remembered about its content. Scan its folder first.`)
      hashes.set(id, row.hash)
    }
    const table = new ChangeTable('relation', 64)
    const seen = new Set<string>()
    let identical = 0
    const relate = (a: number, b: number): void => {
      const [one, two] = [hashes.get(a), hashes.get(b)]
      if (!one || !two || a === b) return
      const order = Buffer.compare(one, two)
      // Equal files may be called a match (a query may be a plain copy); told apart they cannot be.
      if (order === 0 && value !== 'same' && value !== null) {
        identical++
        return
      }
      const key = order <= 0 ? ([one, two] as const) : ([two, one] as const)
      const name = key[0].toString('latin1') + key[1].toString('latin1')
      if (seen.has(name)) return
      seen.add(name)
      const now = this.#now.read('relation', key)
      if (now) table.add(key, now.values, now.actId, [value])
    }
    images.forEach((a, i) => {
      for (const b of others ?? images.subarray(i + 1)) relate(a, b)
    })
    if (seen.size === 0 && identical > 0) {
      throw new WinnowError('BAD_INPUT', 'These files are the same, byte for byte, so they cannot be told apart. To have both, keep both.')
    }
    const summary = kind === 'break-group' ? sentences.breakGroup(images.length, others?.length ?? 0) : sentences.relation(table.rows, value)
    return { tables: [table], summary, count: table.rows, accepted: value === null ? null : value === 'same', touched: Int32Array.from(hashes.keys()) }
  }

  /** In bulk, what a person has said of a pair stands. Pairs of an image that is gone or was never read are left out. */
  #acceptMatches({ a, b }: Extract<ResolvedAct, { kind: 'accept-matches' }>): ActPlan {
    const hashOf = this.#db.prepare<[number], Buffer | null>('SELECT sha256 FROM image WHERE id = ?').pluck()
    const hashes = new Map<number, Buffer | null>()
    const contentOf = (id: number): Buffer | null => {
      const known = hashes.get(id)
      if (known !== undefined) return known
      const hash = hashOf.get(id) ?? null
      hashes.set(id, hash)
      return hash
    }
    const table = new ChangeTable('relation', Math.max(16, a.length))
    const seen = new Set<string>()
    let left = 0
    for (let i = 0; i < a.length; i++) {
      const [one, two] = [contentOf(a[i] as number), contentOf(b[i] as number)]
      if (!one || !two) continue
      const key = Buffer.compare(one, two) <= 0 ? ([one, two] as const) : ([two, one] as const)
      const name = key[0].toString('latin1') + key[1].toString('latin1')
      if (seen.has(name)) continue
      seen.add(name)
      const now = this.#now.read('relation', key)
      if (!now) continue
      if (now.values[0] === null) table.add(key, now.values, now.actId, ['same'])
      else if (now.values[0] !== 'same') left++
    }
    return { tables: [table], summary: sentences.acceptMatches(table.rows, left), count: table.rows, accepted: true, touched: Int32Array.from(new Set([...a, ...b])), nothing: sentences.noMatches }
  }

  #veto({ list, reason, images, pairs, on }: Extract<ResolvedAct, { kind: 'veto' }>): ActPlan {
    if (images.length === 0 && pairs.length === 0) throw new WinnowError('BAD_INPUT', 'Say which images or pairs: a veto of nothing changes nothing.')
    const known = this.#db.prepare<[string], { id: number; name: string }>('SELECT id, name FROM veto_list WHERE removed = 0 AND name = ? COLLATE NOCASE').get(list)
    if (!known && !on) throw new WinnowError('NOT_FOUND', `There is no veto list "${list}".`)
    const hashOf = this.#db.prepare<[number], { hash: Buffer | null; path: string }>('SELECT sha256 AS hash, path FROM image WHERE id = ?')
    const contentOf = (id: number): Buffer => {
      const row = hashOf.get(id)
      if (!row) throw new WinnowError('NOT_FOUND', `There is no image ${id} in this project (any more). Load the list again.`)
      if (!row.hash) throw new WinnowError('BAD_INPUT', `${row.path} has not been read yet, so nothing can be remembered about its content. Scan its folder first.`)
      return row.hash
    }
    const keys: [Buffer, Buffer][] = [
      ...images.map((id): [Buffer, Buffer] => [contentOf(id), contentOf(id)]),
      ...pairs.map(([a, b]): [Buffer, Buffer] => {
        const [one, two] = [contentOf(a), contentOf(b)]
        const order = Buffer.compare(one, two)
        if (order === 0) throw new WinnowError('BAD_INPUT', `Images ${a} and ${b} are the same file, byte for byte. Veto the image instead of the pair.`)
        return order < 0 ? [one, two] : [two, one]
      })
    ]
    const tables: ChangeTable[] = []
    let listId = known?.id
    if (listId === undefined) {
      listId = Number(this.#db.prepare('INSERT INTO veto_list (name, reason, applied, removed) VALUES (?, ?, 1, 1)').run(list, reason).lastInsertRowid)
      const made = new ChangeTable('vetoList')
      made.add(listId, [list, reason, 1, 1], null, [list, reason, 1, 0])
      tables.push(made)
    }
    const table = new ChangeTable('veto', Math.max(16, keys.length))
    const seen = new Set<string>()
    for (const key of keys) {
      const name = key[0].toString('latin1') + key[1].toString('latin1')
      if (seen.has(name)) continue
      seen.add(name)
      const now = this.#now.read('veto', key)
      if (!now || (!on && now.values[0] !== listId)) continue
      table.add(key, now.values, now.actId, [on ? listId : null])
    }
    return { tables: [...tables, table], summary: sentences.veto(table.rows, known?.name ?? list, on), count: table.rows, accepted: null, touched: Int32Array.from(new Set([...images, ...pairs.flat()])) }
  }

  #vetoList({ listId, applied, name, reason, removed }: Extract<ResolvedAct, { kind: 'veto-list' }>): ActPlan {
    const now = this.#now.read('vetoList', listId)
    if (!now || now.values[3] === 1) throw new WinnowError('NOT_FOUND', `There is no veto list ${listId} (any more). Load the lists again.`)
    if (name !== null && this.#db.prepare('SELECT 1 FROM veto_list WHERE removed = 0 AND id <> ? AND name = ? COLLATE NOCASE').get(listId, name) !== undefined) {
      throw new WinnowError('CONFLICT', `There is a veto list "${name}" already. Choose another name.`)
    }
    const table = new ChangeTable('vetoList')
    table.add(listId, now.values, null, [name ?? now.values[0] ?? '', reason ?? now.values[1] ?? '', applied === null ? (now.values[2] ?? 1) : Number(applied), removed === null ? 0 : Number(removed)])
    const what = removed ? 'removed' : applied === true ? 'applied' : applied === false ? 'unapplied' : 'renamed'
    return { tables: [table], summary: sentences.vetoList(String(name ?? now.values[0]), what), count: table.rows, accepted: null }
  }

  #pin({ imageId, pinned, others }: Extract<ResolvedAct, { kind: 'pin-keeper' }>): ActPlan {
    const now = this.#now.read('pin', imageId)
    const path = this.#db.prepare<[number], string>('SELECT path FROM image WHERE id = ?').pluck().get(imageId)
    if (!now || path === undefined) throw new WinnowError('NOT_FOUND', `There is no image ${imageId} in this project (any more). Load the groups again.`)
    const table = new ChangeTable('pin')
    table.add(imageId, now.values, now.actId, [pinned ? 1 : null])
    // One keeper a group: an older pin in it would stand against this one.
    for (const other of pinned ? others : []) {
      const standing = other === imageId ? null : this.#now.read('pin', other)
      if (standing) table.add(other, standing.values, standing.actId, [null])
    }
    return { tables: [table], summary: sentences.pin(path.slice(path.lastIndexOf('/') + 1), pinned), count: table.rows, accepted: null }
  }

  #addClass(name: string, at: number): ActPlan {
    const checked = checkClassName(name)
    this.#refuseTaken(checked, null)
    const id = Number(this.#db.prepare('INSERT INTO class (name, removed, created_at) VALUES (?, 1, ?)').run(checked, at).lastInsertRowid)
    const table = new ChangeTable('class')
    table.add(id, [checked, null, 1], null, [checked, null, 0])
    return { tables: [table], summary: sentences.classAdd(checked), count: 1, accepted: null, classId: id }
  }

  #renameClass(classId: number, name: string): ActPlan {
    const checked = checkClassName(name)
    const one = this.#liveClass(classId)
    this.#refuseTaken(checked, one.id)
    const table = new ChangeTable('class')
    table.add(one.id, [one.name, null, 0], null, [checked, null, 0])
    return { tables: [table], summary: sentences.classRename(one.name, checked), count: table.rows, accepted: null }
  }

  /** Labels keep the class they name; only the class says where it went, so that a merge of a million labels is undone at once. */
  #mergeClass(classId: number, into: number): ActPlan {
    const one = this.#liveClass(classId)
    const target = this.#liveClass(into)
    if (one.id === target.id) throw new WinnowError('BAD_INPUT', `${one.name} cannot be merged into itself. Choose another class.`)
    const table = new ChangeTable('class')
    for (const each of listClasses(this.#db)) {
      if (each.id === one.id || each.mergedInto === one.id) table.add(each.id, [each.name, each.mergedInto, Number(each.removed)], null, [each.name, target.id, Number(each.removed)])
    }
    return { tables: [table], summary: sentences.classMerge(one.name, target.name), count: 1, accepted: null }
  }

  #refuseTaken(name: string, except: number | null): void {
    const taken = classOfName(listClasses(this.#db), name)
    if (taken && taken.id !== except) throw new WinnowError('CONFLICT', `There is a class "${taken.name}" already. Choose another name, or merge the two.`, { classId: taken.id })
  }

  /** The class, or the one it was merged into. */
  #liveClass(id: number): ClassRecord {
    const find = this.#db.prepare<[number], Omit<ClassRecord, 'removed'> & { removed: number }>('SELECT id, name, merged_into AS mergedInto, removed FROM class WHERE id = ?')
    const named = find.get(id)
    const live = named?.mergedInto == null ? named : find.get(named.mergedInto)
    if (!live || live.removed) throw new WinnowError('NOT_FOUND', `There is no class ${id} in this project (any more). Load the classes again.`)
    return { ...live, removed: false }
  }

  /** The first candidate of an image in a run, its class resolved. Throws NOT_FOUND for an unknown run. */
  #topCandidates(runId: number): (imageId: number) => { classId: number; score: number } | undefined {
    if (this.#db.prepare('SELECT 1 FROM run WHERE id = ?').get(runId) === undefined) {
      throw new WinnowError('NOT_FOUND', `There is no run ${formatted(runId)} in this project (any more). Load the queue again.`)
    }
    const select = this.#db.prepare<[number, number], { classId: number; score: number }>(
      `SELECT COALESCE(class.merged_into, class.id) AS classId, score FROM prediction JOIN class ON class.id = prediction.class_id
       WHERE run_id = ? AND image_id = ? AND rank = 0 AND class.removed = 0`
    )
    return (imageId) => select.get(runId, imageId)
  }
}

function dropReason(kind: EdgeKind, similarity: number, distance: number, keeper: string): string {
  switch (kind) {
    case 'exact': return `exact copy of ${keeper}`
    case 'pixel': return `same pixels as ${keeper}`
    case 'perceptual': return `near-duplicate (hash distance ${Number.isNaN(distance) ? '?' : distance}) of ${keeper}`
    case 'descriptor': return `near-duplicate ${Number.isNaN(similarity) ? '' : `${similarity.toFixed(3)} `}of ${keeper}`
  }
}
