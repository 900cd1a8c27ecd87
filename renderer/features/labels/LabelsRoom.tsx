import { Center, Loader } from '@mantine/core'
import { useEffect } from 'react'
import { useProject } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Room } from '../../components/Room.tsx'
import { ClassManager } from './ClassManager.tsx'
import { LabelQueue } from './LabelQueue.tsx'
import { LabelsPanel } from './LabelsPanel.tsx'
import { startIn, useLabels } from './labelsStore.ts'
import { NoRun } from './NoRun.tsx'
import { QueueBar } from './QueueBar.tsx'
import { useLabelRun } from './useLabelRun.ts'

/** Pseudo-labels: what the labelled images say of the others, one key for each answer. */
export function LabelsRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id) }, [project])
  const { runs, run, isPending, error } = useLabelRun()
  const managing = useLabels((now) => now.managing)
  const manager = managing && <ClassManager onClose={() => useLabels.setState({ managing: false })} />
  if (error) return <Room><ErrorNote title="The runs could not be loaded." error={error} /></Room>
  if (isPending || !project) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  if (!run) return <Room><NoRun project={project} />{manager}</Room>
  return (
    <Room ownScroll top={<QueueBar />} side={<LabelsPanel runs={runs} run={run} />}>
      <LabelQueue key={run.id} runId={run.id} />
      {manager}
    </Room>
  )
}
