import { WinnowError } from '../domain/errors.ts'
import type { Matrix } from '../domain/matrix.ts'
import { normaliseRows } from '../domain/matrix.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'
import { symmetricEigen } from './symmetricEigen.ts'

/** y = A (x - mean): what PCA-whitening learned. */
export interface Projection {
  /** dim. */
  readonly mean: Float32Array
  /** size x dim: eigenvectors, greatest variance first, each times its variance to the `power`. */
  readonly matrix: Matrix
  /** The variance along each of the `size` directions, descending. */
  readonly variances: Float64Array
  /** The share of the whole variance that the directions hold, 0..1. */
  readonly kept: number
  readonly power: number
  /** Vectors it was fitted on. */
  readonly fittedOn: number
}

export interface WhiteningOptions extends BlasOptions {
  /** Directions that are kept. */
  readonly size: number
  /** -0.5 whitens (every direction counts the same), 0 only turns and cuts, anything between does some of it. */
  readonly power: number
}

/** Of the mean squared length of the rows. */
const leastVariance = 1e-12

/**
 * PCA with eigenvalues to a power (faiss's PCAMatrix with `eigen_power`; Jégou & Chum, "Negative evidences and co-occurrences", 2012), fitted
 * on the training rows (n x dim). Where there are fewer rows than dimensions, the n x n products of the rows are decomposed instead: the same
 * directions, sooner. Variances are divided by n (faiss divides by nothing: after L2 normalisation that is the same).
 * Throws BAD_INPUT where the rows vary in fewer than `size` directions.
 */
export async function fitWhitening(training: Matrix, { size, power, signal }: WhiteningOptions, blas: Blas): Promise<Projection> {
  const { rows, dim } = training
  if (size < 1 || size > dim || !Number.isInteger(size)) throw new WinnowError('BAD_INPUT', `Descriptors of ${dim} values can be whitened to 1 to ${dim} values, not ${size}.`)
  if (rows < 2) throw new WinnowError('BAD_INPUT', `Whitening learns from vectors, and there ${rows === 1 ? 'is only one' : 'are none'}. Choose more training images.`)
  const mean = meanRow(training)
  const options = signal ? { signal } : {}
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => void setImmediate(resolve))
    signal?.throwIfAborted()
  }
  const { values, vectors } = rows < dim ? await byRows(training, mean, blas, options, pause) : await byColumns(training, mean, blas, options, pause)
  // Rounding to float32 alone makes variances of some 1e-15 of the squared length of a row: what is not well above that is no direction.
  const noise = (values.reduce((sum, value) => sum + Math.max(0, value), 0) + mean.reduce((sum, value) => sum + value * value, 0)) * leastVariance
  const rank = values.findIndex((value) => value <= noise)
  const directions = rank < 0 ? values.length : rank
  if (directions < size) {
    throw new WinnowError('BAD_INPUT', `The ${rows.toLocaleString('en')} training vectors vary in ${directions} directions only, so they cannot be whitened to ${size} values. Choose more (or more varied) training images, or a size of at most ${directions}.`)
  }
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const matrix = new Float32Array(size * dim)
  let held = 0
  for (let row = 0; row < size; row++) {
    const variance = values[row] as number
    held += variance
    const factor = variance ** power
    for (let i = row * dim; i < (row + 1) * dim; i++) matrix[i] = (vectors[i] as number) * factor
  }
  return { mean: Float32Array.from(mean), matrix: { rows: size, dim, data: matrix }, variances: values.slice(0, size), kept: held / whole, power, fittedOn: rows }
}

/** The rows through the projection, n x size; of unit length where `normalise` says so (cosines are meant nearly always). */
export async function whiten(x: Matrix, { mean, matrix }: Projection, { normalise, signal }: BlasOptions & { normalise: boolean }, blas: Blas): Promise<Matrix> {
  if (x.dim !== mean.length) throw new WinnowError('BAD_INPUT', `The whitening was fitted on descriptors of ${mean.length} values, and these have ${x.dim}. Fit it anew on the same model's descriptors.`)
  const size = matrix.rows
  const out = await blas.product(x, matrix, { minus: mean, ...(signal ? { signal } : {}) })
  if (normalise) normaliseRows(out, size)
  return { rows: x.rows, dim: size, data: out }
}

function meanRow({ rows, dim, data }: Matrix): Float64Array {
  const sums = new Float64Array(dim)
  for (let row = 0; row < rows; row++) for (let d = 0, i = row * dim; d < dim; d++, i++) sums[d] = (sums[d] as number) + (data[i] as number)
  return sums.map((sum) => sum / rows)
}

interface Directions {
  readonly values: Float64Array
  /** At least as many rows of dim values as there are directions. */
  readonly vectors: Float64Array
}

/** The mean is taken off the sums, not the rows: they are in double precision, where nothing is lost by it. */
async function byColumns(training: Matrix, mean: Float64Array, blas: Blas, options: BlasOptions, pause: () => Promise<void>): Promise<Directions> {
  const { rows, dim } = training
  const covariance = await blas.columnProduct(training, training, options)
  for (let i = 0, at = 0; i < dim; i++) for (let j = 0; j < dim; j++, at++) covariance[at] = (covariance[at] as number) / rows - (mean[i] as number) * (mean[j] as number)
  return await symmetricEigen(covariance, dim, pause)
}

/** With X Xᵀ u = λ u, Xᵀ u is an eigenvector of Xᵀ X for the same λ. */
async function byRows({ rows, dim, data }: Matrix, mean: Float64Array, blas: Blas, options: BlasOptions, pause: () => Promise<void>): Promise<Directions> {
  const centred = Float32Array.from(data, (value, i) => value - (mean[i % dim] as number))
  const transposed: Matrix = { rows: dim, dim: rows, data: new Float32Array(rows * dim) }
  for (let row = 0; row < rows; row++) for (let d = 0; d < dim; d++) transposed.data[d * rows + row] = centred[row * dim + d] as number
  const products = await blas.columnProduct(transposed, transposed, options)
  for (let i = 0; i < products.length; i++) products[i] = (products[i] as number) / rows
  const { values, vectors } = await symmetricEigen(products, rows, pause)
  const out = new Float64Array(rows * dim)
  for (let k = 0; k < rows; k++) {
    if (k % 16 === 0) await pause()
    const row = out.subarray(k * dim, (k + 1) * dim)
    for (let i = 0; i < rows; i++) {
      const factor = vectors[k * rows + i] as number
      for (let d = 0, at = i * dim; d < dim; d++, at++) row[d] = (row[d] as number) + factor * (centred[at] as number)
    }
    orient(row)
  }
  return { values, vectors: out }
}

/** Unit length, the largest entry positive: as symmetricEigen gives them. */
function orient(row: Float64Array): void {
  let squares = 0
  let largest = 0
  for (const value of row) {
    squares += value * value
    if (Math.abs(value) > Math.abs(largest)) largest = value
  }
  const factor = squares > 0 ? (largest < 0 ? -1 : 1) / Math.sqrt(squares) : 0
  for (let d = 0; d < row.length; d++) row[d] = (row[d] as number) * factor
}
