import type { Canvas } from '../canvas.ts'
import { clamp01, mix, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise, hillNoise } from '../noise.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { hazeAt, paintTerrain, project, type Ground, type View } from '../terrain.ts'
import { grassColours, leafColours, needleColours, paintBroadleaf, paintConifer, seasons, type Season } from '../trees.ts'
import { paintWater } from '../water.ts'

/** Hills under trees, seen from outside. */
export function woodedHills(random: Random, season: Season, tall: number, waterLevel?: number): Ground {
  const ox = random.next()
  const oz = random.next()
  const grass = grassColours[season]
  return {
    ...(waterLevel === undefined ? {} : { waterLevel }),
    valleyFog: random.chance(0.5) ? random.range(0.5, 2.5) : 0,
    fogHeight: tall * 0.5,
    height: (x, z) => (hillNoise.at(x / 90 + ox, z / 90 + oz) - 0.4) * tall * 2 * smoothstep(4, 40, z) + smoothstep(12, 80, z) * tall * 0.6,
    colour: (out, x, z) => {
      const k = 0.55 + gritNoise.at(x / 6 + ox, z / 6) * 0.8
      out[0] = grass[0] * k
      out[1] = grass[1] * k
      out[2] = grass[2] * k
    }
  }
}

async function paintHillside(canvas: Canvas, random: Random, sky: Sky, season: Season, lake: boolean): Promise<void> {
  const { width, height } = canvas
  const horizon = height * random.range(0.34, 0.55)
  const view: View = { horizon, eye: random.range(2, 5), focal: Math.max(width, height) * random.range(0.8, 1.3), near: 2, far: 90 }
  paintSky(canvas, sky, horizon, random)
  const ground = woodedHills(random, season, random.range(4, 9), lake ? 0.25 : undefined)
  const shore = paintTerrain(canvas, sky, view, ground, 300)
  const share = random.pick([0, 0.25, 0.6, 0.9, 1])
  const needle = random.pick(needleColours)
  const count = Math.round((width * height) / random.range(230, 420))
  // Sorted far to near; more of them far away, where they are small.
  const stands = Array.from({ length: count }, () => {
    const z = 6 + 82 * random.next() ** 0.9
    return { x: random.range(-0.56, 0.56) * (z / view.focal) * width, z }
  }).sort((a, b) => b.z - a.z)
  let mirrored = !lake
  const mirror = (): void => paintWater(canvas, sky, { shore, colour: rgb('#24505a'), rough: random.range(0, 0.25), horizon }, random)
  for (const { x, z } of stands) {
    const h = ground.height(x, z)
    if (h < (ground.waterLevel ?? -99) + 0.05) continue
    const clearing = cloudNoise.at(x / 40, z / 40)
    if (clearing < (z < 14 ? 0.58 : 0.24)) continue
    const at = project(canvas, view, x, h, z)
    const size = at.scale * random.range(1.2, 2.3)
    if (size > height * 0.75) continue
    // Far to near: the first tree on this side of the lake finds the others already mirrored in it.
    if (!mirrored && at.y > (shore[Math.round(at.x)] ?? height)) {
      mirror()
      mirrored = true
    }
    const standing = { sky, haze: hazeAt(sky, view, z), depth: z * 0.96 }
    if (random.chance(share)) paintConifer(canvas, random, at.x, at.y, size, standing, needle, season === 'winter' ? 0.75 : 0)
    else paintBroadleaf(canvas, random, at.x, at.y, size, standing, random.pick(leafColours[season]), season)
  }
  if (!mirrored) mirror()
}

