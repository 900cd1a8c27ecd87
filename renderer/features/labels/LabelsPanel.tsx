import { Button, Select } from '@mantine/core'
import { IconTags } from '@tabler/icons-react'
import type { LabelRun } from '../../../core/contract/labels.ts'
import { useClasses } from '../../app/queries.ts'
import { formatWhen } from '../../components/format.ts'
import { BulkAccept } from './BulkAccept.tsx'
import { ClassList } from './ClassList.tsx'
import { changeQueue, shownClass, useLabels } from './labelsStore.ts'
import { PredictButton } from './PredictButton.tsx'
import { RunProgress } from './RunProgress.tsx'
import css from './LabelsPanel.module.css'

/** How the round goes, from which score on all is accepted, and the classes. */
export function LabelsPanel({ runs, run }: { runs: readonly LabelRun[]; run: LabelRun }) {
  const { data: classes } = useClasses()
  const classId = useLabels(shownClass)
  const className = classes?.find((one) => one.id === classId)?.name
  return (
    <div>
      <RunProgress run={run} />
      {run.scores && <BulkAccept runId={run.id} scores={run.scores} className={className} />}
      <section className={css.section}>
        <div className={css.heading}>
          <h3>Classes</h3>
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconTags size={13} />} onClick={() => useLabels.setState({ managing: true })}>Edit</Button>
        </div>
        <ClassList classes={classes ?? []} />
      </section>
      <section className={css.section}>
        <h3>Runs</h3>
        {runs.length > 1 && (
          <Select
            aria-label="Run" data={runs.map((one) => ({ value: String(one.id), label: `Run ${one.id}, ${formatWhen(one.startedAt)}` }))} value={String(run.id)}
            onChange={(value) => value !== null && changeQueue({ runId: Number(value) })}
          />
        )}
        <PredictButton again />
      </section>
    </div>
  )
}
