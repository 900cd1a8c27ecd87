/** Eigenvalues in descending order; row i of `vectors` (n x n, row-major) is the unit eigenvector of value i. */
export interface EigenSystem {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** Steps of one kind that are collected before the vectors are turned by them. */
const heldRotations = 1 << 20
/** Columns of the vectors that are turned together: with this many, the rows of a sweep stay in the cache. */
const slab = 64
/** Rows that are reflected together, so that each reflector is read once for all of them. */
const rowsTogether = 8
const most = 60

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (n x n, row-major; only the lower triangle is read), in double precision:
 * Householder's reduction to tridiagonal form, then implicit QL (EISPACK's tred2 and imtql2; Golub & Van Loan, Matrix Computations, ch. 8),
 * with the turns of the vectors collected and applied slab by slab. O(n³): well under a second at 256. The sign of a vector is such that
 * its largest entry is positive. Throws RangeError where a value is not finite. `pause` is awaited now and then, and may throw to stop.
 */
export async function symmetricEigen(matrix: Float64Array, n: number, pause: () => Promise<void> = async () => {}): Promise<EigenSystem> {
  if (matrix.length !== n * n) throw new RangeError(`${matrix.length} values are not ${n} x ${n}.`)
  const a = matrix.slice()
  let scale = 0
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) scale = Math.max(scale, Math.abs(a[i * n + j] as number))
  if (!Number.isFinite(scale)) throw new RangeError('A matrix with values that are no finite numbers has no eigenvalues.')
  // What lies above the diagonal is not read and may be anything; tiny entries below would vanish when they are squared.
  if (scale > 0) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = (a[i * n + j] as number) / scale
  const { diagonal, below, reflectors, factors } = await tridiagonalise(a, n, pause)
  const vectors = await accumulate(reflectors, factors, n, pause)
  await implicitQl(diagonal, below, n, async (sweeps) => await rotateRows(vectors, n, sweeps, pause), pause)
  for (let i = 0; i < n; i++) diagonal[i] = (diagonal[i] as number) * scale
  return inOrder(diagonal, vectors, n)
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** below[i] couples i and i + 1. */
  readonly below: Float64Array
  /** Row i from column i + 1 on: the i-th reflector I - factor v vᵀ. */
  readonly reflectors: Float64Array
  readonly factors: Float64Array
}

/** Q T Qᵀ = a, Q being the product of the reflectors. One pass over the lower triangle a step: the last reflection's update and the next one's product together. */
async function tridiagonalise(a: Float64Array, n: number, pause: () => Promise<void>): Promise<Tridiagonal> {
  const diagonal = new Float64Array(n)
  const below = new Float64Array(n)
  const reflectors = new Float64Array(n * n)
  const factors = new Float64Array(n)
  let v = new Float64Array(n)
  let w = new Float64Array(n)
  let u = new Float64Array(n)
  let y = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    if (k % 32 === 0) await pause()
    // Column k of what is left, with the pending update a -= v wᵀ + w vᵀ.
    const vk = v[k] as number
    const wk = w[k] as number
    diagonal[k] = (a[k * n + k] as number) - 2 * vk * wk
    let tail = 0
    for (let r = k + 1; r < n; r++) {
      const value = (a[r * n + k] as number) - (v[r] as number) * wk - (w[r] as number) * vk
      u[r] = value
      if (r > k + 1) tail += value * value
    }
    if (k === n - 1) break
    const head = u[k + 1] as number
    let factor = 0
    if (tail === 0) {
      below[k] = head
      u.fill(0, k + 1)
    } else {
      const length = Math.sqrt(head * head + tail)
      const beta = head > 0 ? -length : length
      below[k] = beta
      factor = (beta - head) / beta
      const scaling = 1 / (head - beta)
      u[k + 1] = 1
      for (let r = k + 2; r < n; r++) u[r] = (u[r] as number) * scaling
    }
    factors[k] = factor
    for (let r = k + 1; r < n; r++) reflectors[k * n + r] = u[r] as number
    y.fill(0, k + 1)
    for (let r = k + 1; r < n; r++) y[r] = (y[r] as number) + updateRow(a, r * n, k + 1, r, v, w, u, y)
    let along = 0
    for (let r = k + 1; r < n; r++) {
      y[r] = factor * (y[r] as number)
      along += (y[r] as number) * (u[r] as number)
    }
    const half = (factor * along) / 2
    for (let r = k + 1; r < n; r++) y[r] = (y[r] as number) - half * (u[r] as number)
    ;[v, u] = [u, v]
    ;[w, y] = [y, w]
  }
  return { diagonal, below, reflectors, factors }
}

/** Row r (columns from..r) takes the update; its share of the product with u goes into y for the columns before r and is returned for r. */
function updateRow(a: Float64Array, row: number, from: number, r: number, v: Float64Array, w: Float64Array, u: Float64Array, y: Float64Array): number {
  const vr = v[r] as number
  const wr = w[r] as number
  const ur = u[r] as number
  let sum = 0
  for (let c = from; c < r; c++) {
    const value = (a[row + c] as number) - vr * (w[c] as number) - wr * (v[c] as number)
    a[row + c] = value
    sum += value * (u[c] as number)
    y[c] = (y[c] as number) + value * ur
  }
  const last = (a[row + r] as number) - 2 * vr * wr
  a[row + r] = last
  return sum + last * ur
}

