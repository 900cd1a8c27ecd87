import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import { applyMap, inverse, type PlaneMap } from '../../../core/verify/planeMap.ts'
import type { VerifyImage } from '../../../core/verify/picture.ts'

/** Numbers from 0 to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed * 7919 + 1
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

export interface Grey {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** A picture full of corners: rectangles and discs of many sizes and greys, different for every seed. */
export function scene(seed: number, width = 640, height = 480): Grey {
  const random = numbers(seed)
  const data = new Uint8Array(width * height).fill(128)
  for (let shape = 0; shape < 260; shape++) {
    const [cx, cy, w, h, grey, round] = [random() * width, random() * height, 4 + random() ** 2 * 60, 4 + random() ** 2 * 60, random() * 255, random() < 0.3]
    for (let y = Math.max(0, Math.floor(cy - h)); y < Math.min(height, cy + h); y++) {
      for (let x = Math.max(0, Math.floor(cx - w)); x < Math.min(width, cx + w); x++) {
        if (!round || ((x - cx) / w) ** 2 + ((y - cy) / h) ** 2 < 1) data[y * width + x] = grey
      }
    }
  }
  return { width, height, data }
}

/** What a camera that sees the picture through `map` (picture to result) sees; bilinear, grey outside. */
export function warp({ width, height, data }: Grey, map: PlaneMap, to: { width: number; height: number } = { width, height }): Grey {
  const back = inverse(map) as PlaneMap
  const out = new Uint8Array(to.width * to.height).fill(90)
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      const from = applyMap(back, x, y)
      if (!from || !(from[0] >= 0 && from[1] >= 0 && from[0] < width - 1 && from[1] < height - 1)) continue
      const [left, top] = [Math.floor(from[0]), Math.floor(from[1])]
      const [fx, fy] = [from[0] - left, from[1] - top]
      const at = (dx: number, dy: number): number => data[(top + dy) * width + left + dx] as number
      out[y * to.width + x] = (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy
    }
  }
  return { ...to, data: out }
}

export const pipelineOf = ({ width, height, data }: Grey): Sharp => sharp(data, { raw: { width, height, channels: 1 } })

export async function savePng(picture: Grey, path: string): Promise<string> {
  await pipelineOf(picture).png().toFile(path)
  return path
}

/** A file as the database would know it. */
export function asImage(path: string, imageId: number): VerifyImage {
  const { size, mtimeMs } = statSync(path)
  return { imageId, path: Buffer.from(path), bytes: size, mtimeMs, svg: false, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
}

/** The largest distance between where the two maps send the corners of the picture. */
export const cornerError = (found: PlaneMap | null, truth: PlaneMap, { width, height }: { width: number; height: number }): number =>
  found ? Math.max(...[[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]].map(([x, y]) => {
    const [a, b] = [applyMap(found, x as number, y as number), applyMap(truth, x as number, y as number)]
    return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : Infinity
  })) : Infinity

export const writeJunk = (path: string): string => {
  writeFileSync(path, 'this is no picture')
  return path
}
