import { Button, RangeSlider, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Histogram as Bins } from '../../../core/contract/common.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { Histogram } from '../../components/Histogram.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { acceptAbove } from './labelActs.ts'
import { bulkAcceptWords, scoreText } from './labelWords.ts'
import { changeQueue, shownClass, useLabels } from './labelsStore.ts'
import css from './LabelsPanel.module.css'

/** The scores of a run: which of them are shown, and from where on all are accepted at once. */
export function BulkAccept({ runId, scores, className }: { runId: number; scores: Bins; className: string | undefined }) {
  const threshold = useLabels((now) => now.threshold)
  const classId = useLabels(shownClass)
  const range = useLabels((now) => now.range)
  const mode = useLabels((now) => now.mode)
  const [settled] = useDebouncedValue(threshold, 150)
  const { data } = useQuery({
    queryKey: ['label-count', runId, classId, settled],
    queryFn: () => client.labels.queue({ runId, state: 'open', minScore: settled, ...(classId === null ? {} : { classId }) }),
    placeholderData: keepPreviousData,
    gcTime: 10_000
  })
  const count = data?.count ?? 0
  const accept = (): void => { if (count > 0) void acceptAbove(runId, threshold, classId) }
  useActions('Labels', [{ id: 'labels.bulk', title: 'Accept all open predictions above the threshold', keys: ['Mod+Enter'], group: 'Bulk', when: () => count > 0, run: accept }], { enabled: mode === 'single' })
  return (
    <section className={css.section}>
      <h3>Scores</h3>
      <Histogram bins={scores} value={threshold} onChange={(next) => useLabels.setState({ threshold: next })} label="Accept at or above" step={0.01} scope="Labels" format={scoreText} />
      <Button fullWidth disabled={count === 0} onClick={accept} rightSection={mode === 'single' ? <Kbd keys="Mod+Enter" /> : undefined} classNames={{ label: css.wrap ?? '', root: css.tall ?? '' }}>
        {bulkAcceptWords(count, threshold, className)}
      </Button>
      <Text size="xs" c="dimmed">One step of undo. <Kbd keys="[" /> <Kbd keys="]" /> move the threshold.</Text>
      <div>
        <Text size="xs" c="dimmed">Show scores from {scoreText(range.from)} to {scoreText(range.to)}</Text>
        <RangeSlider
          key={`${range.from} ${range.to}`} size="sm" min={0} max={1} step={0.01} minRange={0} label={null} defaultValue={[range.from, range.to]} thumbFromLabel="Least score" thumbToLabel="Most score"
          onChangeEnd={([from, to]) => changeQueue({ range: { from, to } })}
        />
      </div>
    </section>
  )
}
