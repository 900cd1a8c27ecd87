import type { ResolvedAct } from '../../../core/review/resolvedAct.ts'

/** What stands, as plain records: the naive memory of a decision log, which undoes by going back to a copy. */
export interface State {
  readonly verdict: Map<number, unknown[]>
  readonly label: Map<number, unknown[]>
  readonly pin: Map<number, unknown[]>
  readonly relation: Map<string, unknown[]>
  readonly image: Map<number, Record<string, unknown>>
  readonly classes: Map<number, { name: string; mergedInto: number | null }>
}

export interface Fixture {
  readonly contentOf: ReadonlyMap<number, string>
  readonly pathOf: ReadonlyMap<number, string>
  readonly predictions: ReadonlyMap<number, { classId: number; score: number }>
  readonly runId: number
}

const copy = (state: State): State => structuredClone(state)
const same = (a: unknown[] | undefined, b: unknown[] | undefined): boolean => JSON.stringify(a?.slice(0, -1)) === JSON.stringify(b?.slice(0, -1))

/** The last element of every record is the act that it came from. */
export class DecisionModel {
  state: State
  readonly past: State[] = []
  readonly future: State[] = []
  readonly #fixture: Fixture
  readonly #gone = new Set<number>()

  constructor(state: State, fixture: Fixture) {
    this.state = state
    this.#fixture = fixture
  }

  exists(id: number): boolean {
    return this.#fixture.contentOf.has(id) && !this.#gone.has(id)
  }

  remove(id: number): void {
    this.#gone.add(id)
    for (const facet of ['verdict', 'label', 'pin', 'image'] as const) this.state[facet].delete(id)
  }

  undo(): boolean {
    return this.#turn(this.past, this.future)
  }

  redo(): boolean {
    return this.#turn(this.future, this.past)
  }

  /** `actId` and a new class's id are what the log gave; returns whether anything changed, or 'refused'. */
  apply(act: ResolvedAct, actId: number, newClass: number): boolean | 'refused' {
    const before = copy(this.state)
    if (!this.#change(act, actId, newClass)) {
      this.state = before
      return 'refused'
    }
    const written = (state: State): string => JSON.stringify(Object.values(state).map((map: Map<unknown, unknown>) => [...map]))
    const changed = written(before) !== written(this.state)
    if (changed) {
      this.past.push(before)
      this.future.length = 0
    }
    return changed
  }

  #turn(from: State[], to: State[]): boolean {
    const state = from.pop()
    if (!state) return false
    to.push(this.state)
    this.state = copy(state)
    for (const id of this.#gone) this.remove(id)
    return true
  }

