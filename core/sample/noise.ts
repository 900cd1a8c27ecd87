import { Random } from './random.ts'

const size = 512
const mask = size - 1

/** One tile of periodic value noise, `cells` lattice points a side, 0..1. */
function lattice(random: Random, cells: number): Float32Array {
  const points = Float32Array.from({ length: cells * cells }, () => random.next())
  const tile = new Float32Array(size * size)
  const step = cells / size
  const fillRow = (y: number): void => {
    const fy = y * step
    const y0 = Math.floor(fy)
    const ty = fy - y0
    const wy = ty * ty * ty * (ty * (ty * 6 - 15) + 10)
    const row0 = (y0 % cells) * cells
    const row1 = ((y0 + 1) % cells) * cells
    for (let x = 0; x < size; x++) {
      const fx = x * step
      const x0 = Math.floor(fx)
      const tx = fx - x0
      const wx = tx * tx * tx * (tx * (tx * 6 - 15) + 10)
      const c0 = x0 % cells
      const c1 = (x0 + 1) % cells
      const a = (points[row0 + c0] as number) * (1 - wx) + (points[row0 + c1] as number) * wx
      const b = (points[row1 + c0] as number) * (1 - wx) + (points[row1 + c1] as number) * wx
      tile[y * size + x] = a * (1 - wy) + b * wy
    }
  }
  for (let y = 0; y < size; y++) fillRow(y)
  return tile
}

/** Stretches a tile to 0..1. */
function normalise(tile: Float32Array): Float32Array {
  let low = Infinity
  let high = -Infinity
  for (const value of tile) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return tile.map((value) => (value - low) / (high - low))
}

function sumOfOctaves(octaves: number, shape: (value: number) => number, gain: number, seed: string): Float32Array {
  const tile = new Float32Array(size * size)
  let amplitude = 1
  for (let octave = 0; octave < octaves; octave++) {
    const layer = lattice(Random.of('noise', seed, octave), 4 << octave)
    for (let i = 0; i < tile.length; i++) tile[i] = (tile[i] as number) + shape(layer[i] as number) * amplitude
    amplitude *= gain
  }
  return normalise(tile)
}

/** A periodic field over the plane with period 1; values 0..1. Sampling is one bilinear look-up, whatever the number of octaves. */
export class Noise {
  readonly #tile: Float32Array
  constructor(tile: Float32Array) {
    this.#tile = tile
  }

  at(x: number, y: number): number {
    const fx = (x - Math.floor(x)) * size
    const fy = (y - Math.floor(y)) * size
    const x0 = fx | 0
    const y0 = fy | 0
    const tx = fx - x0
    const ty = fy - y0
    const xa = x0 & mask
    const xb = (x0 + 1) & mask
    const ra = (y0 & mask) * size
    const rb = ((y0 + 1) & mask) * size
    const tile = this.#tile
    const a = tile[ra + xa] as number
    const b = tile[ra + xb] as number
    const c = tile[rb + xa] as number
    const d = tile[rb + xb] as number
    return (a + (b - a) * tx) * (1 - ty) + (c + (d - c) * tx) * ty
  }
}

/** Soft, cloud-like. */
export const cloudNoise = new Noise(sumOfOctaves(6, (v) => v, 0.52, 'cloud'))
/** Sharp crests: for mountains. */
export const ridgeNoise = new Noise(sumOfOctaves(6, (v) => (1 - Math.abs(2 * v - 1)) ** 2, 0.42, 'ridge'))
/** Broad and smooth: for hills and dunes. */
export const hillNoise = new Noise(sumOfOctaves(3, (v) => v, 0.35, 'hill'))
/** Fine grit: for rock, grass and plaster. */
export const gritNoise = new Noise(sumOfOctaves(7, (v) => v, 0.85, 'grit'))
