/** Sizes of the group sheet, px. Every row that is not expanded has the same height, so that nothing moves while rows are loading. */

export const GUTTER = 118
export const GAP = 8
/** Lines of text under a picture. */
const CAPTION = 50
const ROW_PADDING = 8
/** A group is judged by several small pictures beside each other, so they are smaller here than in the library. */
const PICTURE_SHARE = 0.78

export interface SheetLayout {
  readonly cellWidth: number
  readonly pictureHeight: number
  readonly columns: number
}

/** Cells that fill a sheet of this width; `thumbSize` is the height of the library's pictures. */
export function sheetLayout(width: number, thumbSize: number): SheetLayout {
  const pictureHeight = Math.round(thumbSize * PICTURE_SHARE)
  const room = width - GUTTER - 2 * GAP
  const columns = Math.max(2, Math.floor((room + GAP) / (Math.max(124, pictureHeight * 1.25) + GAP)))
  return { cellWidth: Math.floor((room + GAP) / columns) - GAP, pictureHeight, columns }
}

export const lineHeight = ({ pictureHeight }: SheetLayout): number => pictureHeight + CAPTION

/** Height of a row that shows `lines` lines of pictures. */
export const rowHeight = (layout: SheetLayout, lines: number): number => lines * lineHeight(layout) + (lines - 1) * GAP + 2 * ROW_PADDING

/** How many members a row shows, and on how many lines; the last place of a line that is too short says how many more there are. */
export function shownMembers(count: number, columns: number, expanded: boolean): { shown: number; lines: number } {
  if (count <= columns) return { shown: count, lines: 1 }
  if (!expanded) return { shown: columns - 1, lines: 1 }
  const shown = Math.min(count, MOST_EXPANDED)
  return { shown, lines: Math.ceil((shown + (shown < count ? 1 : 0)) / columns) }
}

/** A group of thousands would be a page of its own: more than this is told as a number. */
export const MOST_EXPANDED = 400
