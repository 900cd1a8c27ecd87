import { ActionIcon, Button, Drawer, Group, Select, TextInput, Tooltip } from '@mantine/core'
import { IconArrowMerge, IconCheck, IconPencil, IconPlus, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { LabelClass } from '../../../core/contract/labels.ts'
import { useClasses } from '../../app/queries.ts'
import { formatNumber } from '../../components/format.ts'
import { newClassName } from './classSearch.ts'
import { addClass, mergeClass, renameClass } from './labelActs.ts'
import css from './ClassManager.module.css'

/** Add, rename and merge classes. Each is a step of undo; predictions follow their class. */
export function ClassManager({ onClose }: { onClose: () => void }) {
  const { data } = useClasses()
  const classes = data ?? []
  const [name, setName] = useState('')
  const free = newClassName(classes, name)
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (free !== null && await addClass(free)) setName('')
  }
  return (
    <Drawer opened onClose={onClose} position="right" size={460} title="Classes">
      <form onSubmit={(event) => void add(event)} className={css.add}>
        <TextInput data-autofocus placeholder="New class" aria-label="New class" value={name} onChange={(event) => setName(event.currentTarget.value)} error={name.trim() !== '' && free === null ? 'There is a class of this name.' : undefined} />
        <Button type="submit" disabled={free === null} leftSection={<IconPlus size={14} />}>Add</Button>
      </form>
      <ul className={css.list}>{classes.map((one) => <ClassLine key={one.id} one={one} classes={classes} />)}</ul>
      {classes.length === 0 && <p className={css.empty}>No classes yet. The folders of a root, a CSV file, or the field above make them.</p>}
    </Drawer>
  )
}

function ClassLine({ one, classes }: { one: LabelClass; classes: readonly LabelClass[] }) {
  const [doing, setDoing] = useState<'rename' | 'merge' | null>(null)
  const [name, setName] = useState(one.name)
  const rename = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() !== '' && name.trim() !== one.name) void renameClass(one.id, name.trim())
    setDoing(null)
  }
  if (doing === 'rename') {
    return (
      <li className={css.line}>
        <form onSubmit={rename} className={css.edit}>
          <TextInput autoFocus aria-label={`New name of ${one.name}`} value={name} onChange={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); setDoing(null) } }} />
          <ActionIcon type="submit" aria-label="Rename"><IconCheck size={16} /></ActionIcon>
        </form>
      </li>
    )
  }
  if (doing === 'merge') {
    return (
      <li className={css.line}>
        <Group gap={8} wrap="nowrap" w="100%">
          <span className={css.name}>{one.name} into</span>
          <Select
            searchable autoFocus defaultDropdownOpened placeholder="Class that stays" aria-label={`Class that ${one.name} becomes part of`} data={classes.filter((other) => other.id !== one.id).map((other) => ({ value: String(other.id), label: other.name }))}
            onChange={(value) => { if (value !== null) void mergeClass(one.id, Number(value)); setDoing(null) }}
          />
          <ActionIcon aria-label="Do not merge" onClick={() => setDoing(null)}><IconX size={16} /></ActionIcon>
        </Group>
      </li>
    )
  }
  return (
    <li className={css.line}>
      <span className={css.name} title={one.name}>{one.name}</span>
      <span className={css.counts}>{formatNumber(one.given)} given · {formatNumber(one.human)} by people · {formatNumber(one.predicted)} predicted</span>
      <Tooltip label="Rename"><ActionIcon aria-label={`Rename ${one.name}`} onClick={() => { setName(one.name); setDoing('rename') }}><IconPencil size={15} /></ActionIcon></Tooltip>
      <Tooltip label="Merge into another class"><ActionIcon aria-label={`Merge ${one.name} into another class`} onClick={() => setDoing('merge')}><IconArrowMerge size={15} /></ActionIcon></Tooltip>
    </li>
  )
}