/** Inside the wood: trunks in rows that fade with distance, a litter of leaves, and shafts of light. */
async function paintInterior(canvas: Canvas, random: Random, sky: Sky, season: Season): Promise<void> {
  const { width, height } = canvas
  const floor = height * random.range(0.46, 0.8)
  const stout = random.range(0.55, 1.7)
  const crowded = random.range(0.35, 1.15)
  const leaf = random.pick(leafColours[season === 'winter' ? 'winter' : season])
  const glow = mix(sky.horizon, season === 'winter' ? [0.9, 0.93, 0.97] : leaf, season === 'autumn' ? 0.45 : 0.3)
  const misty = random.chance(0.4)
  const bright = sky.dark ? 0.5 : 1
  const seed = random.next()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = cloudNoise.at(x / width + seed, (y / height) * 0.7 + seed)
      const towards = Math.exp(-(((x / width - sky.sun.x) ** 2) * 5 + ((y / height - 0.3) ** 2) * 4))
      const base = mix(scale(mix(leaf, sky.ambient, 0.45), 0.55 + n * 0.4), glow, clamp01(towards * 0.95 + (misty ? 0.3 : 0)))
      const i = (y * width + x) * 3
      for (let c = 0; c < 3; c++) canvas.pixels[i + c] = (base[c] as number) * bright
    }
  }
  const birch = random.chance(0.3)
  const conifers = !birch && random.chance(0.4)
  const bark: Rgb = birch ? [0.88, 0.86, 0.82] : random.pick(['#5b4636', '#4a3d33', '#6b5340', '#7a4f38'].map(rgb))
  const litter = season === 'winter' ? [rgb('#eef2f7'), rgb('#dfe6ee')] : season === 'autumn' ? leafColours.autumn : [rgb('#66753f'), rgb('#7a6b45'), rgb('#70804a'), rgb('#586538')]
  const layers = 7
  const fern = season === 'summer' || season === 'spring'
  const path = random.chance(0.4) ? random.range(0.3, 0.7) : null
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1)
    const haze = (1 - near) ** 1.3 * (misty ? 0.92 : 0.75)
    const ground = floor + (height - floor) * near ** 2.2 * 0.75
    const next = floor + (height - floor) * ((layer + 1) / (layers - 1)) ** 2.2 * 0.75
    const fade = (colour: Rgb, light: number): Rgb =>
      mix(scale([colour[0] * (sky.ambient[0] * 0.55 + sky.light[0] * light), colour[1] * (sky.ambient[1] * 0.55 + sky.light[1] * light), colour[2] * (sky.ambient[2] * 0.55 + sky.light[2] * light)], bright), scale(glow, bright), haze)
    const band = layer === layers - 1 ? height + 20 : next
    const dabs = Math.round((width * Math.max(8, band - ground)) / (14 + near * 40))
    for (let i = 0; i < dabs; i++) {
      const y = ground + (band - ground) * random.next()
      const x = random.next() * width
      const r = 1 + near * random.range(1.5, 5)
      const spot = smoothstep(0.5, 0.68, cloudNoise.at(x / width + seed, y / height * 2)) * 0.5
      const onPath = path !== null && Math.abs(x / width - path - Math.sin(y / height * 5) * 0.05) < 0.03 + ((y - floor) / (height - floor)) * 0.14
      canvas.dab(x, y, r * 1.3, r * 0.6, random.range(-0.4, 0.4), fade(onPath ? rgb('#a58a68') : random.pick(litter), 0.25 + spot + random.next() * 0.25), 0.9)
      if (fern && near > 0.3 && !onPath && random.chance(0.12)) {
        const s = 4 + near * 22
        for (let k = 0; k < 5; k++) canvas.stroke(x, y, x + random.normal() * s * 0.6, y - s * random.range(0.4, 1), 0.8 + near, 0.5, fade(random.pick(leafColours[season]), 0.3 + random.next() * 0.35), 0.85)
      }
    }
    const trunks = Math.max(1, Math.round((random.int(3, 7) + (1 - near) * 14) * crowded))
    for (let i = 0; i < trunks; i++) {
      const x = (i + random.range(0.05, 0.95)) * (width / trunks)
      if (path !== null && Math.abs(x / width - path) < 0.09 * (0.4 + near)) continue
      const w = (2 + near ** 1.6 * width * 0.055) * stout * random.range(0.6, 1.35)
      const foot = ground + random.next() * (band - ground) * 0.5
      paintTrunk(canvas, random, x, foot, w, (light) => fade(bark, light), sky.sun.x * width > x ? 1 : -1, birch)
      if (conifers && near < 0.85) {
        for (let b = 0; b < 26; b++) {
          const y = random.range(-0.05, 0.55) * height
          const way = random.chance(0.5) ? 1 : -1
          const len = w * random.range(1.5, 4.5)
          for (let k = 0; k < 7; k++) {
            const u = (k + 1) / 7
            canvas.dab(x + way * len * u, y + len * 0.34 * u + w * 0.1, len * 0.13, w * 0.16 * (1.2 - u * 0.6), way * 0.55 + random.normal() * 0.2, fade(random.pick(needleColours), 0.15 + random.next() * 0.3), 0.85)
          }
        }
      }
    }
    if (season !== 'winter' && !conifers) {
      const crowns = Math.round((width / 2.6) * (0.4 + near * 0.6))
      for (let i = 0; i < crowns; i++) {
        const x = random.next() * width
        const y = height * 0.5 * random.next() ** 1.9 * (1 - near * 0.2)
        if (cloudNoise.at(x / width * 1.5 + layer * 0.13, y / height + seed) < 0.42) continue
        const r = 1.5 + near * random.range(2, 6.5)
        const light = 0.2 + random.next() * 0.3 + Math.exp(-(((x / width - sky.sun.x) ** 2) * 9)) * 0.35
        for (let k = 0; k < 5; k++) canvas.dab(x + random.normal() * r * 3.2, y + random.normal() * r * 2.4, r, r * 0.62, random.next() * 3, fade(random.pick(leafColours[season]), light), 0.88)
      }
    }
    if (layer === 3 && !sky.dark && random.chance(0.6)) paintShafts(canvas, random, sky)
  }
}

