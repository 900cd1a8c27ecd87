import type { CleanCell, CleanCellAt, CleanClasses, CleanClassOrder, CleanFate, CleanImage } from '../contract/clean.ts'
import { evenly } from '../pseudo/exemplars.ts'
import { type CellMembers, classTooSmall, kept, membersOf, tooFewPairs } from './cell.ts'
import type { GridTables } from './gridArtefact.ts'
import { classPlaces } from './labelColumn.ts'
import type { RuleAxes } from './ruleGrid.ts'

/** What people have said of images, as ids in any order. */
export interface Standing {
  readonly dropped: Int32Array
  readonly kept: Int32Array
  readonly protectedOnes: Int32Array
}

const nothing = 0
const isDropped = 1
const isSpared = 2
const fateNames: Readonly<Record<number, CleanFate>> = { [kept]: 'kept', [tooFewPairs]: 'too-few-pairs', [classTooSmall]: 'class-too-small' }

/** A sweep's tables with what any of its cells needs: rows by class, class names, and how the project stands. */
export class CellTables {
  readonly #tables: GridTables
  readonly #axes: RuleAxes
  readonly #names: ReadonlyMap<number, string>
  readonly #classes: Int32Array
  readonly #classOf: Int32Array
  /** Rows in order of class, then image. */
  readonly #byClass: Int32Array
  #standing: Uint8Array
  #cell: { readonly at: CleanCellAt; readonly members: CellMembers } | null = null

  constructor(tables: GridTables & { readonly axes: RuleAxes }, names: ReadonlyMap<number, string>) {
    this.#tables = tables
    this.#axes = tables.axes
    this.#names = names
    const { classes, classOf } = classPlaces(tables.labels)
    this.#classes = classes
    this.#classOf = classOf
    this.#byClass = sortedByClass(classOf, classes.length)
    this.#standing = new Uint8Array(tables.images.length)
  }

  /** Takes note of what stands in the project now. */
  stands({ dropped, kept: keptByHand, protectedOnes }: Standing): void {
    this.#standing.fill(nothing)
    for (const [ids, mark] of [[keptByHand, isSpared], [protectedOnes, isSpared], [dropped, isDropped]] as const) {
      for (const id of ids) {
        const row = this.#rowOf(id)
        if (row >= 0) this.#standing[row] = mark
      }
    }
  }

  /** Throws BAD_INPUT for a cell that the grid does not have. */
  cell(at: CleanCellAt, sample: number, label?: number): Omit<CleanCell, 'kept' | 'dropped'> & { readonly keptIds: Int32Array; readonly droppedIds: Int32Array } {
    const members = this.#members(at)
    const { fates, keptClasses } = members
    const images = { kept: 0, tooFewPairs: 0, classTooSmall: 0 }
    const choice = { drops: 0, droppedAlready: 0, spared: 0, keptButDropped: 0 }
    for (let row = 0; row < fates.length; row++) {
      const standing = this.#standing[row] as number
      if (fates[row] === kept) {
        images.kept++
        if (standing === isDropped) choice.keptButDropped++
        continue
      }
      if (fates[row] === tooFewPairs) images.tooFewPairs++
      else images.classTooSmall++
      if (standing === isDropped) choice.droppedAlready++
      else if (standing === isSpared) choice.spared++
      else choice.drops++
    }
    const shown = label === undefined ? this.#byClass : this.#byClass.filter((row) => this.#tables.labels[row] === label)
    const keptRows = shown.filter((row) => fates[row] === kept)
    const droppedRows = shown.filter((row) => fates[row] !== kept)
    const pick = (rows: Int32Array): CleanImage[] => evenly(rows.length, sample).map((i) => this.#image(rows[i] as number, at, members))
    return {
      ...at, images, choice,
      classes: { kept: keptClasses, dropped: this.#classes.length - keptClasses },
      samples: { kept: pick(keptRows), dropped: pick(droppedRows) },
      keptIds: keptRows.map((row) => this.#tables.images[row] as number),
      droppedIds: droppedRows.map((row) => this.#tables.images[row] as number)
    }
  }

  /** Ids of the images that choosing the cell drops: not kept by it, not dropped already, neither kept by a person nor protected. */
  toDrop(at: CleanCellAt): Int32Array {
    const { fates } = this.#members(at)
    return this.#tables.images.filter((_, row) => fates[row] !== kept && this.#standing[row] === nothing)
  }

  classes(at: CleanCellAt, order: CleanClassOrder, offset: number, limit: number): CleanClasses {
    const { clean, sizes } = this.#members(at)
    const keptOf = (place: number): number => ((clean[place] as number) >= this.#axes.leastImages ? (clean[place] as number) : 0)
    const droppedOf = (place: number): number => (sizes[place] as number) - keptOf(place)
    const names = new Map<number, string>()
    const nameOf = (place: number): string => {
      const known = names.get(place) ?? this.#name(this.#classes[place] as number)
      names.set(place, known)
      return known
    }
    const places = [...this.#classes.keys()]
    if (order === 'name') places.sort((a, b) => collator.compare(nameOf(a), nameOf(b)) || a - b)
    else if (order === 'largest') places.sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b)
    else places.sort((a, b) => droppedOf(b) - droppedOf(a) || a - b)
    const rows = places.slice(offset, offset + limit).map((place) => ({
      label: this.#classes[place] as number, name: nameOf(place), images: sizes[place] as number, clean: clean[place] as number, kept: keptOf(place)
    }))
    return { total: places.length, rows }
  }

  /** The cell looked at last is held: its page of classes and its choice are asked for next. */
  #members(at: CleanCellAt): CellMembers {
    if (this.#cell?.at.v !== at.v || this.#cell.at.f !== at.f) this.#cell = { at, members: membersOf(this.#tables.counts, this.#classOf, this.#axes, at) }
    return this.#cell.members
  }

  #image(row: number, { v }: CleanCellAt, { fates }: CellMembers): CleanImage {
    const label = this.#tables.labels[row] as number
    const { images, counts } = this.#tables.counts
    return { imageId: this.#tables.images[row] as number, label, className: this.#name(label), fate: fateNames[fates[row] as number] ?? 'too-few-pairs', pairs: counts[this.#axes.values.indexOf(v) * images + row] as number }
  }

  #name(label: number): string {
    return this.#names.get(label) ?? String(label)
  }

  /** Images ascend. */
  #rowOf(id: number): number {
    const { images } = this.#tables
    let [low, high] = [0, images.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = images[middle] as number
      if (found === id) return middle
      if (found < id) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

const collator = new Intl.Collator('en', { numeric: true })

/** Counting sort: rows by class, each class's rows ascending. */
function sortedByClass(classOf: Int32Array, classes: number): Int32Array {
  const next = new Int32Array(classes + 1)
  for (const place of classOf) next[place + 1]!++
  for (let place = 0; place < classes; place++) next[place + 1]! += next[place] as number
  const rows = new Int32Array(classOf.length)
  for (let row = 0; row < classOf.length; row++) rows[next[classOf[row] as number]!++] = row
  return rows
}
