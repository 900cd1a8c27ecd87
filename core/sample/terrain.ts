import type { Canvas } from './canvas.ts'
import { clamp01, mix, type Rgb } from './colour.ts'
import { gritNoise } from './noise.ts'
import { borrow, giveBack } from './scratch.ts'
import { lightDirection, type Sky } from './sky.ts'

/** A pinhole view over the ground: `horizon` px from the top, the eye `eye` units above zero, `focal` in px. */
export interface View {
  readonly horizon: number
  readonly eye: number
  readonly focal: number
  readonly near: number
  readonly far: number
}

export interface Ground {
  /** Height of the ground at (x, z), in the units of the view. */
  readonly height: (x: number, z: number) => number
  /** Writes the surface colour at a point into `out`; `up` is the vertical part of its normal (1: flat). */
  readonly colour: (out: Float32Array, x: number, z: number, height: number, up: number) => void
  /** Below this the ground is under water and left for `paintWater`. */
  readonly waterLevel?: number
  /** Extra fog in valleys. */
  readonly valleyFog?: number
  /** Height over which valley fog thins out. */
  readonly fogHeight?: number
}

/** How much of a thing at distance z is lost in the haze, 0..1. */
export const hazeAt = (sky: Sky, view: View, z: number): number => 1 - Math.exp(-((z / view.far) * 2.1 * sky.hazeStrength))

export const project = (canvas: Canvas, view: View, x: number, y: number, z: number): { x: number; y: number; scale: number } => ({
  x: canvas.width / 2 + (x / z) * view.focal,
  y: view.horizon - ((y - view.eye) / z) * view.focal,
  scale: view.focal / z
})

export const shaded = (base: Rgb, sky: Sky, lambert: number, z: number, view: View): Rgb => {
  const k = sky.dark ? 1.1 : 1
  const lit: Rgb = [
    base[0] * (sky.ambient[0] * 0.62 + sky.light[0] * lambert * 0.95) * k,
    base[1] * (sky.ambient[1] * 0.62 + sky.light[1] * lambert * 0.95) * k,
    base[2] * (sky.ambient[2] * 0.62 + sky.light[2] * lambert * 0.95) * k
  ]
  return mix(lit, sky.haze, hazeAt(sky, view, z))
}

/**
 * Draws a height field, column by column and front to back (the "voxel space" way), with slope light, cast shadows, haze and valley fog.
 * Fills the canvas' depth. Returns, for each column, the y of the far shore: the highest pixel where water is seen (height of the canvas where none is).
 */
export function paintTerrain(canvas: Canvas, sky: Sky, view: View, ground: Ground, steps = 380): Float32Array {
  const { width, height } = canvas
  const { near, far, focal, eye, horizon } = view
  const light = lightDirection(sky)
  const zs = Float32Array.from({ length: steps }, (_, j) => near * (far / near) ** (j / (steps - 1)))
  const heights = borrow(steps * width)
  const measureStep = (j: number): void => {
    const z = zs[j] as number
    const unit = z / focal
    for (let i = 0; i < width; i++) heights[j * width + i] = ground.height((i - width / 2) * unit, z)
  }
  for (let j = 0; j < steps; j++) measureStep(j)
  const shadow = castShadows(heights, zs, width, focal, light)
  const water = ground.waterLevel ?? -Infinity
  const shore = new Float32Array(width).fill(height)
  const tops = new Float32Array(width).fill(height)
  /** Of the step before, for each column: light (3), fog (1). */
  const before = new Float32Array(width * 4)
  const here = new Float32Array(4)
  /** What stood behind the topmost pixel of each column before any ground did. */
  const behind = new Float32Array(width * 3)
  const surface: Surface = { canvas, sky, view, ground, colour: new Float32Array(3) }
  const strength = sky.dark ? 1.15 : 1
  const paintStep = (j: number): void => {
    const z = zs[j] as number
    const unit = z / focal
    const clear = Math.exp(-((z / far) * 2.1 * sky.hazeStrength))
    const a = Math.max(0, j - 2)
    const b = Math.min(steps - 1, j + 2)
    const dz = (zs[b] as number) - (zs[a] as number)
    // A slope over a few samples: over neighbours alone it would flicker from row to row.
    const rowA = a * width
    const rowB = b * width
    for (let i = 0; i < width; i++) {
      const h = heights[j * width + i] as number
      const top = tops[i] as number
      if (h < water) {
        const y = horizon + ((eye - water) / z) * focal
        if (y < top) {
          tops[i] = y
          shore[i] = y
          for (let row = Math.max(0, Math.floor(y)); row < Math.min(height, Math.ceil(top)); row++) canvas.depth[row * width + i] = z
        }
        continue
      }
      const y = horizon - ((h - eye) / z) * focal
      if (y >= top && j > 0) continue
      const left = heights[j * width + Math.max(0, i - 2)] as number
      const right = heights[j * width + Math.min(width - 1, i + 2)] as number
      const dhdx = (right - left) / (4 * unit)
      const dhdz = ((heights[rowB + i] as number) - (heights[rowA + i] as number)) / dz
      const up = 1 / Math.sqrt(dhdx * dhdx + dhdz * dhdz + 1)
      const lambert = Math.max(0, (-dhdx * light.x + light.y - dhdz * light.z) * up) * (shadow[j * width + i] as number)
      for (let c = 0; c < 3; c++) here[c] = ((sky.ambient[c] as number) * (0.42 + 0.25 * up) + (sky.light[c] as number) * lambert * 0.95) * strength
      here[3] = ground.valleyFog ? 1 - clear * Math.exp(-ground.valleyFog * (z / far) * Math.exp(-Math.max(0, h) / (ground.fogHeight ?? 1))) : 1 - clear
      if (j === 0) before.set(here, i * 4)
      const topmost = Math.floor(y)
      if (topmost >= 0 && topmost < Math.floor(top) && topmost < height) {
        const at = (topmost * width + i) * 3
        for (let c = 0; c < 3; c++) behind[i * 3 + c] = canvas.pixels[at + c] as number
      }
      fillColumn(surface, i, y, j === 0 ? height : top, z, up, here, before)
      before.set(here, i * 4)
      if (y < top) tops[i] = y
    }
  }
  for (let j = 0; j < steps; j++) paintStep(j)
  softenSkyline(canvas, tops, shore, behind)
  giveBack(heights, shadow)
  return shore
}

