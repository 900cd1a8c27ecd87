import { useQuery } from '@tanstack/react-query'
import type { LabelRun } from '../../../core/contract/labels.ts'
import { queries } from '../../app/queries.ts'
import { useLabels } from './labelsStore.ts'

/** The runs that predicted something, newest first, and the one that is looked at. */
export function useLabelRun(): { runs: LabelRun[]; run: LabelRun | undefined; isPending: boolean; error: Error | null } {
  const { data, isPending, error } = useQuery(queries.labelRuns)
  const chosen = useLabels((now) => now.runId)
  const runs = (data ?? []).filter((run) => run.kind === 'knn').toSorted((a, b) => b.startedAt - a.startedAt || b.id - a.id)
  return { runs, run: runs.find((run) => run.id === chosen) ?? runs[0], isPending, error }
}
