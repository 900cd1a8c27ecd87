import { memo } from 'react'
import { useRow } from '../../app/rows.ts'
import { StateMark } from '../../components/StateMark.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { scoreText } from './labelWords.ts'
import { useLabels } from './labelsStore.ts'
import { toggleMark } from './wrongMarks.ts'
import css from './ContactSheet.module.css'

/** A click goes to a picture, a double click (or X) marks it wrong. */
export const SheetCell = memo(function SheetCell({ id, current, wrong, onPick }: { id: number; current: boolean; wrong: boolean; onPick: () => void }) {
  const row = useRow(id)
  return (
    <div
      className={css.cell} role="gridcell" aria-selected={wrong} data-current={current || undefined} data-wrong={wrong || undefined} title={row?.path}
      onClick={onPick} onDoubleClick={() => useLabels.setState((now) => ({ wrong: toggleMark(now.wrong, id) }))}
    >
      <Thumb id={id} row={row} aspect={null} marks={false} />
      {row?.prediction && <span className={css.score}>{scoreText(row.prediction.score)}</span>}
      {wrong && <span className={css.cross}><StateMark mark="reject" size={34} title="marked wrong: stays open" /></span>}
    </div>
  )
})
