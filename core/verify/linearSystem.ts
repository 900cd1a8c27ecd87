/**
 * Solves the n x n system `a x = b` by Gaussian elimination with partial pivoting; the solution takes the place of `b`, `a` is spent. Returns false where the
 * system is singular: a pivot below `tiny` times the largest value of the matrix.
 */
export function solveInPlace(a: Float64Array, b: Float64Array, n: number, tiny = 1e-12): boolean {
  let largest = 0
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(a[i] as number))
  // Also false where a value is not a number.
  if (!(largest > 0 && largest < Infinity)) return false
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++) if (Math.abs(a[row * n + column] as number) > Math.abs(a[pivot * n + column] as number)) pivot = row
    const head = a[pivot * n + column] as number
    if (!(Math.abs(head) > tiny * largest)) return false
    if (pivot !== column) {
      for (let i = column; i < n; i++) swap(a, pivot * n + i, column * n + i)
      swap(b, pivot, column)
    }
    for (let row = column + 1; row < n; row++) {
      const factor = (a[row * n + column] as number) / head
      if (factor === 0) continue
      for (let i = column; i < n; i++) a[row * n + i] = (a[row * n + i] as number) - factor * (a[column * n + i] as number)
      b[row] = (b[row] as number) - factor * (b[column] as number)
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    let rest = b[row] as number
    for (let i = row + 1; i < n; i++) rest -= (a[row * n + i] as number) * (b[i] as number)
    b[row] = rest / (a[row * n + row] as number)
  }
  return true
}

function swap(values: Float64Array, i: number, j: number): void {
  const held = values[i] as number
  values[i] = values[j] as number
  values[j] = held
}
