/** The grid of both thresholds as numbers: where a cell stands, what it shows, where keys lead. */
import type { CleanCellAt, CleanEvidence, CleanGrid } from '../../../core/contract/clean.ts'

export const measures = ['images', 'classes', 'precision', 'recall'] as const
export type Measure = (typeof measures)[number]
export const needsTruth = (measure: Measure): boolean => measure === 'precision' || measure === 'recall'

type Axes = Pick<CleanGrid, 'values' | 'frequencies'>

/** Index into the grid's tables; -1 for a cell that it does not have. */
export function cellIndex({ values, frequencies }: Axes, { v, f }: CleanCellAt): number {
  const [row, column] = [values.indexOf(v), frequencies.indexOf(f)]
  return row < 0 || column < 0 ? -1 : row * frequencies.length + column
}

const nearest = (axis: readonly number[], wanted: number): number =>
  axis.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best), axis[0] ?? 1)

/** The cell itself, or the nearest one where the grid has other values. */
export const snapTo = ({ values, frequencies }: Axes, { v, f }: CleanCellAt): CleanCellAt => ({ v: nearest(values, v), f: nearest(frequencies, f) })

/** Where a screen begins: the recipe's own cell, otherwise the middle. */
export const firstCell = (grid: Axes & Pick<CleanGrid, 'recipeCell'>): CleanCellAt =>
  snapTo(grid, grid.recipeCell ?? { v: grid.values[grid.values.length >> 1] ?? 1, f: grid.frequencies[Math.min(2, grid.frequencies.length - 1)] ?? 1 })

export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'top' | 'bottom'

/** The cell a key leads to; at the edge it stays. */
export function moved(grid: Axes, at: CleanCellAt, move: Move): CleanCellAt {
  const { values, frequencies } = grid
  const [row, column] = [values.indexOf(at.v), frequencies.indexOf(at.f)]
  const to = {
    left: [row, column - 1], right: [row, column + 1], up: [row - 1, column], down: [row + 1, column],
    home: [row, 0], end: [row, frequencies.length - 1], top: [0, column], bottom: [values.length - 1, column]
  }[move] as [number, number]
  return { v: values[Math.min(values.length - 1, Math.max(0, to[0]))] ?? at.v, f: frequencies[Math.min(frequencies.length - 1, Math.max(0, to[1]))] ?? at.f }
}

type Measured = Pick<CleanGrid, 'cells' | 'truth'>

/** What a cell shows; null where it is not defined (nothing kept, no truth). */
export function measured({ cells, truth }: Measured, measure: Measure, index: number): number | null {
  if (!needsTruth(measure)) return cells[measure as 'images' | 'classes'][index] ?? null
  if (!truth) return null
  const right = truth.right[index] ?? 0
  const whole = measure === 'precision' ? (truth.judged[index] ?? 0) : truth.clean
  return whole === 0 ? null : right / whole
}

/** How strongly each cell is coloured, 0 for the least of the grid and 1 for the most; null where there is no number. A grid of equals is coloured half. */
export function shades(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return values.map((value) => (value === null ? null : most === least ? 0.5 : (value - least) / (most - least)))
}

/** The cell with the best F1 against the truth, the milder one of equals; null without a truth or where nothing right is kept. */
export function bestCell(grid: CleanGrid): CleanCellAt | null {
  const { values, frequencies, truth } = grid
  if (!truth) return null
  let best = 0
  let at = -1
  for (let i = 0; i < values.length * frequencies.length; i++) {
    const f1 = f1Of(grid, i) ?? 0
    if (f1 > best) [best, at] = [f1, i]
  }
  return at < 0 ? null : { v: values[Math.floor(at / frequencies.length)] ?? 1, f: frequencies[at % frequencies.length] ?? 1 }
}

/** Harmonic mean of precision and recall; null without a truth. */
export function f1Of({ truth }: Pick<CleanGrid, 'truth'>, index: number): number | null {
  if (!truth) return null
  const whole = (truth.judged[index] ?? 0) + truth.clean
  return whole === 0 ? null : (2 * (truth.right[index] ?? 0)) / whole
}

export const mostValues = 40

/** "10, 15 20" as an axis from mild to strict; the problem as a sentence otherwise. */
export function readAxis(text: string, axis: 'v' | 'f', evidence: CleanEvidence): { values: number[] } | { problem: string } {
  const words = text.split(/[\s,;]+/).filter(Boolean)
  const numbers = words.map(Number)
  const most = axis === 'f' ? 255 : 1_000_000
  const bad = words.find((_, i) => !Number.isInteger(numbers[i]) || (numbers[i] ?? 0) < 1 || (numbers[i] ?? 0) > most)
  if (words.length === 0) return { problem: 'Give at least one value.' }
  if (bad !== undefined) return { problem: `${bad} is no whole number from 1 to ${most.toLocaleString('en-US')}.` }
  const falling = axis === 'v' && evidence === 'mutual-rank'
  const values = [...new Set(numbers)].sort((a, b) => (falling ? b - a : a - b))
  return values.length > mostValues ? { problem: `${values.length} values are too many; ${mostValues} are the most.` } : { values }
}

