import type { Canvas } from './canvas.ts'
import { clamp01, mix, rgb, scale, smoothstep, type Rgb } from './colour.ts'
import { cloudNoise } from './noise.ts'
import type { Random } from './random.ts'

export type Time = 'dawn' | 'morning' | 'noon' | 'golden' | 'sunset' | 'dusk' | 'night' | 'overcast' | 'storm' | 'mist'

/** The light of a scene: everything else takes its colours from here, which is what holds a picture together. */
export interface Sky {
  readonly time: Time
  readonly zenith: Rgb
  readonly middle: Rgb
  readonly horizon: Rgb
  /** Direct light and what comes from everywhere. */
  readonly light: Rgb
  readonly ambient: Rgb
  /** What far things fade into, and how soon (0..1). */
  readonly haze: Rgb
  readonly hazeStrength: number
  /** Where the light stands in the frame (share of width, share of the way from the horizon to the top) and whether it is seen. */
  readonly sun: { readonly x: number; readonly y: number; readonly seen: boolean; readonly colour: Rgb; readonly radius: number }
  readonly cover: number
  readonly dark: boolean
}

interface Palette {
  readonly colours: readonly [string, string, string]
  readonly light: string
  readonly ambient: string
  readonly sun: string
  readonly height: readonly [number, number]
  readonly cover: readonly [number, number]
  readonly haze: readonly [number, number]
  readonly dark?: true
}

const palettes: Record<Time, Palette> = {
  dawn: { colours: ['#5b74b4', '#b79cc0', '#ffd2a8'], light: '#ffc79a', ambient: '#8a90ba', sun: '#fff0cf', height: [0.03, 0.2], cover: [0.2, 0.6], haze: [0.5, 0.9] },
  morning: { colours: ['#3c7cc4', '#86b7e2', '#dcecf4'], light: '#fff0d2', ambient: '#98b2d2', sun: '#fffbe8', height: [0.5, 0.9], cover: [0.2, 0.65], haze: [0.3, 0.6] },
  noon: { colours: ['#1f66bd', '#5a9fe0', '#c4e1f2'], light: '#fffaf0', ambient: '#93acc8', sun: '#ffffff', height: [0.9, 1.4], cover: [0.15, 0.65], haze: [0.15, 0.45] },
  golden: { colours: ['#5f8cc0', '#cdbf9c', '#ffd98f'], light: '#ffd592', ambient: '#9490ac', sun: '#fff3c8', height: [0.1, 0.35], cover: [0.2, 0.6], haze: [0.4, 0.8] },
  sunset: { colours: ['#3b3f7d', '#c25f80', '#ffa050'], light: '#ffa768', ambient: '#776a90', sun: '#ffe9a8', height: [0.02, 0.16], cover: [0.3, 0.65], haze: [0.4, 0.8] },
  dusk: { colours: ['#161f48', '#51457c', '#e08d8c'], light: '#c79aa8', ambient: '#565682', sun: '#ffd0b0', height: [-0.2, -0.05], cover: [0.2, 0.6], haze: [0.4, 0.8], dark: true },
  night: { colours: ['#060a1e', '#0f1d3f', '#2b4270'], light: '#a9bce8', ambient: '#36446e', sun: '#f4f2e0', height: [0.35, 0.9], cover: [0.05, 0.5], haze: [0.3, 0.6], dark: true },
  overcast: { colours: ['#8593a1', '#a5b1bb', '#d0d6d9'], light: '#dfe4e6', ambient: '#a9b4be', sun: '#f4f6f6', height: [0.7, 1.2], cover: [0.8, 0.95], haze: [0.45, 0.85] },
  storm: { colours: ['#2b3342', '#525c6b', '#b3b1a8'], light: '#d2ccbb', ambient: '#7b8490', sun: '#f0e8c8', height: [0.4, 0.9], cover: [0.75, 0.9], haze: [0.35, 0.7] },
  mist: { colours: ['#a8b9c6', '#c6d0d6', '#e6e6e2'], light: '#f4eee2', ambient: '#b3bec8', sun: '#fffaf0', height: [0.3, 0.7], cover: [0.3, 0.6], haze: [1, 1.6] }
}

const everyTime: readonly (readonly [Time, number])[] = [
  ['dawn', 10], ['morning', 16], ['noon', 16], ['golden', 14], ['sunset', 12], ['dusk', 8], ['night', 6], ['overcast', 8], ['storm', 5], ['mist', 6]
]

