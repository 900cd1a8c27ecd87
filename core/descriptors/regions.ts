import type { RgbPixels } from '../images/rawPixels.ts'
import { texturePatterns } from './regionTexture.ts'
import type { Segments } from './segment.ts'

/** A connected piece of a picture while regions are being grouped. */
export interface Region {
  /** Pixels. */
  readonly size: number
  /** First and last column and row. */
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  /** Shares of pixels by brightness (the largest of R, G, B), 25 bins. */
  readonly brightness: Float64Array
  /** Shares of pixels with texture pattern 0 and with pattern 1, for R, G and B. */
  readonly texture: Float64Array
}

const brightnessBins = 25

/**
 * The regions that the grouping starts with, one a segment, with the histograms of the Python package `selectivesearch`. What it means to compare is the
 * HSV histogram and local binary patterns; what it does compare, because the ranges it gives to the histogram function do not fit the values, is brightness alone
 * (hue and saturation, 0..1, all fall into the first of 25 bins of 0..255) and how often the patterns 0 and 1 occur (of 0..255, in bins of 0..1).
 * VisionForce's proposals come from that, so this is what is done here.
 */
export function describeRegions(pixels: RgbPixels, { count, labels }: Segments): Region[] {
  const { width, data } = pixels
  const patterns = texturePatterns(pixels)
  const size = new Int32Array(count)
  const box = { minX: new Int32Array(count).fill(0x7fffffff), minY: new Int32Array(count).fill(0x7fffffff), maxX: new Int32Array(count), maxY: new Int32Array(count) }
  const brightness = Array.from({ length: count }, () => new Float64Array(brightnessBins))
  const texture = Array.from({ length: count }, () => new Float64Array(6))
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    const x = i % width
    const y = (i - x) / width
    size[label]!++
    if (x < (box.minX[label] as number)) box.minX[label] = x
    if (x > (box.maxX[label] as number)) box.maxX[label] = x
    if (y < (box.minY[label] as number)) box.minY[label] = y
    if (y > (box.maxY[label] as number)) box.maxY[label] = y
    const value = Math.max(data[i * 3] as number, data[i * 3 + 1] as number, data[i * 3 + 2] as number)
    brightness[label]![Math.min(brightnessBins - 1, Math.floor((value * brightnessBins) / 255))]!++
    for (let channel = 0; channel < 3; channel++) {
      const pattern = patterns[i * 3 + channel] as number
      if (pattern < 2) texture[label]![channel * 2 + pattern]!++
    }
  }
  return Array.from({ length: count }, (_, label) => ({
    size: size[label] as number,
    minX: box.minX[label] as number,
    minY: box.minY[label] as number,
    maxX: box.maxX[label] as number,
    maxY: box.maxY[label] as number,
    brightness: (brightness[label] as Float64Array).map((pixelCount) => pixelCount / (size[label] as number)),
    texture: (texture[label] as Float64Array).map((pixelCount) => pixelCount / (size[label] as number))
  }))
}

/** The similarity of two regions: histogram intersection of colour and of texture, how small they are, and how well they fill their common box. About 0..8. */
export function regionSimilarity(a: Region, b: Region, imageSize: number): number {
  // Hue and saturation, which the package always finds equal.
  let colour = 2
  for (let i = 0; i < brightnessBins; i++) colour += Math.min(a.brightness[i] as number, b.brightness[i] as number)
  let texture = 0
  for (let i = 0; i < 6; i++) texture += Math.min(a.texture[i] as number, b.texture[i] as number)
  const size = 1 - (a.size + b.size) / imageSize
  const common = (Math.max(a.maxX, b.maxX) - Math.min(a.minX, b.minX)) * (Math.max(a.maxY, b.maxY) - Math.min(a.minY, b.minY))
  const fill = 1 - (common - a.size - b.size) / imageSize
  return colour + texture + size + fill
}

/** Two regions as one; histograms are averaged by size. */
export function mergeRegions(a: Region, b: Region): Region {
  const size = a.size + b.size
  const mean = (ofA: Float64Array, ofB: Float64Array): Float64Array => ofA.map((value, i) => (value * a.size + (ofB[i] as number) * b.size) / size)
  return {
    size,
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
    brightness: mean(a.brightness, b.brightness),
    texture: mean(a.texture, b.texture)
  }
}
