import { useQuery } from '@tanstack/react-query'
import type { CleanCellAt, CleanGrid, CleanGridSummary, CleanSource } from '../../../core/contract/clean.ts'
import { gridQuery, gridsQuery, trialQuery } from './cleanQueries.ts'
import { useClean } from './cleanStore.ts'
import { firstCell, snapTo, type Trial } from './gridRules.ts'

export interface Sweep {
  /** As the recipe made it. */
  readonly base: CleanGrid
  /** What is looked at: the base, or a trial over it. */
  readonly grid: CleanGrid
  readonly source: CleanSource
  readonly at: CleanCellAt
  readonly trial: Trial | null
}

interface Found {
  readonly grids: readonly CleanGridSummary[] | undefined
  readonly sweep: Sweep | null
  readonly error: unknown
  readonly retry: () => void
  /** Steps that a trial would have to run first, or why it failed. */
  readonly trying: { readonly busy: boolean; readonly needs: readonly string[]; readonly error: unknown }
}

const nowhere: CleanSource = { resultId: 0 }

/** The sweep that is chosen (the newest where none is), as it stands or with other parameters. */
export function useSweep(): Found {
  const grids = useQuery(gridsQuery)
  const resultId = useClean((now) => now.resultId)
  const trial = useClean((now) => now.trial)
  const wanted = useClean((now) => now.at)
  const chosen = grids.data?.find((one) => one.resultId === resultId) ?? grids.data?.[0]
  const own = useQuery({ ...gridQuery(chosen ? { resultId: chosen.resultId } : nowhere), enabled: chosen !== undefined, placeholderData: undefined })
  const base = own.data
  const tried = useQuery({ ...trialQuery(base, trial), placeholderData: (before) => before })
  const triedId = trial && base && !tried.error ? tried.data?.steps.find(({ step }) => step === base.step)?.result.resultId : undefined
  const other = useQuery({ ...gridQuery(base && triedId !== undefined ? { resultId: triedId, runId: base.runId } : nowhere), enabled: base !== undefined && triedId !== undefined })
  const grid = trial && triedId !== undefined ? (other.data ?? base) : base
  const sweep: Sweep | null = base && grid
    ? { base, grid, source: grid === base ? { resultId: base.resultId } : { resultId: grid.resultId, runId: base.runId }, at: wanted ? snapTo(grid, wanted) : firstCell(grid), trial }
    : null
  return {
    grids: grids.data, sweep, error: grids.error ?? own.error, retry: () => { void grids.refetch(); void own.refetch() },
    trying: { busy: trial !== null && (tried.isFetching || other.isFetching), needs: trial ? (tried.data?.needs ?? []) : [], error: trial ? (tried.error ?? other.error) : null }
  }
}
