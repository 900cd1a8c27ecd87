import { create } from 'zustand'
import type { MatchDecision, MatchSource, MatchTruth, QueryFilter, QueryOrder } from '../../../core/contract/matches.ts'

export type StageMode = 'side' | 'flick' | 'split' | 'onion' | 'difference'
/** Queries whose best score is on which side of the threshold. */
export type ScoreSide = 'any' | 'above' | 'below'
export type MatchDialog = 'veto' | 'veto-lists' | 'export'

interface MatchesState {
  /** Of which project this is; another one starts afresh. */
  readonly projectId: string | null
  /** What a person chose; null: the newest. */
  readonly source: MatchSource | null
  /** The newest run when the source was chosen: only later ones are news. */
  readonly newestRun: number
  readonly state: QueryFilter['state']
  readonly truth: MatchTruth | null
  readonly text: string
  readonly side: ScoreSide
  readonly order: QueryOrder
  /** Cursor: which query of the list, and which of its references. */
  readonly at: number
  readonly reference: number
  /** So many references of a query are shown. */
  readonly limit: number
  /** Grows when the list is to be asked for afresh. */
  readonly round: number
  /** The view that `at` counts in. */
  readonly viewId: string | null
  /** Pairs at or above it are accepted in bulk; null: as the engine suggests. */
  readonly threshold: number | null
  readonly minInliers: number | null
  /** What was just said of a pair (pairName), until the engine's answer is on the screen. */
  readonly guesses: ReadonlyMap<string, MatchDecision | null>
  readonly dialog: MatchDialog | null
  /** The veto list that was used last. */
  readonly veto: { readonly list: string; readonly reason: string }
}

export const fewReferences = 20
export const mostReferences = 100

const fresh: Omit<MatchesState, 'projectId'> = {
  source: null, newestRun: 0, state: 'open', truth: null, text: '', side: 'any', order: 'score-high', at: 0, reference: 0, limit: fewReferences, round: 0, viewId: null, threshold: null, minInliers: null, guesses: new Map(), dialog: null,
  veto: { list: 'not usable', reason: '' }
}

export const useMatches = create<MatchesState>()(() => ({ projectId: null, ...fresh }))
const { getState: get, setState: set } = useMatches

/** Forgets where the person was when this is another project. */
export function startIn(projectId: string): void {
  if (get().projectId !== projectId) set({ projectId, ...fresh })
}

/** Another list: it starts at its beginning. */
export function changeList(patch: Partial<Pick<MatchesState, 'state' | 'truth' | 'text' | 'side' | 'order'>>): void {
  set((now) => ({ ...patch, at: 0, reference: 0, round: now.round + 1 }))
}

export const changeSource = (source: MatchSource): void => set((now) => ({ source, newestRun: Math.max(now.newestRun, source.runId), at: 0, reference: 0, limit: fewReferences, threshold: null, minInliers: null, guesses: new Map(), round: now.round + 1 }))

/** The same list without what has been decided since. */
export const renewList = (): void => set((now) => ({ at: 0, reference: 0, guesses: new Map(), round: now.round + 1 }))

/** Another list of ids: the cursor starts at its beginning. */
export function viewArrived(viewId: string): void {
  if (get().viewId !== viewId) set((now) => ({ viewId, at: now.viewId === null ? now.at : 0, reference: 0 }))
}

/** One past the last query is a place too: there is nothing left there. */
export function goToQuery(at: number, count: number): void {
  const to = Math.max(0, Math.min(count, at))
  if (to !== get().at) set({ at: to, reference: 0, limit: fewReferences })
}

export const goToReference = (reference: number, count: number): void => set({ reference: Math.max(0, Math.min(count - 1, reference)) })

/** Both ways round it is one pair. */
export const pairName = (a: number, b: number): string => (a < b ? `${a}/${b}` : `${b}/${a}`)

export function guess(pairs: readonly (readonly [number, number])[], value: MatchDecision | null): void {
  set(({ guesses }) => ({ guesses: new Map([...guesses, ...pairs.map(([a, b]) => [pairName(a, b), value] as const)]) }))
}

export function forgetGuesses(pairs: readonly (readonly [number, number])[]): void {
  const names = new Set(pairs.map(([a, b]) => pairName(a, b)))
  set(({ guesses }) => ({ guesses: new Map([...guesses].filter(([name]) => !names.has(name))) }))
}
