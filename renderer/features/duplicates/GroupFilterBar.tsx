import { Button, Menu, SegmentedControl, Select } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { EdgeKind, GroupFilter, GroupOrder } from '../../../core/contract/duplicates.ts'
import { useDuplicates } from './duplicatesStore.ts'
import { kindWords } from './groupWords.ts'

const states: { value: GroupFilter['state']; label: string }[] = [{ value: 'open', label: 'Open' }, { value: 'decided', label: 'Decided' }, { value: 'all', label: 'All' }]
const orders: { value: GroupOrder; label: string }[] = [
  { value: 'most-similar', label: 'Most similar first' },
  { value: 'least-similar', label: 'Least similar first' },
  { value: 'largest', label: 'Largest groups first' },
  { value: 'path', label: 'By path' }
]
const kinds: EdgeKind[] = ['exact', 'pixel', 'perceptual', 'descriptor']

/** Which groups are in the list, and in which order. */
export function GroupFilterBar() {
  const state = useDuplicates((now) => now.state)
  const chosen = useDuplicates((now) => now.kinds)
  const sort = useDuplicates((now) => now.sort)
  const toggleKind = (kind: EdgeKind): void => useDuplicates.setState({ kinds: chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind] })
  return (
    <>
      <SegmentedControl aria-label="Which groups" data={states} value={state} onChange={(value) => useDuplicates.setState({ state: value as GroupFilter['state'] })} />
      <Menu closeOnItemClick={false} position="bottom-start">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>{chosen.length === 0 ? 'All kinds' : chosen.map((kind) => kindWords[kind]).join(', ')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kinds.map((kind) => (
            <Menu.CheckboxItem key={kind} checked={chosen.includes(kind)} onChange={() => toggleKind(kind)}>{kindWords[kind]}</Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Select aria-label="Order" w={170} data={orders} value={sort} onChange={(value) => value && useDuplicates.setState({ sort: value as GroupOrder })} />
    </>
  )
}
