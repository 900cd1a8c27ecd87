import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { DuplicateGroup, GroupMember } from '../../../../core/contract/duplicates.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { useDuplicates } from '../duplicatesStore.ts'
import { evidenceWords } from '../groupWords.ts'
import { type CompareMode, toggleMode, useCompare } from './compareStore.ts'
import { differenceWords } from '../../../components/compare/difference.ts'
import { type Orientation, orientationWords } from './orientation.ts'
import { sizeOf } from './SidePanes.tsx'
import { useDifference } from './useDifference.ts'
import css from './CompareBench.module.css'

interface Props {
  readonly group: DuplicateGroup
  readonly state: DuplicateGroup['state'] | 'ghost' | undefined
  readonly keeper: GroupMember
  readonly member: GroupMember
  readonly orientation: Orientation
  readonly zoom: number
}

const modes: { mode: CompareMode; name: string; keys: string }[] = [
  { mode: 'side', name: 'Side by side', keys: 'C' },
  { mode: 'flick', name: 'Flick', keys: 'Space' },
  { mode: 'split', name: 'Split', keys: '\\' },
  { mode: 'onion', name: 'Onion', keys: 'O' },
  { mode: 'difference', name: 'Difference', keys: 'I' }
]
const stateWords = { open: 'open', accepted: 'accepted', kept: 'all kept', mixed: 'decided', ghost: 'taken apart' } as const

/** The bench's own bar: what is compared, how, and what the difference amounts to. */
export function CompareBar({ group, state, keeper, member, orientation, zoom }: Props) {
  const mode = useCompare((now) => now.mode)
  const opacity = useCompare((now) => now.opacity)
  const order = useDuplicates((now) => now.order.length)
  const at = useDuplicates((now) => now.at)
  const { data } = useDifference({ id: keeper.image.id, ...sizeOf(keeper) }, member.image.id, orientation, mode === 'difference')
  const facts = [
    evidenceWords(member),
    orientation === 0 || mode === 'side' ? null : `the member is laid over ${orientationWords[orientation]}`,
    mode === 'onion' ? `${Math.round(opacity * 100)} % member` : null,
    mode === 'difference' && data ? `${differenceWords(data)}${data.mean > 0 && data.gain > 1 ? ` · drawn ${data.gain} times stronger` : ''}` : null,
    zoom > 1.005 ? `${zoom.toFixed(1)}× of fit` : null
  ].filter(Boolean)
  return (
    <>
      <header className={css.bar}>
        <b>Group {(at + 1).toLocaleString('en-US')} of {order.toLocaleString('en-US')}</b>
        {state && <span className={css.state} data-state={state}>{stateWords[state]}</span>}
        <Button.Group>
          {modes.map((one) => (
            <Button key={one.mode} variant={mode === one.mode ? 'filled' : 'default'} tabIndex={-1} aria-pressed={mode === one.mode} onClick={() => toggleMode(one.mode)} rightSection={<Kbd keys={one.keys} />}>{one.name}</Button>
          ))}
        </Button.Group>
        <ActionIcon ml="auto" aria-label="Back to the groups" onClick={() => useDuplicates.setState({ comparing: false })}><IconX size={18} /></ActionIcon>
      </header>
      <div className={css.facts}>
        <span aria-live="polite">{facts.join(' · ')}</span>
        <span className={css.reason} title={group.reason}>keeper: {group.reason}</span>
      </div>
    </>
  )
}
