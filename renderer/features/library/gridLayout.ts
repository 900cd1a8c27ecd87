/** Where things lie in a virtual grid of any length. Pure: px in, px out; nothing is measured and nothing is kept per image. */

export interface GroupMark {
  readonly label: string
  /** Index of the group's first image. */
  readonly index: number
}

export interface GridSpec {
  readonly count: number
  readonly columns: number
  /** Of one row with its gap, px. */
  readonly rowHeight: number
  /** Ascending by index; empty for a grid without groups. */
  readonly marks: readonly GroupMark[]
  readonly headerHeight: number
}

export type GridItem =
  | { readonly kind: 'header'; readonly top: number; readonly label: string; readonly start: number; readonly count: number }
  | { readonly kind: 'row'; readonly top: number; readonly start: number; readonly count: number }

interface Group {
  readonly label: string | null
  readonly start: number
  readonly count: number
  readonly top: number
  readonly bottom: number
}

/** A grid of rows of `columns` images; each group starts on a row of its own below its header. */
export class GridLayout {
  readonly #spec: GridSpec
  readonly #groups: readonly Group[]
  /** Height of everything, px. */
  readonly height: number

  constructor(spec: GridSpec) {
    this.#spec = spec
    this.#groups = groupsOf(spec)
    this.height = this.#groups.at(-1)?.bottom ?? 0
  }

  get groups(): readonly { readonly label: string | null; readonly start: number; readonly count: number; readonly top: number }[] {
    return this.#groups
  }

  /** Headers and rows that touch [from, to). */
  itemsBetween(from: number, to: number): GridItem[] {
    const { columns, rowHeight } = this.#spec
    const items: GridItem[] = []
    for (let g = this.#groupAt(from); g < this.#groups.length; g++) {
      const group = this.#groups[g]
      if (!group || group.top >= to) break
      const head = this.#head(group)
      if (group.label !== null && group.top + head > from) items.push({ kind: 'header', top: group.top, label: group.label, start: group.start, count: group.count })
      const rowsTop = group.top + head
      const rows = Math.ceil(group.count / columns)
      const first = Math.max(0, Math.floor((from - rowsTop) / rowHeight))
      const last = Math.min(rows, Math.ceil((to - rowsTop) / rowHeight))
      for (let row = first; row < last; row++) {
        const start = group.start + row * columns
        items.push({ kind: 'row', top: rowsTop + row * rowHeight, start, count: Math.min(columns, group.start + group.count - start) })
      }
    }
    return items
  }

  /** Top of the row that holds an image, and its bottom. */
  placeOf(index: number): { top: number; bottom: number } {
    const group = this.#groups[this.#groupOf(index)]
    if (!group) return { top: 0, bottom: 0 }
    const top = group.top + this.#head(group) + Math.floor((index - group.start) / this.#spec.columns) * this.#spec.rowHeight
    return { top, bottom: top + this.#spec.rowHeight }
  }

  /** The image one row up or down in the same column, or the nearest one there; the same index at the ends. */
  vertical(index: number, by: 1 | -1): number {
    const { columns, count } = this.#spec
    const g = this.#groupOf(index)
    const group = this.#groups[g]
    if (!group) return index
    const column = (index - group.start) % columns
    const row = Math.floor((index - group.start) / columns)
    const rows = Math.ceil(group.count / columns)
    if (row + by >= 0 && row + by < rows) return Math.min(index + by * columns, group.start + group.count - 1)
    const next = this.#groups[g + by]
    if (!next) return index
    const nextRow = by > 0 ? 0 : Math.ceil(next.count / columns) - 1
    return Math.min(next.start + nextRow * columns + column, next.start + next.count - 1, count - 1)
  }

  /** First image of the group before or after the one that holds `index`; the same index at the ends. */
  groupStep(index: number, by: 1 | -1): number {
    const g = this.#groupOf(index)
    const group = this.#groups[g]
    if (by < 0 && group && index > group.start) return group.start
    return this.#groups[g + by]?.start ?? index
  }

  /** The group in which `index` lies. */
  labelOf(index: number): string | null {
    return this.#groups[this.#groupOf(index)]?.label ?? null
  }

  #head(group: Group): number {
    return group.label === null ? 0 : this.#spec.headerHeight
  }

  #groupAt(offset: number): number {
    return search(this.#groups.length, (g) => (this.#groups[g]?.bottom ?? 0) > offset)
  }

  #groupOf(index: number): number {
    return Math.max(0, search(this.#groups.length, (g) => (this.#groups[g]?.start ?? 0) > index) - 1)
  }
}

function groupsOf({ count, columns, rowHeight, marks, headerHeight }: GridSpec): Group[] {
  if (count === 0) return []
  const starts: { readonly label: string | null; readonly index: number }[] = marks.filter((mark) => mark.index < count)
  if (starts[0]?.index !== 0) starts.unshift({ label: null, index: 0 })
  const groups: Group[] = []
  let top = 0
  for (const [i, { label, index: start }] of starts.entries()) {
    const size = (starts[i + 1]?.index ?? count) - start
    if (size <= 0) continue
    const bottom = top + (label === null ? 0 : headerHeight) + Math.ceil(size / columns) * rowHeight
    groups.push({ label, start, count: size, top, bottom })
    top = bottom
  }
  return groups
}

/** The first number in [0, n) for which the (monotone) condition holds, else n. */
function search(n: number, holds: (i: number) => boolean): number {
  let low = 0
  let high = n
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
