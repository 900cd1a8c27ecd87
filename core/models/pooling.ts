import type { ModelCard } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'

/** `name`: the model's, for errors. */
type OutputCard = Pick<ModelCard, 'output' | 'input'> & { readonly name?: string }

/** Where the `positions` x `dim` values of one image lie in an output: value (p, d) is at p * positionStride + d * dimStride. */
interface Layout {
  readonly positions: number
  readonly dim: number
  readonly positionStride: number
  readonly dimStride: number
}

/**
 * Turns a model's output into one vector per image, count x dim, row-major. N x dim (or N x dim x 1 x 1) is taken as it is; N x tokens x dim
 * and maps (N x dim x H x W, N x H x W x dim) are pooled as the card says. Throws BAD_INPUT where the output does not fit the card.
 */
export function poolOutput(data: Float32Array, dims: readonly number[], count: number, card: OutputCard): Float32Array {
  const layout = outputLayout(dims, count, card)
  const { pooling, gemPower } = card.output
  if (layout.positions === 1) return data.slice(0, count * layout.dim)
  const pooled = new Float32Array(count * layout.dim)
  const size = layout.positions * layout.dim
  for (let image = 0; image < count; image++) {
    const into = pooled.subarray(image * layout.dim, (image + 1) * layout.dim)
    poolOne(data.subarray(image * size, (image + 1) * size), layout, pooling, gemPower, into)
  }
  return pooled
}

function outputLayout(dims: readonly number[], count: number, { output, input, name: model }: OutputCard): Layout {
  const { dim, pooling, name } = output
  const shape = `${model === undefined ? 'The' : `The model ${model}: its`} output "${name}" has the shape ${dims.join(' x ')}`
  if ((dims[0] ?? 0) < count) throw new WinnowError('BAD_INPUT', `${shape} for ${count} images; its first dimension must be the images.`)
  const rest = dims.slice(1)
  const values = rest.reduce((product, size) => product * size, 1)
  if (values === dim) return { positions: 1, dim, positionStride: dim, dimStride: 1 }
  const positions = values / dim
  const channelsFirst = rest.length === 3 && rest[0] === dim && (rest.at(-1) !== dim || input.layout === 'NCHW')
  if (!channelsFirst && (rest.at(-1) !== dim || rest.length < 2)) {
    throw new WinnowError('BAD_INPUT', `${shape}, which does not end in ${dim} values an image. Set "output.dim" to what the model gives.`)
  }
  if (pooling === 'none') {
    throw new WinnowError('BAD_INPUT', `${shape}: ${positions} vectors of ${dim} for each image. Set "output.pooling" to say how to make one of them (mean, max, cls or gem).`)
  }
  return channelsFirst ? { positions, dim, positionStride: 1, dimStride: positions } : { positions, dim, positionStride: dim, dimStride: 1 }
}

function poolOne(data: Float32Array, { positions, dim, positionStride, dimStride }: Layout, pooling: ModelCard['output']['pooling'], power: number, into: Float32Array): void {
  for (let d = 0; d < dim; d++) {
    const first = d * dimStride
    if (pooling === 'cls' || pooling === 'none') {
      into[d] = data[first] as number
      continue
    }
    let sum = 0
    let most = -Infinity
    for (let p = 0; p < positions; p++) {
      const value = data[first + p * positionStride] as number
      if (pooling === 'max') most = value > most || Number.isNaN(value) ? value : most
      // GeM (Radenovic et al., 2018) is defined for positive activations; the smallest of them stands in for the others.
      else sum += pooling === 'gem' ? Math.max(value, 1e-6) ** power : value
    }
    into[d] = pooling === 'max' ? most : pooling === 'gem' ? (sum / positions) ** (1 / power) : sum / positions
  }
}

/** Whether every value of row `row` is a finite number. */
export function isFiniteRow(matrix: Float32Array, dim: number, row: number): boolean {
  let sum = 0
  // An infinity or NaN anywhere makes 0 * value NaN, and NaN stays.
  for (let i = row * dim; i < (row + 1) * dim; i++) sum += (matrix[i] as number) * 0
  return sum === 0
}
