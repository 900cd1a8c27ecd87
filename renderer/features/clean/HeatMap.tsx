import { useMemo, useState } from 'react'
import type { CleanCellAt, CleanGrid } from '../../../core/contract/clean.ts'
import { goToCell, useClean } from './cleanStore.ts'
import { axisWords, boundWords, cellText, keepsWords, measureWords, ruleWords, sentenceCase, shareText, shortNumber } from './cleanWords.ts'
import { bestCell, cellIndex, f1Of, measured, needsTruth, shades } from './gridRules.ts'
import css from './HeatMap.module.css'

const isAt = (a: CleanCellAt | null, v: number, f: number): boolean => a?.v === v && a.f === f

/** All cells of a sweep, coloured by what they keep or how right that is; the cursor moves with the arrow keys. */
export function HeatMap({ grid, at, busy }: { grid: CleanGrid; at: CleanCellAt; busy: boolean }) {
  const chosen = useClean((now) => now.measure)
  const pinned = useClean((now) => now.pinned)
  const zone = useClean((now) => now.zone)
  // What is pointed at counts until the cursor moves on.
  const [pointed, setPointed] = useState<{ readonly cell: CleanCellAt; readonly from: string } | null>(null)
  const here = `${at.v} ${at.f}`
  const hovered = pointed?.from === here ? pointed.cell : null
  const measure = needsTruth(chosen) && !grid.truth ? 'images' : chosen
  const { values, frequencies, evidence, recipeCell } = grid
  const numbers = useMemo(() => values.flatMap((_, i) => frequencies.map((__, j) => measured(grid, measure, i * frequencies.length + j))), [grid, measure, values, frequencies])
  const strength = useMemo(() => shades(numbers), [numbers])
  const best = useMemo(() => bestCell(grid), [grid])
  const known = numbers.filter((value) => value !== null)
  const words = axisWords[evidence]
  // The title of the rows stands upright beside them where it has the room.
  const tall = values.length >= 6
  const shown = hovered && cellIndex(grid, hovered) >= 0 ? hovered : at
  return (
    <section className={css.frame} aria-busy={busy || undefined}>
      <p className={css.top}>{words.f}{tall ? '' : ` · rows: ${words.v.charAt(0).toLowerCase()}${words.v.slice(1)}`}</p>
      <div className={css.middle}>
        {tall ? <p className={css.left}>{words.v}</p> : <span />}
        <div
          className={css.grid} role="grid" aria-label={`${measureWords[measure]} by cell`} tabIndex={0} aria-activedescendant={`cell-${at.v}-${at.f}`} data-here={zone === 'grid' || undefined}
          style={{ gridTemplateColumns: `54px repeat(${frequencies.length}, minmax(0, 1fr))` }} onPointerLeave={() => setPointed(null)}
        >
          <div role="row" className={css.row}>
            <span role="columnheader" aria-label={words.v} />
            {frequencies.map((f) => <span key={f} role="columnheader" className={css.head} data-here={f === shown.f || undefined}>{f}</span>)}
          </div>
          {values.map((v, i) => (
            <div key={v} role="row" className={css.row}>
              <span role="rowheader" className={css.head} data-here={v === shown.v || undefined}>{boundWords(evidence, v)}</span>
              {frequencies.map((f, j) => {
                const index = i * frequencies.length + j
                const value = numbers[index] ?? null
                return (
                  <div
                    key={f} id={`cell-${v}-${f}`} role="gridcell" className={css.cell} aria-selected={isAt(at, v, f)} aria-label={`${ruleWords(evidence, { v, f })}: ${cellText(measure, value)}; ${keepsWords(grid, grid.cells.images[index] ?? 0, grid.cells.classes[index] ?? 0)}`}
                    data-recipe={(recipeCell && isAt(recipeCell, v, f)) || undefined} data-pinned={isAt(pinned, v, f) || undefined} data-best={isAt(best, v, f) || undefined} data-none={value === null || undefined}
                    style={{ '--strength': `${Math.round((strength[index] ?? 0) * 100)}%` } as React.CSSProperties}
                    onPointerEnter={() => setPointed({ cell: { v, f }, from: here })} onClick={() => { goToCell({ v, f }); useClean.setState({ zone: 'grid' }) }}
                  >
                    <b>{cellText(measure, value)}</b>
                    <i>{measure === 'images' ? `${shortNumber(grid.cells.classes[index] ?? 0)} cl` : shortNumber(grid.cells.images[index] ?? 0)}</i>
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      <div className={css.legend}>
        <span className={css.scale}><span>{cellText(measure, known.length > 0 ? Math.min(...known) : null)}</span><span className={css.ramp} /><span>{cellText(measure, known.length > 0 ? Math.max(...known) : null)}</span></span>
        {recipeCell && cellIndex(grid, recipeCell) >= 0 && <span className={css.key} data-kind="recipe">the recipe’s own</span>}
        {best && <span className={css.key} data-kind="best">best F1 ({shareText(f1Of(grid, cellIndex(grid, best)))})</span>}
        {pinned && <span className={css.key} data-kind="pinned">compared</span>}
      </div>
      <p className={css.facts}>{hovered && shown === hovered ? factsOf(grid, shown) : restWords(grid, at)}</p>
    </section>
  )
}

/** The cell at the cursor stands beside the grid in words; here only how right it is. */
function restWords(grid: CleanGrid, at: CleanCellAt): string {
  const index = cellIndex(grid, at)
  return grid.truth ? `Against the truth: precision ${shareText(measured(grid, 'precision', index))}, recall ${shareText(measured(grid, 'recall', index))}, F1 ${shareText(f1Of(grid, index))}.` : 'Point at a cell to read it, or move with the arrow keys.'
}

function factsOf(grid: CleanGrid, at: CleanCellAt): string {
  const index = cellIndex(grid, at)
  const truth = grid.truth ? `; precision ${shareText(measured(grid, 'precision', index))}, recall ${shareText(measured(grid, 'recall', index))}` : ''
  return `${sentenceCase(ruleWords(grid.evidence, at))}: ${keepsWords(grid, grid.cells.images[index] ?? 0, grid.cells.classes[index] ?? 0)}${truth}.`
}
