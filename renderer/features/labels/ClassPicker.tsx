import { Modal, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useClasses } from '../../app/queries.ts'
import { formatNumber } from '../../components/format.ts'
import { findClasses, newClassName } from './classSearch.ts'
import { addClass } from './labelActs.ts'
import type { Answer } from './labelsStore.ts'
import css from './ClassPicker.module.css'

interface Props {
  readonly onPick: (answer: Answer) => void
  readonly onClose: () => void
}

/** Type to find a class, or to add one: arrows and Enter, nothing else. */
export function ClassPicker({ onPick, onClose }: Props) {
  const { data: classes } = useClasses()
  const [query, setQuery] = useState('')
  const [cursor, setCursor] = useState(0)
  const found = findClasses(classes ?? [], query)
  const added = newClassName(classes ?? [], query)
  const count = found.length + (added === null ? 0 : 1)

  const pick = async (index: number): Promise<void> => {
    const match = found[index]
    if (match) onPick({ state: 'class', classId: match.classId, className: match.name })
    else if (added !== null && index === found.length) {
      const answer = await addClass(added)
      if (!answer) return
      onPick(answer)
    } else return
    onClose()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setCursor((now) => (now + step + count) % Math.max(1, count))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      void pick(cursor)
    }
  }
  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={0} size={420} yOffset="18vh" centered={false} aria-label="Find or add a class">
      <TextInput
        data-autofocus size="md" placeholder="Class name" aria-label="Class name" value={query} role="combobox" aria-expanded aria-controls="class-matches" aria-activedescendant={`class-match-${cursor}`}
        classNames={{ input: css.input ?? '' }} onChange={(event) => { setQuery(event.currentTarget.value); setCursor(0) }} onKeyDown={onKeyDown}
      />
      <div id="class-matches" role="listbox" className={css.list} aria-label="Classes">
        {found.map((match, index) => (
          <div key={match.classId} id={`class-match-${index}`} role="option" aria-selected={index === cursor} className={css.option} onMouseDown={(event) => { event.preventDefault(); void pick(index) }}>
            <span className={css.name}>{match.name}</span>
            <span className={css.count}>{formatNumber(match.count)}</span>
          </div>
        ))}
        {added !== null && (
          <div id={`class-match-${found.length}`} role="option" aria-selected={cursor === found.length} className={css.option} onMouseDown={(event) => { event.preventDefault(); void pick(found.length) }}>
            <IconPlus size={14} /> <span className={css.name}>Add the class “{added}”</span>
          </div>
        )}
        {count === 0 && <div className={css.empty}>Type the name of a new class.</div>}
      </div>
    </Modal>
  )
}
