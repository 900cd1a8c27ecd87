import { SegmentedControl, Select } from '@mantine/core'
import type { LabelQueueRequest, QueueOrder } from '../../../core/contract/labels.ts'
import { orderWords } from './labelWords.ts'
import { changeQueue, useLabels } from './labelsStore.ts'

const states = [{ value: 'open', label: 'Open' }, { value: 'decided', label: 'Decided' }, { value: 'all', label: 'All' }]

/** One at a time or as a contact sheet; which images and in which order. */
export function QueueBar() {
  const mode = useLabels((now) => now.mode)
  const order = useLabels((now) => now.order)
  const state = useLabels((now) => now.state)
  return (
    <>
      <SegmentedControl aria-label="View" data={[{ value: 'single', label: 'One at a time' }, { value: 'sheet', label: 'Contact sheet' }]} value={mode} onChange={(value) => changeQueue({ mode: value as 'single' | 'sheet' })} />
      {mode === 'single' && (
        <>
          <SegmentedControl aria-label="Which images" data={states} value={state} onChange={(value) => changeQueue({ state: value as NonNullable<LabelQueueRequest['state']> })} />
          <Select aria-label="Order" w={170} data={Object.entries(orderWords).map(([value, label]) => ({ value, label }))} value={order} onChange={(value) => value && changeQueue({ order: value as QueueOrder })} />
        </>
      )}
    </>
  )
}