/** A sky for a time of day, each of its colours a little its own. */
export function makeSky(random: Random, time = random.weighted(everyTime)): Sky {
  const palette = palettes[time]
  const shift: Rgb = [random.normal() * 0.018, random.normal() * 0.012, random.normal() * 0.02]
  const own = (hex: string): Rgb => {
    const colour = rgb(hex)
    return [clamp01(colour[0] + shift[0]), clamp01(colour[1] + shift[1]), clamp01(colour[2] + shift[2])]
  }
  const [zenith, middle, horizon] = palette.colours.map(own) as [Rgb, Rgb, Rgb]
  return {
    time,
    zenith,
    middle,
    horizon,
    light: own(palette.light),
    ambient: own(palette.ambient),
    haze: mix(horizon, middle, random.range(0.15, 0.55)),
    hazeStrength: random.range(...palette.haze),
    sun: {
      x: random.range(0.08, 0.92),
      y: random.range(...palette.height),
      seen: time !== 'overcast' && time !== 'storm' && time !== 'dusk' && random.chance(time === 'noon' || time === 'morning' ? 0.35 : 0.75),
      colour: rgb(palette.sun),
      radius: random.range(0.018, 0.04) * (time === 'sunset' || time === 'dawn' ? 1.5 : 1)
    },
    cover: random.range(...palette.cover),
    dark: palette.dark === true
  }
}

/** Where the light stands in pixels, for a horizon at `horizon` px. */
export const sunPosition = (canvas: Canvas, sky: Sky, horizon: number): { x: number; y: number } => ({
  x: sky.sun.x * canvas.width,
  y: horizon * (1 - sky.sun.y)
})

/** Unit vector to the light: x right, y up, z away from the viewer. */
export function lightDirection(sky: Sky): { x: number; y: number; z: number } {
  const x = (sky.sun.x - 0.5) * 2.4 || 0.2
  const y = Math.max(0.22, sky.sun.y * 0.9)
  const z = sky.sun.seen ? 0.5 : -0.45
  const length = Math.hypot(x, y, z)
  return { x: x / length, y: y / length, z: z / length }
}

/** Gradient, light, stars and clouds from the top down to `horizon` px (and a little below, for things that end above it). */
export function paintSky(canvas: Canvas, sky: Sky, horizon: number, random: Random): void {
  const { width, height, pixels } = canvas
  const sun = sunPosition(canvas, sky, horizon)
  const reach = Math.hypot(width, height)
  const nearer = -5.5 / reach
  const offset = [random.next(), random.next(), random.next()] as const
  const stretch = random.range(0.5, 1.3)
  const wisps = random.chance(0.35)
  const lit = mix(sky.sun.colour, sky.light, 0.35)
  const shade = sky.dark ? scale(sky.middle, 0.75) : mix(mix(sky.middle, sky.ambient, 0.5), [0.45, 0.47, 0.55], sky.time === 'storm' ? 0.4 : 0.12)
  const bottom = Math.min(height, Math.ceil(horizon) + 2)
  const threshold = 0.86 - sky.cover * 0.62
  const toSunX = sun.x / width
  const [lightR, lightG, lightB] = scale(sky.light, 0.75 * (sky.dark ? 0.25 : 0.6))
  const bright = scale(lit, sky.dark ? 0.55 : 1)
  /** How thick the clouds are and how much light falls on them, at every other pixel of every other row: they have no finer detail. */
  const columns = (width >> 1) + 2
  let above = new Float32Array(columns * 2)
  let beneath = new Float32Array(columns * 2)
  const cloudRow = (y: number, row: Float32Array): void => {
    const up = clamp01(1 - y / Math.max(1, horizon))
    // Clouds lie on a plane overhead, so they flatten and crowd towards the horizon.
    const plane = 1 / (0.16 + up)
    const v = plane * 0.42 * stretch
    const dy2 = ((y - sun.y) * 1.25) ** 2
    const thin = smoothstep(-0.02, 0.14, up)
    for (let k = 0; k < columns; k++) {
      const x = k * 2
      const u = (x / width - 0.5) * plane * 0.34 * (width / height) * (wisps ? 0.45 : 1)
      const warp = cloudNoise.at(u * 0.6 + offset[2], v * 0.6 + offset[0]) - 0.5
      const density = cloudNoise.at(u + offset[0] + warp * 0.3, v * (wisps ? 2 : 1) + offset[1] + warp * 0.2)
      const alpha = smoothstep(threshold, threshold + (wisps ? 0.5 : 0.24), density) * thin
      row[k * 2] = alpha
      const towards = toSunX - x / width
      const beside = alpha > 0 || density > threshold - 0.1 ? cloudNoise.at(u + offset[0] + warp * 0.3 + towards * 0.05, v * (wisps ? 2 : 1) + offset[1] + warp * 0.2 - 0.025) : density
      const distance = Math.sqrt((x - sun.x) ** 2 + dy2) / reach
      row[k * 2 + 1] = clamp01(0.52 + (density - beside) * 3.4 - (density - threshold) * 0.55 + Math.exp(-distance * 6) * 0.4)
    }
  }
  // A function a row, here and in the other passes: loops inside loops of a function that is called once a picture are compiled late, and thrown away after each row.
  const paintRow = (y: number): void => {
    const up = clamp01(1 - y / Math.max(1, horizon))
    const base = mix(mix(sky.horizon, sky.middle, smoothstep(0, 0.42, up)), sky.zenith, smoothstep(0.3, 1.05, up))
    const dy2 = ((y - sun.y) * 1.25) ** 2
    const clouds = y < bottom
    const odd = y & 1
    if (clouds && !odd) {
      // This row, and the next one that is worked out; the odd row between is their mean.
      if (y === 0) cloudRow(0, above)
      else [above, beneath] = [beneath, above]
      cloudRow(y + 2, beneath)
    }
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3
      const dx = x - sun.x
      const warm = Math.exp(Math.sqrt(dx * dx + dy2) * nearer)
      let r = base[0] + (1 - base[0]) * warm * lightR
      let g = base[1] + (1 - base[1]) * warm * lightG
      let b = base[2] + (1 - base[2]) * warm * lightB
      if (clouds) {
        const k = (x >> 1) * 2
        // The means of 1, 2 or 4 neighbours, as the pixel lies on a worked-out one or between.
        const alpha = odd ? (between(above, k, x & 1) + between(beneath, k, x & 1)) / 2 : between(above, k, x & 1)
        if (alpha > 0.003) {
          const light = odd ? (between(above, k + 1, x & 1) + between(beneath, k + 1, x & 1)) / 2 : between(above, k + 1, x & 1)
          const a = alpha * 0.92
          r += (shade[0] + (bright[0] - shade[0]) * light - r) * a
          g += (shade[1] + (bright[1] - shade[1]) * light - g) * a
          b += (shade[2] + (bright[2] - shade[2]) * light - b) * a
        }
      }
      pixels[i] = r
      pixels[i + 1] = g
      pixels[i + 2] = b
    }
  }
  for (let y = 0; y < height; y++) paintRow(y)
  if (sky.dark) paintStars(canvas, horizon, random, sky.time === 'night' ? 1 : 0.25)
  if (sky.sun.seen) {
    const radius = sky.sun.radius * Math.min(width, height)
    canvas.glow(sun.x, sun.y, radius * 11, sky.light, sky.time === 'night' ? 0.35 : 0.55, 3)
    canvas.glow(sun.x, sun.y, radius * 3, sky.sun.colour, 0.6, 2)
    canvas.dab(sun.x, sun.y, radius, radius, 0, sky.sun.colour, 0.96, Infinity)
    if (sky.time === 'night') {
      canvas.dab(sun.x - radius * 0.25, sun.y - radius * 0.2, radius * 0.3, radius * 0.22, 0.4, scale(sky.sun.colour, 0.85), 0.6, Infinity)
      canvas.dab(sun.x + radius * 0.35, sun.y + radius * 0.3, radius * 0.2, radius * 0.16, 0.9, scale(sky.sun.colour, 0.87), 0.6, Infinity)
    }
  }
}

