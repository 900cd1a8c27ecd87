import { memo, useMemo } from 'react'
import { IconCheck } from '@tabler/icons-react'
import type { ImageRow } from '../../../core/contract/images.ts'
import { useRows } from '../../app/rows.ts'
import { isMac } from '../../app/keys.ts'
import { aspectOf, Thumb } from '../../components/Thumb.tsx'
import { useLibrary } from '../../stores/library.ts'
import { justify } from './justify.ts'
import { click } from './moves.ts'
import { isSelected } from './selectionRules.ts'
import css from './LibraryGrid.module.css'

interface Props {
  readonly ids: Int32Array
  readonly start: number
  readonly count: number
  readonly columns: number
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
  readonly gap: number
  readonly shape: 'justified' | 'square'
  /** The header above: a class that it names already is not repeated on every picture. */
  readonly group: string | null
}

export const GridRow = memo(function GridRow({ ids, start, count, columns, top, left, width, height, gap, shape, group }: Props) {
  const own = useMemo(() => ids.slice(start, start + count), [ids, start, count])
  const rows = useRows(own)
  const widths = shape === 'square'
    ? rows.map(() => (width - gap * (columns - 1)) / columns)
    : justify(rows.map(aspectOf), { width, height, gap, full: count === columns })
  return (
    <div className={css.row} role="row" style={{ top, left, height, gap }}>
      {rows.map((row, column) => (
        <Cell key={own[column]} ids={ids} index={start + column} id={own[column] ?? 0} row={row} width={widths[column] ?? height} height={height} whole={shape === 'square'} group={group} />
      ))}
    </div>
  )
})

interface CellProps {
  readonly ids: Int32Array
  readonly index: number
  readonly id: number
  readonly row: ImageRow | undefined
  readonly width: number
  readonly height: number
  readonly whole: boolean
  readonly group: string | null
}

const Cell = memo(function Cell({ ids, index, id, row, width, height, whole, group }: CellProps) {
  const selected = useLibrary((state) => isSelected(state.selected, id))
  const cursor = useLibrary((state) => state.cursor === index)
  return (
    <div
      className={css.cell} role="gridcell" aria-selected={selected} aria-label={row ? `${row.name}${row.className ? `, ${row.className}` : ''}` : undefined} data-id={id} data-selected={selected || undefined} data-cursor={cursor || undefined} style={{ width, height }}
      onClick={(event) => click(ids, index, { shift: event.shiftKey, mod: isMac ? event.metaKey : event.ctrlKey })}
      onDoubleClick={() => useLibrary.setState({ mode: 'loupe' })}
    >
      <Thumb id={id} row={row} aspect={null} label={width > 84 && !(row?.labelSource === 'given' && row.className === group)} fit={whole ? 'contain' : 'cover'} />
      {selected && <span className={css.corner}><IconCheck size={12} stroke={3} /></span>}
    </div>
  )
})