  #set(facet: 'verdict' | 'label' | 'pin', id: number, record: unknown[] | null): void {
    const now = this.state[facet].get(id)
    if (record === null) this.state[facet].delete(id)
    else if (!same(now, record)) this.state[facet].set(id, record)
  }

  #live(id: number | null): number | null {
    const one = this.state.classes.get(id ?? -1)
    if (!one) return null
    return one.mergedInto ?? id
  }

  #taken(name: string, except: number | null): boolean {
    return [...this.state.classes].some(([id, one]) => id !== except && one.mergedInto === null && one.name.toLowerCase() === name.toLowerCase())
  }

  #change(act: ResolvedAct, actId: number, newClass: number): boolean {
    if ('chosen' in act && act.chosen.named && [...act.chosen.ids].some((id) => !this.exists(id))) return false
    const ids = 'chosen' in act ? [...new Set(act.chosen.ids)].filter((id) => this.exists(id)) : []
    const top = (id: number): { classId: number; score: number } | null => {
      const first = this.#fixture.predictions.get(id)
      return first ? { ...first, classId: this.#live(first.classId) ?? -1 } : null
    }
    switch (act.kind) {
      case 'verdict':
        for (const id of ids) this.#set('verdict', id, act.value === null ? null : [act.value, act.reason ?? 'by hand', null, null, actId])
        return true
      case 'clean':
        for (const id of act.drops) {
          const now = this.state.verdict.get(id)?.[0]
          if (this.exists(id) && now !== 'keep' && now !== 'drop') this.#set('verdict', id, ['drop', act.reason, null, null, actId])
        }
        for (const id of act.keeps) {
          const now = this.state.verdict.get(id)
          if (this.exists(id) && !act.drops.includes(id) && now?.[0] === 'drop' && String(now[1]).startsWith('clean v=')) this.#set('verdict', id, null)
        }
        return true
      case 'label': {
        const target = act.state === 'class' ? this.#live(act.classId) : null
        if (act.state === 'class' && target === null) return false
        for (const id of ids) {
          const first = act.runId === null ? null : top(id)
          if (act.state === 'clear') this.#set('label', id, null)
          else if (target !== null && first?.classId === target) this.#set('label', id, ['class', target, 'prediction', act.runId, first.score, actId])
          else this.#set('label', id, [act.state, target, 'human', act.runId, null, actId])
        }
        return true
      }
      case 'accept-predictions':
        for (const id of ids) {
          const first = top(id)
          if (!first || first.score < (act.minScore ?? -1)) continue
          if (!act.chosen.named && ['class', 'none'].includes(String(this.state.label.get(id)?.[0]))) continue
          this.#set('label', id, ['class', first.classId, 'prediction', act.runId, first.score, actId])
        }
        return true
      case 'accept-groups': {
        const { keepers, reasons, starts, members, similarities } = act.groups
        keepers.forEach((keeper, group) => {
          if (!this.exists(keeper) || (act.all && this.state.verdict.get(keeper)?.[0] === 'drop')) return
          this.#set('verdict', keeper, ['keep', `keeper of its group: ${reasons[group]}`, null, null, actId])
          for (let i = starts[group]!; i < starts[group + 1]!; i++) {
            const member = members[i]!
            if (!this.exists(member) || (act.all && this.state.verdict.get(member)?.[0] === 'keep')) continue
            const similarity = similarities[i]!
            this.#set('verdict', member, ['drop', `near-duplicate ${similarity.toFixed(3)} of ${this.#fixture.pathOf.get(keeper)}`, keeper, similarity, actId])
          }
        })
        return true
      }
      case 'keep-groups':
      case 'drop-groups':
      case 'clear-groups':
        for (const id of act.ids) {
          if (!this.exists(id)) continue
          this.#set('verdict', id, act.kind === 'clear-groups' ? null : act.kind === 'keep-groups' ? ['keep', 'kept with its whole group', null, null, actId] : ['drop', 'dropped with its whole group', null, null, actId])
        }
        return true
      case 'relation':
      case 'break-group': {
        if ([...act.images, ...(act.others ?? [])].some((id) => !this.exists(id))) return false
        const pairs = [...act.images].flatMap((a, i) => [...(act.others ?? act.images.subarray(i + 1))].map((b) => [this.#fixture.contentOf.get(a)!, this.#fixture.contentOf.get(b)!].toSorted()))
        const unlike = pairs.filter(([a, b]) => a !== b)
        if (unlike.length === 0 && act.value !== null && pairs.length > 0) return false
        for (const pair of unlike) {
          const key = pair.join()
          if (act.value === null) this.state.relation.delete(key)
          else if (this.state.relation.get(key)?.[0] !== act.value) this.state.relation.set(key, [act.value, actId])
        }
        return true
      }
      case 'accept-matches':
        act.a.forEach((a, i) => {
          if (!this.exists(a) || !this.exists(act.b[i]!)) return
          const key = [this.#fixture.contentOf.get(a)!, this.#fixture.contentOf.get(act.b[i]!)!].toSorted().join()
          if (!this.state.relation.has(key)) this.state.relation.set(key, ['same', actId])
        })
        return true
      case 'veto':
      case 'veto-list':
        throw new Error('vetoes have a test of their own')
      case 'pin-keeper':
        if (!this.exists(act.imageId)) return false
        this.#set('pin', act.imageId, act.pinned ? [1, actId] : null)
        if (act.pinned) for (const other of act.others) if (other !== act.imageId) this.#set('pin', other, null)
        return true
      case 'role':
      case 'protect':
      case 'identity':
      case 'fold': {
        const value = act.kind === 'protect' && act.value !== null ? Number(act.value) : act.value
        for (const id of ids) this.state.image.set(id, { ...this.state.image.get(id), [act.kind]: value })
        return true
      }
      case 'class-add':
        if (this.#taken(act.name, null)) return false
        this.state.classes.set(newClass, { name: act.name, mergedInto: null })
        return true
      case 'class-rename': {
        const id = this.#live(act.classId)
        if (id === null || this.#taken(act.name, id)) return false
        this.state.classes.set(id, { name: act.name, mergedInto: null })
        return true
      }
      case 'class-merge': {
        const [id, into] = [this.#live(act.classId), this.#live(act.into)]
        if (id === null || into === null || id === into) return false
        for (const [each, one] of this.state.classes) if (each === id || one.mergedInto === id) this.state.classes.set(each, { ...one, mergedInto: into })
        return true
      }
    }
  }
}