/** The value at `k` of a row of pairs, or half-way to the next. */
const between = (row: Float32Array, k: number, half: number): number => (half ? ((row[k] as number) + (row[k + 2] as number)) / 2 : (row[k] as number))

function paintStars(canvas: Canvas, horizon: number, random: Random, amount: number): void {
  const count = Math.round((canvas.width * horizon * amount) / 500)
  const band = random.range(-0.9, 0.9)
  const shift = random.range(0.2, 0.8) * canvas.width
  for (let i = 0; i < count; i++) {
    const y = random.next() * horizon * 0.95
    const milky = random.chance(0.4)
    const x = milky ? shift + (y - horizon / 2) * band + random.normal() * canvas.width * 0.09 : random.next() * canvas.width
    const bright = random.next() ** 5
    const tint = random.pick<Rgb>([[1, 1, 1], [0.8, 0.88, 1], [1, 0.92, 0.8]])
    const radius = milky ? 0.4 : 0.45 + bright * 0.9
    canvas.dab(x, y, radius, radius, 0, tint, (milky ? 0.25 : 0.35) + bright * 0.6, Infinity)
  }
}

/** Curtains of green light, drawn column by column. */
export function paintAurora(canvas: Canvas, horizon: number, random: Random): void {
  const curtains = random.int(1, 3)
  const hue = random.pick<Rgb>([[0.25, 1, 0.55], [0.3, 0.95, 0.75], [0.65, 0.4, 1]])
  for (let k = 0; k < curtains; k++) {
    const base = horizon * random.range(0.55, 0.9)
    const seed = random.next()
    const length = horizon * random.range(0.35, 0.7)
    for (let x = 0; x < canvas.width; x++) {
      const u = x / canvas.width
      const foot = base + (cloudNoise.at(u * 0.45 + seed, seed) - 0.5) * horizon * 0.9
      const strength = smoothstep(0.3, 0.75, cloudNoise.at(u * 1.7 + seed * 3, 0.3 + k * 0.1)) * 0.75
      if (strength <= 0) continue
      const top = foot - length * (0.6 + cloudNoise.at(u * 5, seed) * 0.7)
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(horizon, foot); y++) {
        const t = Math.min(1, (foot - y) / (foot - top))
        const alpha = strength * Math.min(1, t * 9) * (1 - t) ** 1.6
        canvas.screen(x, y, mix(hue, [0.55, 0.3, 0.95], t * 0.8), alpha)
      }
    }
  }
}