/** The topmost pixel of each column is ground by its share only. */
function softenSkyline(canvas: Canvas, tops: Float32Array, shore: Float32Array, behind: Float32Array): void {
  for (let i = 0; i < canvas.width; i++) {
    const top = tops[i] as number
    const row = Math.floor(top)
    if (row < 0 || row >= canvas.height || top === shore[i]) continue
    const share = 1 - (top - row)
    for (let c = 0; c < 3; c++) {
      const at = (row * canvas.width + i) * 3 + c
      canvas.pixels[at] = (canvas.pixels[at] as number) * share + (behind[i * 3 + c] as number) * (1 - share)
    }
  }
}

interface Surface {
  readonly canvas: Canvas
  readonly sky: Sky
  readonly view: View
  readonly ground: Ground
  readonly colour: Float32Array
}

/**
 * Paints the part of one column between this step's ground and what was already seen. Light runs from the step before to this one; the colour
 * is asked for at every few pixels of height, so that cliffs have a face and not the one colour of their edge.
 */
function fillColumn({ canvas, sky, view, ground, colour }: Surface, x: number, y: number, top: number, z: number, up: number, here: Float32Array, before: Float32Array): void {
  const { width, height, pixels, depth } = canvas
  const { haze } = sky
  const from = Math.max(0, Math.floor(y))
  const to = Math.min(height - 1, Math.ceil(top) - 1)
  const span = Math.max(1, to - y)
  const worldX = (x - width / 2) * (z / view.focal)
  const tall = to - from > 3
  let asked = -9
  for (let row = from; row <= to; row++) {
    if (row - asked > (tall ? 1 : 99)) {
      ground.colour(colour, worldX, z, view.eye + ((view.horizon - row) * z) / view.focal, up)
      asked = row
    }
    const i = (row * width + x) * 3
    const t = clamp01((row - y) / span)
    // The pixel that nearer ground covered in part keeps that part.
    const keep = top < height && top - row < 1 ? clamp01(1 - (top - row)) : 0
    const alpha = 1 - keep
    const fog = (here[3] as number) + ((before[x * 4 + 3] as number) - (here[3] as number)) * t
    const grain = 0.9 + gritNoise.at(x / 210, row / 170) * 0.2
    for (let c = 0; c < 3; c++) {
      const light = (here[c] as number) + ((before[x * 4 + c] as number) - (here[c] as number)) * t
      const lit = (colour[c] as number) * light * grain
      const seen = lit + ((haze[c] as number) - lit) * fog
      pixels[i + c] = (pixels[i + c] as number) * keep + seen * alpha
    }
    const at = row * width + x
    if ((row >= y || row + 0.5 > y) && depth[at] === Infinity) depth[at] = z
  }
}

/** 1 where the light reaches, towards 0 in shadow: a sweep along each row away from the light, which is exact for light from the side. */
function castShadows(heights: Float32Array, zs: Float32Array, width: number, focal: number, light: { x: number; y: number }): Float32Array<ArrayBuffer> {
  const lit = borrow(heights.length)
  const slope = light.y / Math.max(0.15, Math.abs(light.x))
  const start = light.x > 0 ? width - 1 : 0
  const step = light.x > 0 ? -1 : 1
  const sweep = (j: number): void => {
    const unit = (zs[j] as number) / focal
    const fall = slope * unit
    const soft = unit * 14 + 0.01
    let line = -Infinity
    for (let n = 0, i = start; n < width; n++, i += step) {
      const h = heights[j * width + i] as number
      line = Math.max(h, line - fall)
      lit[j * width + i] = 1 - 0.85 * clamp01((line - h) / soft)
    }
  }
  for (let j = 0; j < zs.length; j++) sweep(j)
  return lit
}
