import type { Raster } from './raster.ts'
import { pick } from './resamplePillow.ts'
import { applyTaps, cubicWeights, makeTaps, type Taps, toLevels } from './resampleTaps.ts'

/*
 * cv2.resize(image, (width, height), interpolation=...) for 8-bit pictures (OpenCV 4, modules/imgproc/src/resize.cpp, without IPP).
 */

/** Weights of two neighbours in 11-bit fixed point. */
interface LinearTable {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly lowWeight: Int32Array
  readonly highWeight: Int32Array
}

const one = 2048

/** INTER_LINEAR, in the fixed point of OpenCV: no antialias. Halving both sides exactly is INTER_AREA there, and here. */
export function openCvLinear(source: Raster, width: number, height: number): Raster {
  if (source.width === width * 2 && source.height === height * 2) return openCvArea(source, width, height)
  return linear(source, columnTable(source.width, width, linearPlace), rowTable(source.height, height, linearPlace))
}

type Place = (i: number, from: number, to: number) => { low: number; share: number }

const linearPlace: Place = (i, from, to) => {
  const at = Math.fround((i + 0.5) * (1 / (to / from)) - 0.5)
  const low = Math.floor(at)
  return { low, share: Math.fround(at - low) }
}

/** How INTER_AREA enlarges: linear between cells instead of centres. */
const areaPlace: Place = (i, from, to) => {
  const inverse = to / from
  const low = Math.floor(i * (1 / inverse))
  const share = Math.fround(i + 1 - (low + 1) * inverse)
  return { low, share: share <= 0 ? 0 : Math.fround(share - Math.floor(share)) }
}

/** Beyond the first and the last column there is that column alone. */
function columnTable(from: number, to: number, place: Place): LinearTable {
  return linearTable(from, to, (i) => {
    const { low, share } = place(i, from, to)
    return { low, share: low < 0 || low >= from - 1 ? 0 : share }
  })
}

/** Beyond the first and the last row that row is taken twice, which rounds differently. */
const rowTable = (from: number, to: number, place: Place): LinearTable => linearTable(from, to, place)

function linearTable(from: number, to: number, place: Place): LinearTable {
  const inside = (at: number): number => Math.max(0, Math.min(from - 1, at))
  const table = { low: new Int32Array(to), high: new Int32Array(to), lowWeight: new Int32Array(to), highWeight: new Int32Array(to) }
  for (let i = 0; i < to; i++) {
    const { low, share } = place(i, from, to)
    table.low[i] = inside(low)
    table.high[i] = inside(low + 1)
    table.lowWeight[i] = roundHalfEven(Math.fround(1 - share) * one)
    table.highWeight[i] = roundHalfEven(share * one)
  }
  return table
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low
}

function linear(source: Raster, columns: LinearTable, rows: LinearTable): Raster {
  const width = columns.low.length
  const height = rows.low.length
  const line = width * 3
  const out = new Uint8Array(line * height)
  // Two source rows at a time, kept from one output row to the next.
  const empty = (): { y: number; readonly sums: Int32Array } => ({ y: -1, sums: new Int32Array(line) })
  const held = [empty(), empty()] as const
  const rowAt = (y: number, other: number): Int32Array => {
    const known = held.find((each) => each.y === y)
    if (known) return known.sums
    const slot = held[0].y === other ? held[1] : held[0]
    slot.y = y
    sumLine(source, y, columns, slot.sums)
    return slot.sums
  }
  for (let y = 0; y < height; y++) {
    const [low, high] = [rows.low[y] as number, rows.high[y] as number]
    const above = rowAt(low, high)
    const below = rowAt(high, low)
    const [a, b] = [rows.lowWeight[y] as number, rows.highWeight[y] as number]
    for (let i = 0; i < line; i++) {
      out[y * line + i] = ((Math.imul(a, (above[i] as number) >> 4) >> 16) + (Math.imul(b, (below[i] as number) >> 4) >> 16) + 2) >> 2
    }
  }
  return { width, height, data: out }
}

function sumLine({ width, data }: Raster, y: number, { low, high, lowWeight, highWeight }: LinearTable, into: Int32Array): void {
  const row = y * width * 3
  for (let x = 0; x < low.length; x++) {
    const from = row + (low[x] as number) * 3
    const to = row + (high[x] as number) * 3
    const [a, b] = [lowWeight[x] as number, highWeight[x] as number]
    for (let c = 0; c < 3; c++) into[x * 3 + c] = Math.imul(data[from + c] as number, a) + Math.imul(data[to + c] as number, b)
  }
}

/** INTER_AREA: the mean over the covered pixels where the picture shrinks in both directions, else what OpenCV does instead. */
export function openCvArea(source: Raster, width: number, height: number): Raster {
  if (source.width === width && source.height === height) return source
  if (source.width < width || source.height < height) return linear(source, columnTable(source.width, width, areaPlace), rowTable(source.height, height, areaPlace))
  if (source.width === width * 2 && source.height === height * 2) return halve(source)
  return toLevels(applyTaps(source, areaTaps(source.width, width), areaTaps(source.height, height)))
}

function halve({ width, height, data }: Raster): Raster {
  const toWidth = width / 2
  const toHeight = height / 2
  const out = new Uint8Array(toWidth * toHeight * 3)
  for (let y = 0, into = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const above = (y * 2 * width + x * 2) * 3
      const below = above + width * 3
      for (let c = above; c < above + 3; c++) {
        const down = c - above + below
        out[into++] = ((data[c] as number) + (data[c + 3] as number) + (data[down] as number) + (data[down + 3] as number) + 2) >> 2
      }
    }
  }
  return { width: toWidth, height: toHeight, data: out }
}

/** Shares of less than a thousandth of a pixel at the ends of a cell are left out, as there. */
function areaTaps(from: number, to: number): Taps {
  const scale = 1 / (to / from)
  return makeTaps(to, Math.ceil(scale) + 2, (i, put) => {
    const begin = i * scale
    const end = begin + scale
    const cell = Math.min(scale, from - begin)
    const last = Math.min(Math.floor(end), from - 1)
    const first = Math.min(Math.ceil(begin), last)
    if (first - begin > 1e-3) put(first - 1, (first - begin) / cell)
    for (let x = first; x < last; x++) put(x, 1 / cell)
    if (end - last > 1e-3) put(last, Math.min(end - last, 1, cell) / cell)
  })
}

/** INTER_CUBIC: a = -0.75, no antialias, the border repeated, weights in 1/2048. */
export function openCvCubic(source: Raster, width: number, height: number): Raster {
  const taps = (from: number, to: number): Taps => makeTaps(to, 4, (i, put) => {
    const { low, share } = linearPlace(i, from, to)
    for (const [k, weight] of cubicWeights(share, -0.75).entries()) put(Math.max(0, Math.min(from - 1, low - 1 + k)), roundHalfEven(weight * one) / one)
  })
  return toLevels(applyTaps(source, taps(source.width, width), taps(source.height, height)))
}

/** INTER_NEAREST: floor(i * from / to). */
export function openCvNearest(source: Raster, width: number, height: number): Raster {
  const places = (from: number, to: number): Int32Array => {
    const scale = 1 / (to / from)
    return Int32Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.floor(i * scale)))
  }
  return pick(source, places(source.width, width), places(source.height, height))
}
