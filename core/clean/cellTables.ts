import type { CleanCell, CleanCellAt, CleanClasses, CleanClassOrder, CleanFate, CleanGrid, CleanImage, CleanImages, CleanSide, CleanWitnesses } from '../contract/clean.ts'
import { WinnowError } from '../domain/errors.ts'
import { distanceToBorder, sortByDistance } from './borderOrder.ts'
import { type CellMembers, classTooSmall, kept, membersOf, tooFewPairs } from './cell.ts'
import type { GridTables } from './gridArtefact.ts'
import { judgedClean, measureGrid, notJudged } from './gridTruth.ts'
import { classPlaces } from './labelColumn.ts'
import type { RuleAxes } from './ruleGrid.ts'
import type { ImageVerdicts } from './truthFlags.ts'
import type { Witness } from './witnesses.ts'

/** What people have said of images, as ids in any order. */
export interface Standing {
  readonly dropped: Int32Array
  /** Of the dropped, those that a chosen cell dropped. */
  readonly byCell: Int32Array
  readonly kept: Int32Array
  readonly protectedOnes: Int32Array
}

const nothing = 0
const isDropped = 1
const isSpared = 2
const isDroppedByCell = 3
const fateNames: Readonly<Record<number, CleanFate>> = { [kept]: 'kept', [tooFewPairs]: 'too-few-pairs', [classTooSmall]: 'class-too-small' }

/** One side of a cell, perhaps of one class only, or only those that another cell has on its other side. */
export interface SideOf {
  readonly side: CleanSide
  readonly label?: number | undefined
  readonly against?: CleanCellAt | undefined
}

/** A sweep's tables with what any of its cells needs: rows by class, class names, and how the project stands. */
export class CellTables {
  readonly #tables: GridTables
  readonly #axes: RuleAxes
  readonly #names: ReadonlyMap<number, string>
  readonly #classes: Int32Array
  readonly #classOf: Int32Array
  /** Rows in order of class, then image. */
  readonly #byClass: Int32Array
  /** The first of each class, then the second of each…: of images that are as near to the border, the first page shows many classes. */
  readonly #inRounds: Int32Array
  readonly #truth: ImageVerdicts | null
  #standing: Uint8Array
  /** Of the cells looked at last, two: the one at the cursor and the one it is compared with. */
  readonly #cells = new Recent<CellMembers>(2)
  readonly #orders = new Recent<Int32Array>(4)

  constructor(tables: GridTables & { readonly axes: RuleAxes }, names: ReadonlyMap<number, string>, truth: ImageVerdicts | null = null) {
    this.#tables = tables
    this.#truth = truth
    this.#axes = tables.axes
    this.#names = names
    const { classes, classOf } = classPlaces(tables.labels)
    this.#classes = classes
    this.#classOf = classOf
    this.#byClass = sortedByClass(classOf, classes.length)
    this.#inRounds = dealt(this.#byClass, classOf)
    this.#standing = new Uint8Array(tables.images.length)
  }