function paintTrunk(canvas: Canvas, random: Random, x: number, foot: number, w: number, tone: (light: number) => Rgb, side: number, birch: boolean): void {
  const lean = random.normal() * 0.03
  const seed = random.next()
  for (let y = 0; y < Math.min(canvas.height, foot); y++) {
    const up = (foot - y) / canvas.height
    const flare = 1 + 0.7 * Math.exp(-up * 28)
    const half = (w / 2) * flare * (1 - up * 0.28)
    const cx = x + lean * (foot - y) + Math.sin(up * 7 + seed * 9) * w * 0.09
    for (let px = Math.floor(cx - half - 1); px <= Math.ceil(cx + half + 1); px++) {
      const u = (px - cx) / half
      const cover = clamp01((1 - Math.abs(u)) * half + 0.5)
      if (cover <= 0) continue
      const rough = gritNoise.at((px - cx) / (w * (birch ? 3 : 1.6)) + seed, (y / w) * (birch ? 0.6 : 0.1) + seed)
      let light = 0.1 + clamp01(0.5 + u * side * 0.62) * 0.55 + (rough - 0.5) * (birch ? 0.25 : 0.75)
      if (birch && rough > 0.63) light *= 0.25
      canvas.blend(px, y, tone(Math.max(0.01, light)), cover)
    }
  }
}

function paintShafts(canvas: Canvas, random: Random, sky: Sky): void {
  const cx = sky.sun.x * canvas.width
  const cy = -canvas.height * 0.35
  const seed = random.next()
  const strength = random.range(0.25, 0.6)
  const paintRow = (y: number): void => {
    for (let x = 0; x < canvas.width; x++) {
      const angle = Math.atan2(x - cx, y - cy)
      const beam = smoothstep(0.52, 0.75, cloudNoise.at(angle * 1.7 + seed, seed))
      if (beam > 0) canvas.screen(x, y, sky.light, beam * strength * (1 - y / canvas.height) ** 0.8 * 0.7)
    }
  }
  for (let y = 0; y < canvas.height; y++) paintRow(y)
}

const times: readonly (readonly [Time, number])[] = [['dawn', 3], ['morning', 5], ['noon', 4], ['golden', 4], ['sunset', 2], ['dusk', 1], ['overcast', 2], ['storm', 1], ['mist', 3]]

export async function paintForest(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random, random.weighted(times))
  const season = random.weighted([['spring', 3], ['summer', 4], ['autumn', 5], ['winter', 3]] as const) satisfies (typeof seasons)[number]
  const kind = random.weighted([['hillside', 5], ['lake', 3], ['interior', 5]] as const)
  if (kind === 'interior') await paintInterior(canvas, random, sky, season)
  else await paintHillside(canvas, random, sky, season, kind === 'lake')
}
