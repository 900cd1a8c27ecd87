import type { AnyRaster, Raster } from './raster.ts'

/** For each place of the output, `count` places of the input and their weights: `index[i * count + k]`, `weight[i * count + k]`. */
export interface Taps {
  readonly count: number
  readonly index: Int32Array
  readonly weight: Float64Array
}

/** Makes taps for `size` places; `fill(i, put)` calls `put(index, weight)` at most `count` times. */
export function makeTaps(size: number, count: number, fill: (i: number, put: (index: number, weight: number) => void) => void): Taps {
  const index = new Int32Array(size * count)
  const weight = new Float64Array(size * count)
  for (let i = 0; i < size; i++) {
    let at = i * count
    fill(i, (from, share) => {
      index[at] = from
      weight[at++] = share
    })
  }
  return { count, index, weight }
}

/** A separable resampling in floating point: columns first, only in the rows that are looked at, then rows. Values stay fractions. */
export function applyTaps({ width, height, data }: AnyRaster, columns: Taps, rows: Taps): Raster<Float32Array> {
  const toWidth = columns.index.length / columns.count
  const toHeight = rows.index.length / rows.count
  const line = toWidth * 3
  const between = new Float32Array(height * line)
  const wanted = new Uint8Array(height)
  for (const [i, y] of rows.index.entries()) if (rows.weight[i] !== 0) wanted[y] = 1
  for (let y = 0; y < height; y++) if (wanted[y] === 1) resampleLine(data, y * width * 3, columns, between, y * line, toWidth)
  const out = new Float32Array(toHeight * line)
  const sums = new Float64Array(line)
  for (let y = 0; y < toHeight; y++) {
    sums.fill(0)
    for (let k = y * rows.count; k < (y + 1) * rows.count; k++) {
      const weight = rows.weight[k] as number
      if (weight === 0) continue
      const from = (rows.index[k] as number) * line
      for (let i = 0; i < line; i++) sums[i] = (sums[i] as number) + weight * (between[from + i] as number)
    }
    out.set(sums, y * line)
  }
  return { width: toWidth, height: toHeight, data: out }
}

function resampleLine(data: Uint8Array | Float32Array, from: number, { count, index, weight }: Taps, into: Float32Array, at: number, toWidth: number): void {
  for (let x = 0, k = 0; x < toWidth; x++) {
    let r = 0
    let g = 0
    let b = 0
    for (const end = k + count; k < end; k++) {
      const share = weight[k] as number
      const pixel = from + (index[k] as number) * 3
      r += share * (data[pixel] as number)
      g += share * (data[pixel + 1] as number)
      b += share * (data[pixel + 2] as number)
    }
    into[at + x * 3] = r
    into[at + x * 3 + 1] = g
    into[at + x * 3 + 2] = b
  }
}

/** Rounded to whole levels 0..255, halves to the even one (as OpenCV's cvRound and torch.round). */
export function toLevels({ width, height, data }: Raster<Float32Array>): Raster {
  const out = new Uint8ClampedArray(data.length)
  // Uint8ClampedArray rounds halves to even by definition.
  out.set(data)
  return { width, height, data: new Uint8Array(out.buffer) }
}

/** Weights of the four neighbours of a place `t` (0..1) between the second and the third: Keys' cubic. */
export function cubicWeights(t: number, a: number): [number, number, number, number] {
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1
  return [far(t + 1), near(t), near(1 - t), far(2 - t)]
}
