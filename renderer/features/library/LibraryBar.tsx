import { ActionIcon, Button, CloseButton, Pill, Select, Slider, TextInput, Tooltip } from '@mantine/core'
import { IconArrowsSort, IconFilterPlus, IconLayoutGrid, IconPhotoSquareRounded, IconRefresh, IconSearch } from '@tabler/icons-react'
import { type RefObject, useEffect, useState } from 'react'
import type { ImageFilter, ImageSort } from '../../../core/contract/images.ts'
import { useClasses, useProject } from '../../app/queries.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { setFilter, setSort, useLibrary } from '../../stores/library.ts'
import { thumbSizes, useUi } from '../../stores/ui.ts'
import { FilterMenu } from './FilterMenu.tsx'
import { filterChips, sortWords } from './filterWords.ts'
import css from './LibraryBar.module.css'

interface Props {
  readonly searchRef: RefObject<HTMLInputElement | null>
  readonly filterOpen: boolean
  readonly setFilterOpen: (open: boolean) => void
  /** Decisions were made since the list was drawn up, and would change it. */
  readonly stale: boolean
  readonly onRefresh: () => void
}

/** Top bar of the library: search, filter chips, order, size. */
export function LibraryBar({ searchRef, filterOpen, setFilterOpen, stale, onRefresh }: Props) {
  const sort = useLibrary((state) => state.sort)
  return (
    <>
      <Search inputRef={searchRef} />
      <FilterMenu opened={filterOpen} onClose={() => setFilterOpen(false)} onFilter={setFilter}>
        <Button variant="default" leftSection={<IconFilterPlus size={15} />} onClick={() => setFilterOpen(!filterOpen)} flex="none">Filter</Button>
      </FilterMenu>
      <Chips />
      {stale && <Tooltip label={<span>Decisions since then would change this list <Kbd keys="." /></span>}><Button variant="light" leftSection={<IconRefresh size={15} />} onClick={onRefresh} flex="none">Refresh</Button></Tooltip>}
      <div className={css.right}>
        <Select
          w={158} flex="none" aria-label="Order" leftSection={<IconArrowsSort size={14} />} value={sort} onChange={(value) => value && setSort(value as ImageSort)}
          data={Object.entries(sortWords).map(([value, label]) => ({ value, label }))} comboboxProps={{ width: 200, position: 'bottom-end' }}
        />
        <SizeControls />
      </div>
    </>
  )
}

function SizeControls() {
  const { thumbSize, setThumbSize, gridShape, setGridShape } = useUi()
  return (
    <>
      <Slider className={css.size} min={thumbSizes.least} max={thumbSizes.most} value={thumbSize} onChange={setThumbSize} size={3} thumbSize={13} label={null} thumbLabel="Thumbnail size" />
      <Tooltip label={gridShape === 'justified' ? 'Whole pictures in squares' : 'Filled rows'}>
        <ActionIcon aria-label={gridShape === 'justified' ? 'Show whole pictures in squares' : 'Show filled rows'} onClick={() => setGridShape(gridShape === 'justified' ? 'square' : 'justified')}>
          {gridShape === 'justified' ? <IconLayoutGrid size={17} /> : <IconPhotoSquareRounded size={17} />}
        </ActionIcon>
      </Tooltip>
    </>
  )
}

const typingPauseMs = 220

function searchFor(typed: string): void {
  const text = typed.trim()
  const { text: before = '', ...rest } = useLibrary.getState().filter
  if (text !== before) setFilter(text === '' ? rest : { ...rest, text })
}

function Search({ inputRef }: { inputRef: RefObject<HTMLInputElement | null> }) {
  const filter = useLibrary((state) => state.filter)
  const [text, setText] = useState(filter.text ?? '')
  const [seen, setSeen] = useState(filter.text)
  if (seen !== filter.text) {
    setSeen(filter.text)
    setText(filter.text ?? '')
  }
  useEffect(() => {
    const timer = setTimeout(() => searchFor(text), typingPauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <TextInput
      ref={inputRef} className={css.search} value={text} onChange={(event) => setText(event.currentTarget.value)} placeholder="Name or folder" aria-label="Search in names and folders"
      leftSection={<IconSearch size={14} />} rightSection={text ? <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText('')} /> : <Kbd keys="/" />}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Enter' && event.key !== 'ArrowDown') return
        event.preventDefault()
        // At once: a list that changes after the next key would take the screen away from it.
        const wanted = event.key === 'Escape' ? '' : text
        setText(wanted)
        searchFor(wanted)
        event.currentTarget.blur()
      }}
    />
  )
}

function Chips() {
  const filter = useLibrary((state) => state.filter)
  const { data: classes = [] } = useClasses()
  const { data: project } = useProject()
  const chips = filterChips(
    filter,
    (id) => classes.find((one) => one.id === id)?.name ?? `class ${id}`,
    (id) => project?.roots.find((one) => one.id === id)?.path ?? `root ${id}`
  ).filter((chip) => chip.id !== 'text')
  const drop = (next: ImageFilter): void => setFilter(next)
  return (
    <div className={css.chips}>
      {chips.map((chip) => (
        <Pill key={chip.id} withRemoveButton removeButtonProps={{ 'aria-label': `Remove ${chip.name}: ${chip.value}`, tabIndex: 0 }} onRemove={() => drop(chip.without)} className={css.chip}>
          <span className={css.chipName}>{chip.name}</span> {chip.value}
        </Pill>
      ))}
      {chips.length > 1 && <Button variant="subtle" color="gray" size="compact-xs" onClick={() => drop({})}>Clear all</Button>}
    </div>
  )
}
