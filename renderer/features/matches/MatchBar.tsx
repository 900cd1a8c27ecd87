import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconBan, IconFileExport, IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { MatchTruth, QueryFilter, QueryOrder } from '../../../core/contract/matches.ts'
import { useActions } from '../../app/actions.ts'
import { letGo } from '../../components/letGo.ts'
import { orderWords } from './matchWords.ts'
import { changeList, useMatches } from './matchesStore.ts'

const states = [{ value: 'open', label: 'Open' }, { value: 'decided', label: 'Decided' }, { value: 'all', label: 'All' }]
const truths = [{ value: 'any', label: 'Any truth' }, { value: 'wrong', label: 'Best is wrong' }, { value: 'right', label: 'Best is right' }, { value: 'distractor', label: 'Has no match' }]

/** Which queries are on the list, and in which order. */
export function MatchBar({ hasTruth }: { hasTruth: boolean }) {
  const { state, truth, order, text } = useMatches()
  const [typed, setTyped] = useState(text)
  const field = useRef<HTMLInputElement>(null)
  const settle = useDebouncedCallback((next: string) => changeList({ text: next }), 250)
  useActions('Matches', [{ id: 'matches.find', title: 'Find queries by path', keys: ['/'], group: 'Move', run: () => field.current?.focus() }])
  const orders = Object.entries(orderWords).filter(([value]) => hasTruth || value !== 'wrong-first').map(([value, label]) => ({ value, label }))
  return (
    <>
      <SegmentedControl aria-label="Which queries" data={states} value={state} onChange={(value) => changeList({ state: value as QueryFilter['state'] })} />
      <Select aria-label="Order" w={168} allowDeselect={false} onOptionSubmit={letGo} data={orders} value={order} onChange={(value) => value && changeList({ order: value as QueryOrder })} />
      {hasTruth && <Select aria-label="Truth" w={134} allowDeselect={false} onOptionSubmit={letGo} data={truths} value={truth ?? 'any'} onChange={(value) => changeList({ truth: value === 'any' ? null : (value as MatchTruth) })} />}
      <TextInput
        ref={field} aria-label="Queries whose path holds" placeholder="Path" w={130} leftSection={<IconSearch size={14} />} value={typed}
        onChange={(event) => { setTyped(event.currentTarget.value); settle(event.currentTarget.value) }}
        onKeyDown={(event) => { if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur() }}
      />
      <Button ml="auto" variant="default" leftSection={<IconFileExport size={15} />} onClick={() => useMatches.setState({ dialog: 'export' })}>Export</Button>
      <Button variant="default" leftSection={<IconBan size={15} />} onClick={() => useMatches.setState({ dialog: 'veto-lists' })}>Vetoes</Button>
    </>
  )
}
