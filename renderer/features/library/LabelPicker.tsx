import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconPlus, IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import { decide } from '../../app/decide.ts'
import { useClasses } from '../../app/queries.ts'
import { formatNumber } from '../../components/format.ts'
import { rankByName } from './rankByName.ts'

export const [labelPickerStore, labelPicker] = createSpotlight()

interface Props {
  /** What the label will be given to: "12 selected images". */
  readonly about: () => string
  readonly onPick: (label: { classId: number; name: string }) => void
}

/** Type a few letters of a class, Enter gives it. A name that is not there yet becomes a class. */
export function LabelPicker({ about, onPick }: Props) {
  const [query, setQuery] = useState('')
  const { data: classes = [] } = useClasses()
  const name = query.trim()
  const found = rankByName(classes, name).slice(0, 40)
  const exists = classes.some((one) => one.name.toLowerCase() === name.toLowerCase())
  const create = async (): Promise<void> => {
    const made = await decide({ kind: 'class-add', name })
    if (made?.classId !== undefined) onPick({ classId: made.classId, name })
  }
  return (
    <Spotlight.Root store={labelPickerStore} query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight={420} clearQueryOnClose>
      <Spotlight.Search placeholder={`Class for ${about()}…`} leftSection={<IconTag size={16} />} />
      <Spotlight.ActionsList>
        {found.map((one) => (
          <Spotlight.Action key={one.id} label={one.name} rightSection={<span>{formatNumber(one.given + one.human)}</span>} onClick={() => onPick({ classId: one.id, name: one.name })} />
        ))}
        {name !== '' && !exists && <Spotlight.Action key="new" label={`New class “${name}”`} leftSection={<IconPlus size={16} />} onClick={() => void create()} />}
        {name === '' && found.length === 0 && <Spotlight.Empty>There are no classes yet. Type a name to make the first.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
