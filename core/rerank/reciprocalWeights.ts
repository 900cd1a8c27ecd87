import type { RankedLists } from '../domain/rankedLists.ts'
import { SparseBuilder } from './sparseBuilder.ts'
import type { SparseRows } from './sparseRows.ts'

/** NumPy's around: halves go to the even number. */
export const roundHalfToEven = (value: number): number => {
  const down = Math.floor(value)
  return value - down === 0.5 ? down + (down % 2) : Math.round(value)
}

/**
 * The k-reciprocal encoding of each row: `weigh(row, other)` for every member of its expanded reciprocal set, divided by their sum (Zhong et al., CVPR 2017,
 * equations 2 to 5). R(i, k) is who is in the first k + 1 of i's list and has i in the first k + 1 of its own; for each member m of R(i, k1), R(m, k1 / 2) is
 * added where more than two thirds of it lie in R(i, k1). Lists begin with the row itself.
 */
export function reciprocalWeights(lists: RankedLists, k1: number, weigh: (row: number, other: number) => number): SparseRows {
  const rows = lists.queries
  const whole = Math.min(lists.k, k1 + 1)
  const half = Math.min(lists.k, roundHalfToEven(k1 / 2) + 1)
  const builder = new SparseBuilder(rows, rows)
  const own = new Int32Array(whole)
  const others = new Int32Array(half)
  /** row + 1 where the other is in the row's R(i, k1), or in its expanded set: what a set for each row would say. */
  const inOwn = new Int32Array(rows)
  const inExpanded = new Int32Array(rows)
  const expanded = new Int32Array(whole * (half + 1))
  const weights = new Float64Array(expanded.length)
  for (let row = 0; row < rows; row++) {
    const ownCount = reciprocalSet(lists, row, whole, own)
    let count = 0
    for (let i = 0; i < ownCount; i++) {
      const member = own[i] as number
      inOwn[member] = row + 1
      inExpanded[member] = row + 1
      expanded[count++] = member
    }
    for (let i = 0; i < ownCount; i++) {
      const othersCount = reciprocalSet(lists, own[i] as number, half, others)
      let common = 0
      for (let j = 0; j < othersCount; j++) if (inOwn[others[j] as number] === row + 1) common++
      // 2/3 as a double, times a count, as the authors' code compares.
      if (!(common > (2 / 3) * othersCount)) continue
      for (let j = 0; j < othersCount; j++) {
        const member = others[j] as number
        if (inExpanded[member] === row + 1) continue
        inExpanded[member] = row + 1
        expanded[count++] = member
      }
    }
    let sum = 0
    for (let i = 0; i < count; i++) {
      const weight = weigh(row, expanded[i] as number)
      weights[i] = weight
      sum += weight
    }
    for (let i = 0; i < count; i++) builder.add(expanded[i] as number, (weights[i] as number) / sum)
    builder.endRow()
  }
  return builder.finish()
}

/** Writes R(row, count - 1) and says how many it has. */
function reciprocalSet({ indices, k }: RankedLists, row: number, count: number, members: Int32Array): number {
  let found = 0
  for (let at = row * k; at < row * k + count; at++) {
    const other = indices[at] as number
    if (other < 0) break
    for (let back = other * k; back < other * k + count; back++) {
      if (indices[back] !== row) continue
      members[found++] = other
      break
    }
  }
  return found
}

/** Local query expansion: each row becomes the mean of the rows of the first `count` of its list. */
export function meanOfFirst(weights: SparseRows, lists: RankedLists, count: number): SparseRows {
  const { rows, columns, starts, indices, values } = weights
  const builder = new SparseBuilder(rows, columns)
  const sums = new Float64Array(columns)
  const metBy = new Int32Array(columns)
  let met = new Int32Array(1024)
  const used = Math.min(count, lists.k)
  for (let row = 0; row < rows; row++) {
    let metCount = 0
    let members = 0
    for (let rank = 0; rank < used; rank++) {
      const member = lists.indices[row * lists.k + rank] as number
      if (member < 0) break
      members++
      for (let at = starts[member] as number; at < (starts[member + 1] as number); at++) {
        const column = indices[at] as number
        if (metBy[column] === row + 1) sums[column] = (sums[column] as number) + (values[at] as number)
        else {
          metBy[column] = row + 1
          sums[column] = values[at] as number
          if (metCount === met.length) {
            const longer = new Int32Array(met.length * 2)
            longer.set(met)
            met = longer
          }
          met[metCount++] = column
        }
      }
    }
    for (let i = 0; i < metCount; i++) builder.add(met[i] as number, (sums[met[i] as number] as number) / members)
    builder.endRow()
  }
  return builder.finish()
}
