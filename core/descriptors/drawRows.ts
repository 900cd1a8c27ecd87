import { Random } from '../sample/random.ts'

/** At most `most` of the rows 0..count-1, ascending; the same seed draws the same ones. */
export function drawRows(count: number, most: number, seed: number): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i)
  if (most >= count) return rows
  const random = new Random(seed)
  // The first places of a Fisher-Yates shuffle.
  for (let i = 0; i < most; i++) {
    const other = i + Math.floor(random.next() * (count - i))
    const row = rows[i] as number
    rows[i] = rows[other] as number
    rows[other] = row
  }
  return rows.slice(0, most).sort()
}
