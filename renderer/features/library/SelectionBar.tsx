import { Button, CloseButton } from '@mantine/core'
import { IconCheck, IconTag, IconX } from '@tabler/icons-react'
import { Kbd } from '../../components/Kbd.tsx'
import { formatNumber } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import { decideVerdict } from './decideInLibrary.ts'
import { labelPicker } from './LabelPicker.tsx'
import { nothing, selectedCount } from './selectionRules.ts'
import type { LibraryList } from './useLibraryList.ts'
import css from './SelectionBar.module.css'

/** What is selected, spelled out, and what can be done with it. */
export function SelectionBar({ list }: { list: LibraryList }) {
  const selected = useLibrary((state) => state.selected)
  const count = selectedCount(selected, list.ids.length)
  if (count === 0) return null
  return (
    <div className={css.bar} role="status">
      <b>{selected.kind === 'all' ? `All ${formatNumber(count)} images of this list are selected` : `${formatNumber(count)} of ${formatNumber(list.ids.length)} selected`}</b>
      <span className={css.buttons}>
        <Button variant="default" leftSection={<IconCheck size={14} />} rightSection={<Kbd keys="P" />} onClick={() => decideVerdict(list, 'keep')}>Keep</Button>
        <Button variant="default" leftSection={<IconX size={14} />} rightSection={<Kbd keys="X" />} onClick={() => decideVerdict(list, 'drop')}>Drop</Button>
        <Button variant="default" leftSection={<IconTag size={14} />} rightSection={<Kbd keys="L" />} onClick={() => labelPicker.open()}>Class…</Button>
        <CloseButton size="sm" aria-label="Select nothing" onClick={() => useLibrary.setState({ selected: nothing })} />
      </span>
    </div>
  )
}
