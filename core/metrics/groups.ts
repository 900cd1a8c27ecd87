import { IntIndex, PairIndex } from './intIndex.ts'

/** Values by key: key i has the values offsets[i] up to (not with) offsets[i + 1]. */
export interface Groups {
  /** Each once, in the order of their first row. */
  readonly keys: Int32Array
  readonly offsets: Int32Array
  readonly values: Int32Array
  /** The row that each key first stood in, and each value. */
  readonly keyRow: Int32Array
  readonly valueRow: Int32Array
  /** Rows that say again what an earlier row said. */
  readonly repeats: Int32Array
}

/** Rows of (key, value), grouped by key in row order; a value that a key has already is a repeat. Value -1: the key alone, without a value. */
export function groupRows(keys: Int32Array, values: Int32Array): Groups {
  const rows = new PairIndex(keys, values)
  const byKey = new IntIndex(keys)
  const place = new Int32Array(keys.length)
  const keyRow = new Int32Array(keys.length - byKey.repeated)
  const counts = new Int32Array(keyRow.length + 1)
  const repeats: number[] = []
  let keyCount = 0
  for (let row = 0; row < keys.length; row++) {
    const first = byKey.find(keys[row] as number)
    if (first === row) keyRow[keyCount] = row
    place[row] = first === row ? keyCount++ : (place[first] as number)
    if (rows.find(keys[row] as number, values[row] as number) !== row) repeats.push(row)
    else if (values[row] !== -1) counts[(place[row] as number) + 1]!++
  }
  const offsets = counts
  for (let i = 0; i < keyRow.length; i++) offsets[i + 1]! += offsets[i] as number
  const next = offsets.slice()
  const valueRow = new Int32Array(offsets[keyRow.length] as number)
  for (let row = 0; row < keys.length; row++) {
    if (values[row] === -1 || rows.find(keys[row] as number, values[row] as number) !== row) continue
    valueRow[next[place[row] as number]!++] = row
  }
  return {
    keys: keyRow.map((row) => keys[row] as number), offsets, values: valueRow.map((row) => values[row] as number), keyRow, valueRow,
    repeats: Int32Array.from(repeats)
  }
}
