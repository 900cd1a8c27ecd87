import type { Raster } from './raster.ts'

/**
 * Pillow's resampler (src/libImaging/Resample.c, Pillow 2.7 and later), bit for bit for 8-bit RGB: separable, the filter widened by the
 * scale when a picture shrinks (antialias), coefficients in 22-bit fixed point, rows first, 8 bits between the two passes.
 */
interface Filter {
  readonly support: number
  readonly at: (x: number) => number
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

const filters = {
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  /** Keys' cubic with a = -0.5. */
  bicubic: {
    support: 2,
    at: (signed) => {
      const a = -0.5
      const x = Math.abs(signed)
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }
} as const satisfies Record<string, Filter>
export type PillowFilter = keyof typeof filters

const bits = 22
const half = 1 << (bits - 1)

/** For each place of the output: the first place of the input it looks at, how many, and their weights (`stride` apart). */
interface Coefficients {
  readonly first: Int32Array
  readonly count: Int32Array
  readonly stride: number
  readonly weights: Int32Array
}

function coefficients(from: number, to: number, { support: width, at }: Filter): Coefficients {
  const scale = from / to
  const widened = Math.max(1, scale)
  const support = width * widened
  const stride = Math.ceil(support) * 2 + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Int32Array(to * stride)
  const exact = new Float64Array(stride)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    const low = Math.max(0, Math.trunc(centre - support + 0.5))
    const taps = Math.min(from, Math.trunc(centre + support + 0.5)) - low
    let sum = 0
    for (let k = 0; k < taps; k++) {
      const weight = at((k + low - centre + 0.5) / widened)
      exact[k] = weight
      sum += weight
    }
    first[i] = low
    count[i] = taps
    for (let k = 0; k < taps; k++) {
      const weight = ((exact[k] as number) / (sum === 0 ? 1 : sum)) * (1 << bits)
      weights[i * stride + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5)
    }
  }
  return { first, count, stride, weights }
}

/** A fixed-point sum as a grey level. */
const level = (sum: number): number => {
  const value = sum >> bits
  return value < 0 ? 0 : value > 255 ? 255 : value
}

function resizeRows({ width, height, data }: Raster, to: number, filter: Filter): Raster {
  const { first, count, stride, weights } = coefficients(width, to, filter)
  const out = new Uint8Array(to * height * 3)
  for (let y = 0; y < height; y++) {
    const row = y * width * 3
    for (let x = 0; x < to; x++) {
      let r = half
      let g = half
      let b = half
      const taps = count[x] as number
      const at = x * stride
      let pixel = row + (first[x] as number) * 3
      for (let k = 0; k < taps; k++, pixel += 3) {
        const weight = weights[at + k] as number
        r = (r + Math.imul(data[pixel] as number, weight)) | 0
        g = (g + Math.imul(data[pixel + 1] as number, weight)) | 0
        b = (b + Math.imul(data[pixel + 2] as number, weight)) | 0
      }
      const into = (y * to + x) * 3
      out[into] = level(r)
      out[into + 1] = level(g)
      out[into + 2] = level(b)
    }
  }
  return { width: to, height, data: out }
}

function resizeColumns({ width, height, data }: Raster, to: number, filter: Filter): Raster {
  const { first, count, stride, weights } = coefficients(height, to, filter)
  const row = width * 3
  const out = new Uint8Array(row * to)
  const sums = new Int32Array(row)
  for (let y = 0; y < to; y++) {
    sums.fill(half)
    const taps = count[y] as number
    for (let k = 0; k < taps; k++) {
      const weight = weights[y * stride + k] as number
      const from = ((first[y] as number) + k) * row
      for (let i = 0; i < row; i++) sums[i] = ((sums[i] as number) + Math.imul(data[from + i] as number, weight)) | 0
    }
    for (let i = 0; i < row; i++) out[y * row + i] = level(sums[i] as number)
  }
  return { width, height: to, data: out }
}

/** `Image.resize((width, height), filter)` of an RGB picture. */
export function pillowResize(source: Raster, width: number, height: number, name: PillowFilter): Raster {
  const filter = filters[name]
  const rows = width === source.width ? source : resizeRows(source, width, filter)
  return height === source.height ? rows : resizeColumns(rows, height, filter)
}

/** `Image.resize((width, height), NEAREST)`: the places are summed up step by step in doubles, as Pillow does, rounding included. */
export function pillowNearest(source: Raster, width: number, height: number): Raster {
  const places = (from: number, to: number): Int32Array => {
    const step = from / to
    const list = new Int32Array(to)
    for (let i = 0, at = step * 0.5; i < to; i++, at += step) list[i] = Math.min(from - 1, Math.floor(at))
    return list
  }
  return pick(source, places(source.width, width), places(source.height, height))
}

/** The pixels at these columns and rows. */
export function pick({ width, data }: Raster, columns: Int32Array, rows: Int32Array): Raster {
  const out = new Uint8Array(columns.length * rows.length * 3)
  let into = 0
  for (const y of rows) {
    for (const x of columns) {
      const from = (y * width + x) * 3
      out[into++] = data[from] as number
      out[into++] = data[from + 1] as number
      out[into++] = data[from + 2] as number
    }
  }
  return { width: columns.length, height: rows.length, data: out }
}