/** Other parameters of a sweep that are tried without matching again. */
export interface Trial {
  readonly values?: readonly number[]
  readonly frequencies?: readonly number[]
  readonly leastImages?: number
}

/**
 * A trial as the parameters of a run ("step.param" -> value). The recipe's own cell moves to the nearest one where the tried axes do not have it: its
 * step could not run otherwise.
 */
export function trialParameters({ step, recipeCell, values, frequencies }: Pick<CleanGrid, 'step' | 'recipeCell' | 'values' | 'frequencies'>, trial: Trial): Record<string, unknown> {
  const set: Record<string, unknown> = {}
  for (const name of ['values', 'frequencies', 'leastImages'] as const) if (trial[name] !== undefined) set[`${step}.${name}`] = trial[name]
  if (recipeCell) {
    const to = snapTo({ values: [...(trial.values ?? values)], frequencies: [...(trial.frequencies ?? frequencies)] }, recipeCell)
    if (to.v !== recipeCell.v) set[`${recipeCell.step}.v`] = to.v
    if (to.f !== recipeCell.f) set[`${recipeCell.step}.f`] = to.f
  }
  return set
}

/** What of a trial differs from the sweep itself; null where nothing does. */
export function trialOf(grid: Pick<CleanGrid, 'values' | 'frequencies' | 'leastImages'>, wanted: Trial): Trial | null {
  const same = (a: readonly number[] | undefined, b: readonly number[]): boolean => a === undefined || (a.length === b.length && a.every((value, i) => value === b[i]))
  const trial: Trial = {
    ...(same(wanted.values, grid.values) ? {} : { values: wanted.values as readonly number[] }),
    ...(same(wanted.frequencies, grid.frequencies) ? {} : { frequencies: wanted.frequencies as readonly number[] }),
    ...(wanted.leastImages === undefined || wanted.leastImages === grid.leastImages ? {} : { leastImages: wanted.leastImages })
  }
  return Object.keys(trial).length === 0 ? null : trial
}

/** A picture of one of the two sheets that stand side by side. */
export interface PicturePlace {
  readonly side: 'kept' | 'dropped'
  readonly index: number
}

/** The place itself, or the nearest one where its side has fewer pictures, or none, by now. */
export function placeWithin(place: PicturePlace, counts: Readonly<Record<'kept' | 'dropped', number>>): PicturePlace {
  const other = place.side === 'kept' ? 'dropped' : 'kept'
  if (counts[place.side] === 0) return counts[other] === 0 ? (place.index === 0 ? place : { ...place, index: 0 }) : { side: other, index: 0 }
  return place.index < counts[place.side] ? place : { ...place, index: counts[place.side] - 1 }
}

/** Where a key leads; each sheet is `columns` wide. */
export function movedPicture({ side, index }: PicturePlace, move: Move | 'next' | 'previous', counts: Readonly<Record<'kept' | 'dropped', number>>, columns: number): PicturePlace {
  const other = side === 'kept' ? 'dropped' : 'kept'
  const clamp = (on: 'kept' | 'dropped', to: number): PicturePlace => ({ side: on, index: Math.max(0, Math.min(counts[on] - 1, to)) })
  const column = index % columns
  const row = Math.floor(index / columns)
  const across = counts[other] > 0
  switch (move) {
    case 'next': return index + 1 < counts[side] ? clamp(side, index + 1) : side === 'kept' && across ? clamp('dropped', 0) : { side, index }
    case 'previous': return index > 0 ? clamp(side, index - 1) : side === 'dropped' && across ? clamp('kept', counts.kept - 1) : { side, index }
    case 'right':
      if (column < columns - 1 && index + 1 < counts[side]) return clamp(side, index + 1)
      return side === 'kept' && across ? clamp('dropped', Math.min(row, Math.floor((counts.dropped - 1) / columns)) * columns) : { side, index }
    case 'left':
      if (column > 0) return clamp(side, index - 1)
      return side === 'dropped' && across ? clamp('kept', Math.min(row, Math.floor((counts.kept - 1) / columns)) * columns + columns - 1) : { side, index }
    case 'up': return index - columns >= 0 ? clamp(side, index - columns) : { side, index }
    case 'down': return row < Math.floor((counts[side] - 1) / columns) ? clamp(side, index + columns) : { side, index }
    case 'home': case 'top': return clamp(side, 0)
    case 'end': case 'bottom': return clamp(side, counts[side] - 1)
  }
}
