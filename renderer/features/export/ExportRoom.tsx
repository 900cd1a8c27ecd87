import { Button, Center, Loader } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'
import { queries, useJobs, useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount } from '../../components/format.ts'
import { Room } from '../../components/Room.tsx'
import { ExportForm } from './ExportForm.tsx'
import { ExportHistory } from './ExportHistory.tsx'
import { ExportJobCard } from './ExportJobCard.tsx'
import { isRunning, startExport, startVerify } from './exportJobs.ts'
import { ExportResult } from './ExportResult.tsx'
import { specOf, startIn, suggestTarget, useExport } from './exportStore.ts'
import { blockedBy } from './exportWords.ts'
import { PlanPreview } from './PlanPreview.tsx'
import css from './ExportRoom.module.css'

/** From decisions to a dataset on disk: what would be written, then writing it, then proof that it is right. */
export function ExportRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id, suggestTarget(project.folder)) }, [project])
  const form = useExport()
  const [spec] = useDebouncedValue(useMemo(() => specOf(form), [form]), 250)
  const counts = project?.counts
  const plan = useQuery({
    // What the project holds is part of the key: a decision elsewhere changes what would be written.
    queryKey: ['exports', 'plan', spec, counts?.ready, counts?.dropped, counts?.unsure, counts?.human, counts?.labelled],
    queryFn: () => client.exports.plan(spec), enabled: spec.target !== '' && (counts?.ready ?? 0) > 0, placeholderData: keepPreviousData, staleTime: 0, gcTime: 30_000, retry: 0
  })
  const { data: jobs } = useJobs()
  const { data: history } = useQuery(queries.exportHistory)
  const job = jobs?.find((one) => one.id === form.jobId)
  const result = job?.state === 'done' ? history?.filter((summary) => summary.at >= job.createdAt).toSorted((a, b) => b.at - a.at)[0] : undefined

  const shown = spec.target === '' ? undefined : plan.data
  const ready = (): boolean => !isRunning(job) && !plan.isPlaceholderData && blockedBy(form.target, shown, form.media) === null
  const start = (): void => { if (ready()) void startExport() }
  useActions('Export', [
    { id: 'export.start', title: 'Export', keys: ['Mod+Enter'], hint: 'export', typing: true, when: ready, run: start },
    { id: 'export.verify', title: 'Verify the export', keys: ['V'], when: () => result !== undefined, run: () => { if (result) void startVerify(result.target) } },
    { id: 'export.open', title: 'Open the folder of the export', keys: ['O'], when: () => result !== undefined && desktop !== undefined, run: () => { if (result) desktop?.revealInFolder(result.target) } }
  ])

  if (!project) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  if (project.counts.ready === 0) {
    return <Room><EmptyState title="Nothing to export yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>Add a folder of images first.</EmptyState></Room>
  }
  return (
    <Room ownScroll scope={shown && `${formatCount(shown.images, 'image')} of ${formatCount(project.counts.images, 'file')}`}>
      <div className={css.split}>
        <ExportForm plan={shown} busy={isRunning(job)} onStart={start} />
        <div className={css.preview} data-loading={plan.isPlaceholderData || undefined}>
          {job && <ExportJobCard job={job} />}
          {result && <ExportResult summary={result} command={shown?.command} />}
          {plan.error && !plan.isFetching && <ErrorNote title="This export cannot be planned." error={plan.error} onRetry={() => void plan.refetch()} />}
          {shown && !plan.error && !isRunning(job) && !result && <PlanPreview plan={shown} media={form.media} />}
          {!shown && plan.isFetching && <Center h={200}><Loader size="sm" color="gray" /></Center>}
          {result && <div><Button variant="default" onClick={() => useExport.setState({ jobId: null })}>Plan another export</Button></div>}
          <ExportHistory except={result?.id} />
        </div>
      </div>
    </Room>
  )
}
