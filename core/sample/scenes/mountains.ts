import type { Canvas } from '../canvas.ts'
import { mix, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise, hillNoise, ridgeNoise } from '../noise.ts'
import type { Random } from '../random.ts'
import { makeSky, paintAurora, paintSky, type Sky } from '../sky.ts'
import { hazeAt, paintTerrain, project, type Ground, type View } from '../terrain.ts'
import { grassColours, needleColours, paintConifer, seasons } from '../trees.ts'
import { paintWater } from '../water.ts'

export interface Range {
  readonly ground: Ground
  readonly winter: boolean
}

/** A mountain range that rises from `foot` to its full height near `crest` (units of the view). Also the far background of other scenes. */
export function mountainRange(random: Random, { foot, crest, tall, waterLevel }: { foot: number; crest: number; tall: number; waterLevel?: number }): Range {
  const season = random.pick(seasons)
  const winter = season === 'winter'
  const period = random.range(70, 130)
  const ox = random.next()
  const oz = random.next()
  const snowLine = winter ? -1 : random.range(0.35, 1.1) * tall
  const rock = random.pick(['#7d7468', '#6f6f78', '#8a7a6a', '#5f646c', '#94806c'].map(rgb))
  const rockDark = scale(rock, 0.62)
  const green = mix(grassColours[season], rgb('#4c6b38'), random.range(0.2, 0.8))
  const snow: Rgb = [0.97, 0.98, 1]
  const steep = random.range(0.85, 1.35)
  const treeLine = random.range(0.2, 0.5) * tall
  const ground: Ground = {
    ...(waterLevel === undefined ? {} : { waterLevel }),
    valleyFog: random.chance(0.4) ? random.range(0.5, 2) : 0,
    fogHeight: tall * 0.25,
    height: (x, z) => {
      const rise = smoothstep(foot, crest, z)
      const u = x / period + ox
      const v = z / period + oz
      const warp = (hillNoise.at(u * 0.7, v * 0.7) - 0.5) * 0.22
      const ridge = ridgeNoise.at(u + warp, v - warp)
      const fine = cloudNoise.at(u * 1.9, v * 1.9) - 0.5
      const meadow = (hillNoise.at(u * 1.6, v * 1.6) - 0.42) * 2.2 * smoothstep(2, 12, z)
      return meadow * (1 - rise * 0.6) + rise * tall * (ridge ** steep * 1.15 + fine * 0.12) - 0.05
    },
    colour: (out, x, z, h, up) => {
      const n = gritNoise.at(x / 11 + ox, z / 11 + h / 5 + oz)
      const broad = cloudNoise.at(x / 40 + oz, z / 40 + ox)
      let colour = mix(rockDark, rock, n * 0.9 + broad * 0.3)
      const growth = smoothstep(0.5, 0.72, up + (n - 0.5) * 0.22) * (1 - smoothstep(treeLine * 0.7, treeLine * 1.6, h + (broad - 0.5) * tall * 0.3))
      if (!winter) colour = mix(colour, scale(green, 0.55 + n * 0.7), growth)
      const white = smoothstep(snowLine - tall * 0.12, snowLine + tall * 0.12, h + (broad - 0.5) * tall * 0.35) * smoothstep(0.38, 0.62, up + (n - 0.5) * 0.28)
      colour = mix(colour, snow, white)
      out[0] = colour[0]
      out[1] = colour[1]
      out[2] = colour[2]
    }
  }
  return { ground, winter }
}

interface Stand {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly scale: number
  readonly winterly: boolean
}

/** A sea of cloud that fills the valleys: bands of mist laid between far and near. */
function paintCloudSea(canvas: Canvas, sky: Sky, random: Random, y: number): void {
  const seed = random.next()
  for (let row = Math.floor(y); row < canvas.height; row++) {
    const t = (row - y) / (canvas.height - y)
    for (let x = 0; x < canvas.width; x++) {
      const plane = 1 / (0.12 + t)
      const n = cloudNoise.at((x / canvas.width - 0.5) * plane * 0.5 + seed, plane * 0.6 + seed)
      const alpha = smoothstep(0, 0.12, t) * smoothstep(0.25, 0.55, n + t * 0.35)
      canvas.blend(x, row, mix(mix(sky.haze, sky.ambient, 0.35), mix(sky.horizon, [1, 1, 1], 0.3), smoothstep(0.35, 0.75, n)), alpha * 0.95)
    }
  }
}

export async function paintMountains(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random)
  const kind = random.weighted([['lake', 4], ['valley', 4], ['peaks', 3], ['cloud-sea', 2]] as const)
  const { width, height } = canvas
  const horizon = height * (kind === 'peaks' || kind === 'cloud-sea' ? random.range(0.6, 0.8) : random.range(0.5, 0.64))
  const view: View = { horizon, eye: kind === 'peaks' ? 4 : 1.7, focal: Math.max(width, height) * random.range(0.8, 1.5), near: 2, far: 110 }
  paintSky(canvas, sky, horizon, random)
  if (sky.time === 'night' && random.chance(0.5)) paintAurora(canvas, horizon, random)
  const tall = (random.range(0.55, 0.95) * horizon * 60) / view.focal
  const { ground, winter } = mountainRange(random, {
    foot: kind === 'peaks' ? 8 : random.range(16, 30),
    crest: random.range(58, 85),
    tall,
    ...(kind === 'lake' ? { waterLevel: 0.32 } : {})
  })
  const shore = paintTerrain(canvas, sky, view, ground)
  const trees = kind === 'lake' || kind === 'valley' ? random.int(30, 420) : random.int(0, 12)
  const needle = random.pick(needleColours)
  const stands = Array.from({ length: trees }, () => {
    const z = 5 + 48 * random.next() ** 0.8
    return { x: random.range(-0.6, 0.6) * (z / view.focal) * width, z }
  }).sort((a, b) => b.z - a.z)
  const plant = ({ x, z, y, scale, winterly }: Stand): void => paintConifer(canvas, random, x, y, scale, { sky, haze: hazeAt(sky, view, z), depth: z * 0.97 }, needle, winterly ? 0.7 : 0)
  const before: Stand[] = []
  for (const { x, z } of stands) {
    const h = ground.height(x, z)
    if (h < (ground.waterLevel ?? -9) + 0.05 || hillNoise.at(x / 30, z / 30) < 0.42) continue
    const at = project(canvas, view, x, h, z)
    const stand = { x: at.x, y: at.y, z, scale: at.scale * random.range(1, 2), winterly: winter }
    // What stands on this side of the lake hides the water; what stands beyond is mirrored in it.
    if (at.y > (shore[Math.round(at.x)] ?? height)) before.push(stand)
    else plant(stand)
  }
  if (kind === 'lake') paintWater(canvas, sky, { shore, colour: rgb(random.pick(['#2f6f7d', '#27566f', '#3a7f86'])), rough: random.range(0, 0.3), horizon }, random)
  before.forEach(plant)
  if (kind === 'cloud-sea') paintCloudSea(canvas, sky, random, horizon * random.range(0.92, 1.02))
}
