import type { Size } from '../../../components/compare/zoom.ts'

/** Columns and rows for `count` panes, so that pictures of this shape come out largest. */
export function paneGrid(count: number, stage: Size, aspect: number): { columns: number; rows: number } {
  let best = { columns: count, rows: 1 }
  let largest = 0
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const width = Math.min(stage.width / columns, (stage.height / rows) * aspect)
    if (width > largest) {
      largest = width
      best = { columns, rows }
    }
  }
  return best
}
