import { Button } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatCount } from '../../components/format.ts'
import { changeQueue, renewQueue, useLabels } from './labelsStore.ts'
import { FULL_RANGE } from './scoreRange.ts'

/** The end of a queue, or a queue with nothing in it. */
export function QueueDone({ total }: { total: number }) {
  const state = useLabels((now) => now.state)
  const filtered = useLabels((now) => now.classId !== null || now.range.from > 0 || now.range.to < 1)
  const wide = <Button variant={total > 0 ? 'default' : 'filled'} onClick={() => changeQueue({ classId: null, range: FULL_RANGE })}>Show all classes and scores</Button>
  if (total > 0) {
    return (
      <EmptyState
        icon={<IconChecks size={26} />} title={`You have been through ${formatCount(total, 'image')}`}
        actions={<><Button onClick={renewQueue}>What is still open</Button>{filtered && wide}<Button variant="default" onClick={() => go('export')}>Export</Button></>}
      >
        Every label can be changed or undone.
      </EmptyState>
    )
  }
  if (filtered) return <EmptyState icon={<IconChecks size={26} />} title="Nothing fits the filter" actions={wide}>No {state === 'all' ? '' : `${state} `}prediction of this class and score.</EmptyState>
  if (state === 'decided') return <EmptyState title="Nothing decided yet" actions={<Button onClick={() => changeQueue({ state: 'open' })}>Show open ones</Button>} />
  return (
    <EmptyState
      icon={<IconChecks size={26} />} title="Nothing is left open in this run"
      actions={<><Button onClick={() => go('export')}>Export</Button><Button variant="default" onClick={() => changeQueue({ state: 'decided' })}>Look at what was decided</Button></>}
    >
      With the new labels a new run can find more: Predict again at the left.
    </EmptyState>
  )
}
