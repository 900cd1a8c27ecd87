import { Button, CloseButton } from '@mantine/core'
import type { CleanCell, CleanCellAt, CleanGrid } from '../../../core/contract/clean.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { pickClass, useClean } from './cleanStore.ts'
import { choiceWords, chooseWords, keepsWords, ruleWords, sentenceCase } from './cleanWords.ts'
import { cellIndex } from './gridRules.ts'
import css from './CellHeader.module.css'

interface Props {
  readonly grid: CleanGrid
  readonly at: CleanCellAt
  /** undefined until its counts are here. */
  readonly cell: CleanCell | undefined
  readonly error: unknown
  readonly onChoose: () => void
}

/** The cell in words, what choosing it would do, and how the project stands to it. */
export function CellHeader({ grid, at, cell, error, onChoose }: Props) {
  const label = useClean((now) => now.label)
  const pinned = useClean((now) => now.pinned)
  if (error != null) return <div className={css.frame}><ErrorNote title="This cell could not be loaded." error={error} /></div>
  const stands = cell && cell.choice.drops === 0 && cell.choice.returns === 0 && cell.choice.droppedAlready > 0
  return (
    <header className={css.frame}>
      <div className={css.line}>
        <div className={css.text} aria-live="polite">
          <p className={css.rule}><b>{sentenceCase(ruleWords(grid.evidence, at))}</b> {keepsWords(grid, grid.cells.images[cellIndex(grid, at)] ?? 0, grid.cells.classes[cellIndex(grid, at)] ?? 0)}.</p>
          <p className={css.choice}>
            {stands && <span className={css.stands}><StateMark mark="accept" size={14} title="chosen" /> The project stands as this cell says. </span>}
            {cell ? choiceWords(cell, grid.leastImages).join(' ') : ''}
          </p>
        </div>
        <Button size="sm" disabled={!cell || cell.choice.drops + cell.choice.returns === 0} onClick={onChoose} rightSection={<Kbd keys="Mod+Enter" />}>{chooseWords(cell?.choice)}</Button>
      </div>
      {(label || pinned) && (
        <div className={css.chips}>
          {label && <span className={css.chip}>only {label.name}<CloseButton size="xs" aria-label="Show all classes" onClick={() => pickClass(null)} /></span>}
          {pinned && <span className={css.chip} data-kind="pinned">what changes against {ruleWords(grid.evidence, pinned)}<CloseButton size="xs" aria-label="Compare no longer" onClick={() => useClean.setState({ pinned: null })} /></span>}
        </div>
      )}
    </header>
  )
}
