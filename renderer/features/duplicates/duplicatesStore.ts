import { create } from 'zustand'
import type { DuplicateGroup, DuplicateSettings, EdgeKind, GroupFilter, GroupOrder } from '../../../core/contract/duplicates.ts'
import { mergeGroupOrder } from './groupOrder.ts'

type GroupState = DuplicateGroup['state']

/** A group that a decision took apart, as it was, and what was said of it. */
export interface Ghost {
  readonly group: DuplicateGroup
  readonly why: 'different' | 'variant'
}

interface DuplicatesState {
  /** Of which project this is; another one starts afresh. */
  readonly projectId: string | null
  /** The settings as the person is moving them; null until the engine's are here. */
  readonly settings: DuplicateSettings | null
  readonly state: GroupFilter['state']
  /** Empty: all kinds. */
  readonly kinds: readonly EdgeKind[]
  readonly sort: GroupOrder
  /** The groups on the screen, in a place that they keep (see groupOrder.ts), and for which list that is. */
  readonly order: readonly number[]
  readonly listKey: string
  /** Cursor: which group, and which of its members (0 is the keeper). */
  readonly at: number
  readonly member: number
  readonly selected: ReadonlySet<number>
  readonly expanded: ReadonlySet<number>
  /** What a decision made of a group, until the engine's answer is on the screen. */
  readonly guesses: ReadonlyMap<number, GroupState>
  /** Groups that a decision took apart: their last picture stays in its place. */
  readonly ghosts: ReadonlyMap<number, Ghost>
  readonly comparing: boolean
}

const fresh: Omit<DuplicatesState, 'projectId'> = {
  settings: null,
  state: 'open',
  kinds: [],
  sort: 'most-similar',
  order: [],
  listKey: '',
  at: 0,
  member: 0,
  selected: new Set(),
  expanded: new Set(),
  guesses: new Map(),
  ghosts: new Map(),
  comparing: false
}

export const useDuplicates = create<DuplicatesState>()(() => ({ projectId: null, ...fresh }))

const { getState: get, setState: set } = useDuplicates

/** Forgets where the person was when this is another project. */
export function startIn(projectId: string): void {
  if (get().projectId !== projectId) set({ projectId, ...fresh })
}

export const currentGroup = (): number | undefined => get().order[get().at]

/** The group at the cursor as a filter for the engine. */
export const groupFilterOf = ({ state, kinds }: Pick<DuplicatesState, 'state' | 'kinds'>): GroupFilter => ({ state, ...(kinds.length > 0 ? { kind: [...kinds] } : {}) })

let acted: number | undefined
let renamed = new Map<number, number>()

/** Tells the list which group the next change comes from, and under which name it goes on. */
export function actedOn(group: number, becomes?: number): void {
  acted = group
  if (becomes !== undefined && becomes !== group) renamed.set(group, becomes)
}

/** A list came from the engine: another list replaces the order, the same list again only amends it. */
export function listArrived(listKey: string, groups: readonly number[], existing: readonly number[]): void {
  const now = get()
  const here = now.order[now.at]
  if (now.listKey !== listKey) {
    const at = here === undefined ? 0 : Math.max(0, groups.indexOf(here))
    set({ listKey, order: groups, at, member: at === now.at ? now.member : 0, selected: new Set(), ghosts: new Map(), guesses: new Map() })
  } else {
    const ghosts = new Map([...now.ghosts].filter(([id]) => !existing.includes(id)))
    const order = mergeGroupOrder({ shown: now.order, fresh: groups, existing: [...existing, ...ghosts.keys()], acted, renamed })
    const name = here === undefined ? undefined : (renamed.get(here) ?? here)
    const at = name === undefined ? -1 : order.indexOf(name)
    set({ order, ghosts, at: at >= 0 ? at : Math.max(0, Math.min(now.at, order.length - 1)) })
  }
  acted = undefined
  renamed = new Map()
}

/** Lets go of what is decided: the list starts again as the filter gives it. */
export const renewList = (): void => set({ listKey: '', at: 0, member: 0, selected: new Set() })

export function goToGroup(at: number, member = 0): void {
  set(({ order }) => ({ at: Math.max(0, Math.min(order.length - 1, at)), member }))
}

export const goToMember = (member: number): void => set({ member: Math.max(0, member) })

export function toggleExpanded(group: number): void {
  set(({ expanded }) => ({ expanded: toggled(expanded, group) }))
}

export function expand(group: number): void {
  set(({ expanded }) => (expanded.has(group) ? {} : { expanded: new Set(expanded).add(group) }))
}

export function toggleSelected(group: number): void {
  set(({ selected }) => ({ selected: toggled(selected, group) }))
}

/** Selects from the cursor to `at` and moves there. */
export function extendSelection(at: number): void {
  set((now) => {
    const to = Math.max(0, Math.min(now.order.length - 1, at))
    const selected = new Set(now.selected)
    for (let i = Math.min(now.at, to); i <= Math.max(now.at, to); i++) selected.add(now.order[i]!)
    return { selected, at: to, member: 0 }
  })
}

export const selectAll = (): void => set(({ order }) => ({ selected: new Set(order) }))
export const selectNone = (): void => set({ selected: new Set() })

export function guess(groups: Iterable<number>, state: GroupState | null): void {
  set(({ guesses }) => {
    const next = new Map(guesses)
    for (const group of groups) {
      if (state === null) next.delete(group)
      else next.set(group, state)
    }
    return { guesses: next }
  })
}

export const leaveGhost = (group: DuplicateGroup, why: Ghost['why']): void => set(({ ghosts }) => ({ ghosts: new Map(ghosts).set(group.id, { group, why }) }))

function toggled(set: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}
