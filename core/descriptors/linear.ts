import type { Matrix } from '../domain/matrix.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'

/** y = W x + b: `weight` is outputs x inputs, as PyTorch stores it. */
export interface Linear {
  readonly weight: Matrix
  readonly bias: Float32Array | null
}

/** A BatchNorm at use: y = (x - mean) / sqrt(variance + eps) * weight + bias, each of one value a feature (PyTorch's running statistics). */
export interface BatchNorm {
  readonly weight: Float32Array
  readonly bias: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly eps: number
}

/** The layer and the BatchNorm behind it as one layer: half the passes, the same numbers. Throws RangeError where their sizes differ. */
export function foldBatchNorm({ weight, bias }: Linear, norm: BatchNorm): Linear {
  const { rows, dim } = weight
  if ([norm.weight, norm.bias, norm.mean, norm.variance].some(({ length }) => length !== rows)) throw new RangeError(`The BatchNorm does not have the layer's ${rows} features.`)
  const folded = new Float32Array(rows * dim)
  const offsets = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const gain = (norm.weight[row] as number) / Math.sqrt((norm.variance[row] as number) + norm.eps)
    for (let i = row * dim; i < (row + 1) * dim; i++) folded[i] = (weight.data[i] as number) * gain
    offsets[row] = ((bias?.[row] ?? 0) - (norm.mean[row] as number)) * gain + (norm.bias[row] as number)
  }
  return { weight: { rows, dim, data: folded }, bias: offsets }
}

/** x (n x inputs) through the layer: n x outputs. */
export async function applyLinear(x: Matrix, { weight, bias }: Linear, blas: Blas, options?: BlasOptions): Promise<Matrix> {
  const data = await blas.product(x, weight, options)
  if (bias) for (let row = 0, i = 0; row < x.rows; row++) for (let f = 0; f < weight.rows; f++, i++) data[i] = (data[i] as number) + (bias[f] as number)
  return { rows: x.rows, dim: weight.rows, data }
}
