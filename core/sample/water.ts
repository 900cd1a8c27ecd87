import type { Canvas } from './canvas.ts'
import { clamp01, mix, scale, smoothstep, type Rgb } from './colour.ts'
import { cloudNoise, gritNoise } from './noise.ts'
import type { Random } from './random.ts'
import { borrow, giveBack } from './scratch.ts'
import { sunPosition, type Sky } from './sky.ts'

export interface Water {
  /** For each column, the y where the water begins (its far shore). */
  readonly shore: Float32Array
  readonly colour: Rgb
  /** 0: a mirror; 1: a rough sea. */
  readonly rough: number
  /** y of the true horizon, for perspective. */
  readonly horizon: number
}

/** Fills the water with what stands above it, mirrored and broken by waves, and the glitter of the light. Only pixels below the shore that no ground covers. */
export function paintWater(canvas: Canvas, sky: Sky, water: Water, random: Random): void {
  const { width, height, pixels } = canvas
  const { rough, horizon } = water
  const offset = [random.next(), random.next()] as const
  const sun = sunPosition(canvas, sky, horizon)
  const deep = mix(scale(water.colour, sky.dark ? 0.4 : 0.9), sky.ambient, 0.25)
  const source = borrow(pixels.length)
  source.set(pixels)
  const shore = smooth(water.shore, height)
  const paintColumn = (x: number): void => {
    const begin = water.shore[x] as number
    if (begin >= height) return
    const mirror = shore[x] as number
    for (let y = Math.max(0, Math.floor(begin)); y < height; y++) {
      const below = (y - horizon) / Math.max(1, height - horizon)
      if (below <= 0) continue
      const far = 1 / (below + 0.025)
      const u = (x / width - 0.5) * far
      const wave = cloudNoise.at(u * 0.55 + offset[0], far * 1.1 + offset[1]) - 0.5
      const ripple = gritNoise.at(u * 0.9 + offset[1], far * 2.3 + offset[0]) - 0.5
      const slope = (wave * 1.3 + ripple * 0.9) * (0.12 + rough)
      const reach = (y - mirror) * (1 + slope * 0.9) + slope * height * 0.16 * (0.15 + below)
      const sy = Math.min(mirror, Math.max(0, mirror - Math.abs(reach)))
      const sx = Math.min(width - 1, Math.max(0, x + slope * width * 0.025 * (0.2 + below)))
      const s = ((sy | 0) * width + (sx | 0)) * 3
      const grazing = clamp01(0.9 - below * (0.55 + rough * 0.35) - slope * 0.5 * rough)
      const crest = smoothstep(0.18, 0.42, slope * (0.5 + rough)) * rough
      const trough = 1 - clamp01(-slope) * 0.55
      const i = (y * width + x) * 3
      // The road of light under the sun: where a wave's slope would send it to the eye.
      const road = sky.sun.seen || sky.time === 'sunset' ? Math.exp(-((Math.abs(x - sun.x) / (width * (0.035 + below * 0.12 + rough * 0.05))) ** 2)) : 0
      const glitter = road * smoothstep(0.02, 0.3, ripple + wave * 0.5 + 0.08) * (sky.dark ? 0.5 : 0.85)
      for (let c = 0; c < 3; c++) {
        const seen = source[s + c] as number
        let value = ((deep[c] as number) + (seen * 0.96 - (deep[c] as number)) * grazing) * trough
        value += ((sky.light[c] as number) * 0.9 - value) * crest * 0.4
        value += ((sky.sun.colour[c] as number) - value) * glitter
        pixels[i + c] = value
      }
    }
  }
  for (let x = 0; x < width; x++) paintColumn(x)
  giveBack(source)
}

/** The shore without its spikes, so that reflections do not jump from column to column. */
function smooth(shore: Float32Array, height: number): Float32Array {
  const out = new Float32Array(shore.length)
  const reach = Math.max(2, Math.round(shore.length / 80))
  for (let x = 0; x < shore.length; x++) {
    let sum = 0
    let count = 0
    for (let k = -reach; k <= reach; k++) {
      const value = shore[x + k]
      if (value === undefined || value >= height) continue
      sum += value
      count++
    }
    out[x] = count > 0 ? sum / count : height
  }
  return out
}