  /** Takes note of what stands in the project now. */
  stands({ dropped, byCell, kept: keptByHand, protectedOnes }: Standing): void {
    this.#standing.fill(nothing)
    for (const [ids, mark] of [[keptByHand, isSpared], [protectedOnes, isSpared], [dropped, isDropped], [byCell, isDroppedByCell]] as const) {
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
    const choice = { drops: 0, droppedAlready: 0, spared: 0, returns: 0, keptButDropped: 0 }
    for (let row = 0; row < fates.length; row++) {
      const standing = this.#standing[row] as number
      if (fates[row] === kept) {
        images.kept++
        if (standing === isDropped) choice.keptButDropped++
        else if (standing === isDroppedByCell) choice.returns++
        continue
      }
      if (fates[row] === tooFewPairs) images.tooFewPairs++
      else images.classTooSmall++
      if (standing === isDropped || standing === isDroppedByCell) choice.droppedAlready++
      else if (standing === isSpared) choice.spared++
      else choice.drops++
    }
    const idsOf = (side: CleanSide): Int32Array => this.#rows(this.#byClass, at, { side, label }).map((row) => this.#tables.images[row] as number)
    const pick = (side: CleanSide): CleanImage[] => (sample === 0 ? [] : this.page(at, { side, label }, 0, sample).rows)
    return {
      ...at, images, choice,
      classes: { kept: keptClasses, dropped: this.#classes.length - keptClasses },
      samples: { kept: pick('kept'), dropped: pick('dropped') },
      keptIds: idsOf('kept'),
      droppedIds: idsOf('dropped')
    }
  }

  /** Images of one side, nearest to the border first; as near as each other in rounds over the classes. */
  page(at: CleanCellAt, which: SideOf, offset: number, limit: number): CleanImages {
    const members = this.#members(at)
    const rows = this.#orders.get(JSON.stringify([at, which]), () => sortByDistance(this.#rows(this.#inRounds, at, which), distanceToBorder(this.#tables.counts, members, this.#axes, at)))
    return { total: rows.length, rows: Array.from(rows.subarray(offset, offset + limit), (row) => this.#image(row, at, members)) }
  }

  /** Throws NOT_FOUND for an image that the sweep does not hold. */
  witnesses(at: CleanCellAt, imageId: number, found: readonly Witness[], limit: number): CleanWitnesses {
    const row = this.#rowOf(imageId)
    if (row < 0) throw new WinnowError('NOT_FOUND', `Image ${imageId} is not part of this sweep. It may have come later: run the recipe again.`)
    const members = this.#members(at)
    const label = this.#tables.labels[row]
    const same = found.map((witness) => ({ ...witness, row: this.#rowOf(witness.imageId) })).filter((witness) => witness.row >= 0 && this.#tables.labels[witness.row] === label)
    const { evidence: kind } = this.#axes
    return {
      image: this.#image(row, at, members),
      total: same.length,
      rows: same.slice(0, limit).map(({ row: other, ...witness }) => ({
        ...witness,
        counts: kind === 'inliers' ? witness.evidence >= at.v : witness.evidence >= 1 && witness.evidence <= at.v,
        fate: fateNames[members.fates[other] as number] ?? 'too-few-pairs'
      }))
    }
  }

  /** All cells against the truth; null where there is none. */
  truth(): CleanGrid['truth'] {
    if (!this.#truth) return null
    const { right, judged } = measureGrid(this.#tables.counts, this.#classOf, this.#axes, this.#truth.verdicts)
    return { clean: this.#truth.clean, right: [...right], judged: [...judged] }
  }

  /**
   * What choosing the cell changes, as ids. drops: not kept by it, not dropped already, neither kept by a person nor protected; keeps: kept by it, but dropped by a
   * cell that was chosen before.
   */
  changes(at: CleanCellAt): { drops: Int32Array; keeps: Int32Array } {
    const { fates } = this.#members(at)
    return {
      drops: this.#tables.images.filter((_, row) => fates[row] !== kept && this.#standing[row] === nothing),
      keeps: this.#tables.images.filter((_, row) => fates[row] === kept && this.#standing[row] === isDroppedByCell)
    }
  }

  classes(at: CleanCellAt, order: CleanClassOrder, text: string, offset: number, limit: number): CleanClasses {
    const { clean, sizes } = this.#members(at)
    const keptOf = (place: number): number => ((clean[place] as number) >= this.#axes.leastImages ? (clean[place] as number) : 0)
    const droppedOf = (place: number): number => (sizes[place] as number) - keptOf(place)
    const names = new Map<number, string>()
    const nameOf = (place: number): string => {
      const known = names.get(place) ?? this.#name(this.#classes[place] as number)
      names.set(place, known)
      return known
    }
    const wanted = text.trim().toLowerCase()
    const places = [...this.#classes.keys()].filter((place) => wanted === '' || nameOf(place).toLowerCase().includes(wanted))
    const lost = (place: number): number => (keptOf(place) === 0 ? 1 : droppedOf(place) / (sizes[place] as number) / 2)
    if (order === 'name') places.sort((a, b) => collator.compare(nameOf(a), nameOf(b)) || a - b)
    else if (order === 'largest') places.sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b)
    else if (order === 'vanishing') places.sort((a, b) => lost(b) - lost(a) || (sizes[b] as number) - (sizes[a] as number) || a - b)
    else places.sort((a, b) => droppedOf(b) - droppedOf(a) || a - b)
    const rows = places.slice(offset, offset + limit).map((place) => ({
      label: this.#classes[place] as number, name: nameOf(place), images: sizes[place] as number, clean: clean[place] as number, kept: keptOf(place)
    }))
    return { total: places.length, rows }
  }

  #members({ v, f }: CleanCellAt): CellMembers {
    return this.#cells.get(`${v} ${f}`, () => membersOf(this.#tables.counts, this.#classOf, this.#axes, { v, f }))
  }

  #rows(all: Int32Array, at: CleanCellAt, { side, label, against }: SideOf): Int32Array {
    const { fates } = this.#members(at)
    const other = against ? this.#members(against).fates : null
    const isOn = (of: Uint8Array, row: number): boolean => (of[row] === kept) === (side === 'kept')
    return all.filter((row) => isOn(fates, row) && (label === undefined || this.#tables.labels[row] === label) && (other === null || !isOn(other, row)))
  }

  #image(row: number, { v }: CleanCellAt, { fates }: CellMembers): CleanImage {
    const label = this.#tables.labels[row] as number
    const { images, counts } = this.#tables.counts
    const verdict = this.#truth?.verdicts[row] ?? notJudged
    return {
      imageId: this.#tables.images[row] as number, label, className: this.#name(label), fate: fateNames[fates[row] as number] ?? 'too-few-pairs', pairs: counts[this.#axes.values.indexOf(v) * images + row] as number,
      strongest: this.#tables.strongest?.[row] ?? null, clean: verdict === notJudged ? null : verdict === judgedClean
    }
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

/** What was worked out last, by name. */
class Recent<T> {
  readonly #held = new Map<string, T>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(name: string, make: () => T): T {
    const value = this.#held.get(name) ?? make()
    this.#held.delete(name)
    this.#held.set(name, value)
    for (const old of this.#held.keys()) {
      if (this.#held.size <= this.#most) break
      this.#held.delete(old)
    }
    return value
  }
}

const collator = new Intl.Collator('en', { numeric: true })

/** Counting sort: rows by class, each class's rows ascending. */
function sortedByClass(classOf: Int32Array, classes: number): Int32Array {
  const next = new Int32Array(classes + 1)
  for (let row = 0; row < classOf.length; row++) next[(classOf[row] as number) + 1]!++
  for (let place = 0; place < classes; place++) next[place + 1]! += next[place] as number
  const rows = new Int32Array(classOf.length)
  for (let row = 0; row < classOf.length; row++) rows[next[classOf[row] as number]!++] = row
  return rows
}

/** Rows that stand by class, dealt out in rounds. */
function dealt(byClass: Int32Array, classOf: Int32Array): Int32Array {
  let first = -1
  let at = -1
  let label = -1
  // Rows are asked for in their order: how far each stands from the first of its class is its round.
  return sortByDistance(byClass, (row) => {
    at++
    if (first < 0 || classOf[row] !== label) {
      first = at
      label = classOf[row] as number
    }
    return at - first
  })
}