/** Qᵀ: row i is the i-th column of the product of the reflectors. */
async function accumulate(reflectors: Float64Array, factors: Float64Array, n: number, pause: () => Promise<void>): Promise<Float64Array> {
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) rows[i * n + i] = 1
  for (let first = 0; first < n; first += rowsTogether) {
    if (first % 128 === 0) await pause()
    const end = Math.min(n, first + rowsTogether)
    // Reflector k touches columns from k + 1 on; a row of the identity is zero there until k < row.
    for (let k = Math.min(end - 2, n - 2); k >= 0; k--) {
      const factor = factors[k] as number
      if (factor !== 0) for (let row = first; row < end; row++) reflect(rows, row * n, reflectors, k * n, k + 1, n, factor)
    }
  }
  return rows
}

function reflect(rows: Float64Array, row: number, reflectors: Float64Array, at: number, from: number, n: number, factor: number): void {
  let sum = 0
  for (let c = from; c < n; c++) sum += (rows[row + c] as number) * (reflectors[at + c] as number)
  if (sum === 0) return
  sum *= factor
  for (let c = from; c < n; c++) rows[row + c] = (rows[row + c] as number) - sum * (reflectors[at + c] as number)
}

/** Rotations of neighbouring rows: sweep s turns rows (i + 1, i) for i = starts[s] - 1 down to ends[s]. */
interface Sweeps {
  readonly starts: number[]
  readonly ends: number[]
  readonly sines: Float64Array
  readonly cosines: Float64Array
}

/** Eigenvalues into `d`; the rotations that diagonalise are handed on in turns. */
async function implicitQl(d: Float64Array, e: Float64Array, n: number, apply: (sweeps: Sweeps) => Promise<void>, pause: () => Promise<void>): Promise<void> {
  let norm = 0
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i] as number) + Math.abs(e[i] as number))
  // An entry below the rounding of the whole matrix is zero: no answer could be nearer to the truth.
  const negligible = norm * Number.EPSILON
  const sweeps: Sweeps = { starts: [], ends: [], sines: new Float64Array(heldRotations + n), cosines: new Float64Array(heldRotations + n) }
  let held = 0
  for (let l = 0; l < n; l++) {
    for (let turn = 0; ; turn++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m] as number) > negligible) m++
      if (m === l) break
      if (turn === most) throw new RangeError('The eigenvalues were not found: the matrix is not symmetric or holds values that are no numbers.')
      held = sweep(d, e, l, m, sweeps, held)
      if (held >= heldRotations) {
        await apply(sweeps)
        sweeps.starts.length = 0
        sweeps.ends.length = 0
        held = 0
      }
    }
    if (l % 64 === 0) await pause()
  }
  await apply(sweeps)
}

function sweep(d: Float64Array, e: Float64Array, l: number, m: number, sweeps: Sweeps, held: number): number {
  let g = ((d[l + 1] as number) - (d[l] as number)) / (2 * (e[l] as number))
  let r = Math.sqrt(g * g + 1)
  g = (d[m] as number) - (d[l] as number) + (e[l] as number) / (g + (g >= 0 ? r : -r))
  let s = 1
  let c = 1
  let p = 0
  let at = held
  for (let i = m - 1; i >= l; i--) {
    const f = s * (e[i] as number)
    const b = c * (e[i] as number)
    r = Math.sqrt(f * f + g * g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p
      e[m] = 0
      sweeps.starts.push(m)
      sweeps.ends.push(i + 1)
      return at
    }
    s = f / r
    c = g / r
    g = (d[i + 1] as number) - p
    r = ((d[i] as number) - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
    sweeps.sines[at] = s
    sweeps.cosines[at++] = c
  }
  d[l] = (d[l] as number) - p
  e[l] = g
  e[m] = 0
  sweeps.starts.push(m)
  sweeps.ends.push(l)
  return at
}

async function rotateRows(rows: Float64Array, n: number, { starts, ends, sines, cosines }: Sweeps, pause: () => Promise<void>): Promise<void> {
  for (let from = 0; from < n; from += slab) {
    await pause()
    const to = Math.min(n, from + slab)
    let at = 0
    for (let k = 0; k < starts.length; k++) {
      const end = ends[k] as number
      for (let i = (starts[k] as number) - 1; i >= end; i--) {
        rotate(rows, i * n + from, (i + 1) * n + from, to - from, sines[at] as number, cosines[at] as number)
        at++
      }
    }
  }
}

function rotate(rows: Float64Array, low: number, high: number, count: number, s: number, c: number): void {
  for (let i = 0; i < count; i++) {
    const f = rows[high + i] as number
    const g = rows[low + i] as number
    rows[high + i] = s * g + c * f
    rows[low + i] = c * g - s * f
  }
}

function inOrder(values: Float64Array, rows: Float64Array, n: number): EigenSystem {
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((x, y) => (values[y] as number) - (values[x] as number) || x - y)
  const vectors = new Float64Array(n * n)
  for (const [to, from] of order.entries()) {
    let largest = 0
    for (let i = from * n; i < (from + 1) * n; i++) if (Math.abs(rows[i] as number) > Math.abs(largest)) largest = rows[i] as number
    const sign = largest < 0 ? -1 : 1
    for (let i = 0; i < n; i++) vectors[to * n + i] = sign * (rows[from * n + i] as number)
  }
  return { values: Float64Array.from(order, (i) => values[i] as number), vectors }
}
