import { Checkbox, NavLink, Popover, ScrollArea, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import type { ImageFacets, ImageFilter } from '../../../core/contract/images.ts'
import { queries } from '../../app/queries.ts'
import { formatNumber } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import { toggleValue, valueWords } from './filterWords.ts'
import { rankByName } from './rankByName.ts'
import css from './FilterMenu.module.css'

type FacetKey = Exclude<keyof ImageFacets, 'total'>
type FilterKey = Parameters<typeof toggleValue>[1]

const conditions: readonly { readonly facet: FacetKey; readonly key: FilterKey; readonly title: string }[] = [
  { facet: 'class', key: 'classId', title: 'Class' },
  { facet: 'verdict', key: 'verdict', title: 'Verdict' },
  { facet: 'label', key: 'label', title: 'Label' },
  { facet: 'folder', key: 'folder', title: 'Folder' },
  { facet: 'state', key: 'state', title: 'State' },
  { facet: 'failure', key: 'failure', title: 'Problem' },
  { facet: 'format', key: 'format', title: 'Format' },
  { facet: 'role', key: 'role', title: 'Role' }
]

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onFilter: (filter: ImageFilter) => void
  readonly children: React.ReactNode
}

/** What one can filter by, with how many images each value would show. */
export function FilterMenu({ opened, onClose, onFilter, children }: Props) {
  return (
    <Popover opened={opened} onChange={(open) => !open && onClose()} position="bottom-start" width={460} trapFocus returnFocus>
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown p={0}>{opened && <Conditions onFilter={onFilter} />}</Popover.Dropdown>
    </Popover>
  )
}

/** Up and down go through a column, right and left between them. */
function arrowsMove(event: KeyboardEvent<HTMLElement>): void {
  const columns = [...event.currentTarget.children].map((column) => [...column.querySelectorAll<HTMLElement>('button, input')])
  const at = columns.findIndex((column) => column.includes(event.target as HTMLElement))
  const column = columns[at]
  if (!column || (event.target instanceof HTMLInputElement && event.target.type === 'text' && event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
  const index = column.indexOf(event.target as HTMLElement)
  const next = { ArrowDown: column[index + 1], ArrowUp: column[index - 1], ArrowRight: columns[at + 1]?.[0], ArrowLeft: columns[at - 1]?.find((one) => one.dataset.active !== undefined) ?? columns[at - 1]?.[0] }[event.key]
  if (!next) return
  event.preventDefault()
  next.focus()
  if (at === 0 && next instanceof HTMLButtonElement && column.includes(next)) next.click()
}

function Conditions({ onFilter }: { onFilter: (filter: ImageFilter) => void }) {
  const filter = useLibrary((state) => state.filter)
  const { data: facets } = useQuery(queries.facets({}))
  const [current, setCurrent] = useState<FacetKey>('class')
  const [typed, setTyped] = useState('')
  const condition = conditions.find((one) => one.facet === current)
  const offered = conditions.filter((one) => (facets?.[one.facet].length ?? 0) > 0)
  if (!facets || !condition) return <Text p="md" c="dimmed" size="xs">Counting…</Text>
  const values = rankByName(facets[current].map((value) => ({ ...value, name: valueWords(condition.key, value.value) })), typed)
  const chosen = (filter[condition.key] ?? []) as (string | number)[]
  return (
    <div className={css.menu} onKeyDown={arrowsMove}>
      <div className={css.kinds}>
        {offered.map((one) => (
          <NavLink key={one.facet} component="button" label={one.title} active={one.facet === current} onClick={() => {
            setCurrent(one.facet)
            setTyped('')
          }} />
        ))}
      </div>
      <div className={css.values}>
        {facets[current].length > 8 && <TextInput className={css.search} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} placeholder={`Find a ${condition.title.toLowerCase()}`} aria-label={`Find a ${condition.title.toLowerCase()}`} />}
        <ScrollArea.Autosize mah={320} type="auto">
          {values.slice(0, 300).map((value) => {
            const raw = condition.key === 'classId' ? (value.id ?? 0) : value.value
            return (
              <Checkbox
                key={value.value} className={css.value} checked={chosen.includes(raw)} onChange={() => onFilter(toggleValue(filter, condition.key, raw))}
                label={<span className={css.line}><span>{value.name}</span><span>{formatNumber(value.count)}</span></span>} styles={{ body: { width: '100%' }, labelWrapper: { flex: 1 } }}
              />
            )
          })}
          {values.length === 0 && <Text size="xs" c="dimmed" p="xs">Nothing of that name.</Text>}
        </ScrollArea.Autosize>
      </div>
    </div>
  )
}
