import type { Canvas } from '../canvas.ts'
import { clamp01, css, hsl, luminance, mix, multiply, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise } from '../noise.ts'
import { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { leafColours, paintBroadleaf } from '../trees.ts'
import { paintWater } from '../water.ts'

/** How a wall looks: the size of its window grid (in metres), what is wall and what is glass. */
interface Facade {
  readonly wall: Rgb
  readonly glass: Rgb
  readonly cellX: number
  readonly cellY: number
  readonly windowX: number
  readonly windowY: number
  readonly lit: number
  readonly seed: number
}

const walls = ['#b9a58a', '#9c8f83', '#8a5f4a', '#c7bba6', '#77808a', '#a8a39b', '#5f6a75', '#d0c4b0', '#94604a', '#6e7c80'].map(rgb)

function makeFacade(random: Random, sky: Sky): Facade {
  const glassy = random.chance(0.4)
  return {
    wall: glassy ? mix(rgb('#50646f'), hsl(random.range(0.5, 0.62), 0.25, 0.45), random.next()) : random.pick(walls),
    glass: mix(rgb('#2a3947'), hsl(random.range(0.5, 0.6), 0.3, 0.35), random.next()),
    cellX: glassy ? random.range(2, 3.5) : random.range(3, 5),
    cellY: random.range(3.2, 4.2),
    windowX: glassy ? random.range(0.82, 0.94) : random.range(0.4, 0.65),
    windowY: glassy ? random.range(0.7, 0.9) : random.range(0.45, 0.65),
    lit: sky.dark ? random.range(0.2, 0.65) : sky.time === 'sunset' || sky.time === 'storm' ? random.range(0.05, 0.2) : 0,
    seed: random.next() * 997
  }
}

const hash = (a: number, b: number, c: number): number => {
  const s = Math.sin(a * 127.1 + b * 311.7 + c * 74.7) * 43758.5453
  return s - Math.floor(s)
}

/** The colour of a wall at (u, v) metres; `fine` 0..1 says how well single windows can be told apart at this distance. */
function facadeAt(facade: Facade, sky: Sky, u: number, v: number, light: number, fine: number): Rgb {
  const cx = Math.floor(u / facade.cellX)
  const cy = Math.floor(v / facade.cellY)
  const fx = Math.abs(u / facade.cellX - cx - 0.5) * 2
  const fy = Math.abs(v / facade.cellY - cy - 0.5) * 2
  const inside = fx < facade.windowX && fy < facade.windowY ? fine : 0
  const grime = 0.88 + gritNoise.at(u / 60 + facade.seed, v / 90) * 0.24
  const wall: Rgb = [
    facade.wall[0] * (sky.ambient[0] * 0.6 + sky.light[0] * light) * grime,
    facade.wall[1] * (sky.ambient[1] * 0.6 + sky.light[1] * light) * grime,
    facade.wall[2] * (sky.ambient[2] * 0.6 + sky.light[2] * light) * grime
  ]
  if (inside <= 0) return wall
  const own = hash(cx, cy, facade.seed)
  if (own < facade.lit) return mix(wall, mix(rgb('#ffcf78'), rgb('#fff0cc'), hash(cy, cx, facade.seed)), inside * (0.6 + 0.4 * own / facade.lit))
  const reflected = mix(multiply(facade.glass, sky.ambient), mix(sky.horizon, sky.middle, clamp01(v / 120)), (0.16 + 0.28 * hash(cx, cy, facade.seed + 5)) * (sky.dark ? 0.4 : 1) + light * 0.1)
  return mix(wall, reflected, inside)
}

interface Block {
  readonly x: number
  readonly width: number
  readonly height: number
  readonly side: number
  readonly crown: 'flat' | 'steps' | 'spire' | 'slant' | 'tank'
  readonly facade: Facade
}

function paintBlock(canvas: Canvas, sky: Sky, block: Block, ground: number, haze: number, metre: number): void {
  const front = block.width * (1 - Math.abs(block.side))
  const split = block.side > 0 ? front : block.width - front
  const sunRight = sky.sun.x > 0.5
  const fine = smoothstep(0.9, 2.6, block.facade.cellX * metre)
  const crownHeight = block.crown === 'steps' ? block.width * 0.5 : block.crown === 'spire' ? block.width * 0.9 : block.crown === 'slant' ? block.width * 0.3 : 0
  const top = ground - block.height
  for (let py = Math.max(0, Math.floor(top - crownHeight)); py < Math.min(canvas.height, ground); py++) {
    let from = 0
    let to = block.width
    if (py < top) {
      const up = (top - py) / Math.max(1, crownHeight)
      if (block.crown === 'steps') {
        const inset = Math.ceil(up * 3) * 0.13 * block.width
        from = inset
        to = block.width - inset
      } else if (block.crown === 'spire') {
        const half = up < 0.45 ? 0.34 * (1 - up / 0.5) + 0.03 : 0.02
        from = block.width * (0.5 - half)
        to = block.width * (0.5 + half)
      } else to = block.side > 0 ? block.width * (1 - up) : block.width
      if (block.crown === 'slant' && block.side <= 0) from = block.width * up
    }
    for (let px = Math.max(0, Math.floor(block.x + from)); px < Math.min(canvas.width, Math.ceil(block.x + to)); px++) {
      const local = px - block.x
      const isFront = block.side > 0 ? local < split : local >= split
      const facesSun = isFront ? !sky.sun.seen : (block.side > 0) === sunRight
      const light = (facesSun ? 0.62 : isFront ? 0.3 : 0.12) * (0.85 + 0.15 * clamp01((ground - py) / Math.max(1, block.height)))
      // The side is seen foreshortened: its windows are narrower.
      const u = isFront ? local / metre : (local / metre) * 2.2 + 40
      const cover = Math.min(1, px + 1 - (block.x + from), block.x + to - px)
      const lit = facadeAt(block.facade, sky, u, (ground - py) / metre, light, fine)
      const low = smoothstep(0.75, 1, (py - top) / Math.max(1, block.height)) * 0.12
      canvas.blend(px, py, mix(lit, sky.haze, clamp01(haze + low * (sky.dark ? 0 : 1))), clamp01(cover))
    }
  }
  const dark = mix(multiply([0.25, 0.25, 0.28], sky.ambient), sky.haze, haze)
  if (block.crown === 'spire') canvas.stroke(block.x + block.width / 2, top - crownHeight * 0.4, block.x + block.width / 2, top - crownHeight * 1.25, 1.6, 0.7, dark)
  if (block.crown === 'tank') {
    const w = Math.min(block.width * 0.22, metre * 5)
    canvas.stroke(block.x + block.width * 0.4, top, block.x + block.width * 0.4, top - w, w, w, dark)
    canvas.dab(block.x + block.width * 0.4, top - w * 1.3, w * 0.5, w * 0.25, 0, dark)
  }
  if (sky.dark && block.crown === 'spire') canvas.glow(block.x + block.width / 2, top - crownHeight * 1.25, 5, [1, 0.2, 0.15], 0.9)
}

function bridge(canvas: Canvas, sky: Sky, random: Random, deck: number): string {
  const { width } = canvas
  const tall = canvas.height * random.range(0.16, 0.3)
  const paint = css(mix(multiply(random.pick(['#b5442f', '#6d7780', '#8b8f86'].map(rgb)), mix(sky.ambient, sky.light, 0.5)), sky.haze, 0.2))
  const towers = [random.range(0.16, 0.3), random.range(0.7, 0.84)].map((t) => t * width) as [number, number]
  const w = Math.max(2, canvas.width * 0.008)
  let body = `<rect x="0" y="${deck}" width="${width}" height="${w * 1.3}" fill="${paint}"/>`
  for (const x of towers) body += `<rect x="${x - w * 1.4}" y="${deck - tall}" width="${w}" height="${tall * 1.22}" fill="${paint}"/><rect x="${x + w * 0.4}" y="${deck - tall}" width="${w}" height="${tall * 1.22}" fill="${paint}"/>${[0.02, 0.3, 0.6].map((t) => `<rect x="${x - w * 1.4}" y="${deck - tall * (1 - t)}" width="${w * 2.8}" height="${w * 0.7}" fill="${paint}"/>`).join('')}`
  const sag = (x: number): number => {
    const [a, b] = towers
    if (x < a) return deck - tall * ((x + (a - 0) * 0.25) / (a * 1.25)) ** 2
    if (x > b) return deck - tall * ((width - x + (width - b) * 0.25) / ((width - b) * 1.25)) ** 2
    const t = (x - a) / (b - a) - 0.5
    return deck - tall * (0.12 + 0.88 * 4 * t * t)
  }
  const points = Array.from({ length: 81 }, (_, i) => `${((i / 80) * width).toFixed(1)} ${sag((i / 80) * width).toFixed(1)}`)
  body += `<path d="M ${points.join(' L ')}" fill="none" stroke="${paint}" stroke-width="${w * 0.45}"/>`
  body += Array.from({ length: 60 }, (_, i) => `<line x1="${(i / 60) * width}" x2="${(i / 60) * width}" y1="${sag((i / 60) * width)}" y2="${deck}" stroke="${paint}" stroke-width="${Math.max(0.4, w * 0.12)}"/>`).join('')
  return body
}

async function paintSkyline(canvas: Canvas, random: Random, sky: Sky): Promise<void> {
  const { width, height } = canvas
  const water = random.chance(0.6)
  const base = height * (water ? random.range(0.5, 0.72) : random.range(0.74, 0.95))
  paintSky(canvas, sky, base, random)
  const tallest = base * random.range(0.45, 0.92)
  const layers = random.int(3, 4)
  const centre = random.range(0.25, 0.75)
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1)
    const haze = clamp01((1 - near) * 0.68 * Math.min(1, sky.hazeStrength + 0.35))
    const metre = (width / 620) * (0.35 + near * random.range(0.6, 1.5))
    let x = -20
    while (x < width) {
      const w = metre * random.range(14, 44)
      const middle = Math.exp(-(((x + w / 2) / width - centre) ** 2) * 7)
      const h = tallest * (0.14 + random.next() ** 1.7 * 0.86) * (0.35 + 0.65 * middle) * (1 - near * random.range(0.15, 0.6))
      paintBlock(canvas, sky, { x, width: w, height: Math.max(h, metre * 10), side: random.chance(0.75) ? random.range(0.15, 0.42) * (random.chance(0.5) ? 1 : -1) : 0, crown: random.weighted([['flat', 5], ['steps', 2], ['spire', 1.4], ['slant', 1], ['tank', 1.5]] as const), facade: makeFacade(random, sky) }, Math.ceil(base), haze, metre)
      x += w * random.range(0.72, 1.25)
    }
  }
  if (water) {
    for (let x = 0; x < width; x++) for (let y = Math.ceil(base); y < Math.min(height, base + 3); y++) canvas.blend(x, y, multiply(rgb('#5c564e'), sky.ambient), 1)
    if (random.chance(0.4)) await canvas.svg(bridge(canvas, sky, random, base - height * random.range(0.03, 0.09)))
    paintWater(canvas, sky, { shore: new Float32Array(width).fill(base + 2), colour: rgb('#2a5566'), rough: random.range(0.05, 0.4), horizon: base }, random)
    return
  }
  for (let y = Math.floor(base); y < height; y++) for (let x = 0; x < width; x++) canvas.blend(x, y, multiply(mix(rgb('#5f6f45'), rgb('#46543a'), cloudNoise.at(x / 200, y / 60)), mix(sky.ambient, sky.light, 0.4)), 1)
  const season = random.pick(['spring', 'summer', 'autumn'] as const)
  for (let i = 0; i < 90; i++) {
    const y = base + (height - base) * (i / 90) + 2
    paintBroadleaf(canvas, random, random.next() * width, y, height * random.range(0.035, 0.06) * (1 + (i / 90) * 1.6), { sky, haze: 0.08, depth: 0 }, random.pick(leafColours[season]), season)
  }
  if (sky.dark) for (let i = 0; i < 30; i++) canvas.glow(random.next() * width, base + (height - base) * random.next(), height * 0.03, [1, 0.8, 0.45], 0.7)
}

/** Down a street in one-point perspective: each pixel is sent to the wall or the ground that it sees. */
async function paintStreet(canvas: Canvas, random: Random, sky: Sky): Promise<void> {
  const { width, height } = canvas
  const vy = height * random.range(0.5, 0.66)
  const vx = width * random.range(0.38, 0.62)
  paintSky(canvas, sky, vy, random)
  const focal = width * random.range(0.55, 0.85)
  const half = random.range(11, 17)
  const walk = half - random.range(3, 4.5)
  const eye = random.chance(0.25) ? random.range(6, 12) : 2.2
  const seed = random.int(0, 1e6)
  const blocks = ([-1, 1] as const).map((side) => {
    const own = Random.of('street', seed, side)
    const list: { from: number; to: number; height: number; facade: Facade }[] = []
    for (let z = 2; z < 420; ) {
      const long = own.range(12, 32)
      list.push({ from: z, to: z + long, height: own.range(12, 34) * (own.chance(0.2) ? 2 : 1), facade: makeFacade(own, sky) })
      z += long + (own.chance(0.12) ? 9 : 0)
    }
    return list
  })
  const wet = sky.dark || sky.time === 'storm' || sky.time === 'overcast' ? random.chance(0.7) : false
  const sunSide = sky.sun.x > 0.5 ? 1 : -1
  const asphalt = rgb('#5a5a5e')
  const density = 0.0035 + sky.hazeStrength * 0.009
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const side = x < vx ? 0 : 1
      const dx = Math.abs(x + 0.5 - vx)
      const z = (half * focal) / Math.max(0.5, dx)
      const up = eye + ((vy - y) * z) / focal
      const i = (y * width + x) * 3
      let colour: Rgb | null = null
      let far = z
      if (up >= 0) {
        const block = blocks[side]?.find((candidate) => z >= candidate.from && z < candidate.to)
        if (block && up < block.height) {
          const light = side === (sunSide > 0 ? 0 : 1) ? 0.55 : 0.17
          colour = facadeAt(block.facade, sky, z, up, light, smoothstep(1, 3, (block.facade.cellX * focal * half) / (z * z)))
          if (up < 4) {
            const shop = hash(Math.floor(z / 5), side, seed)
            const glow = hsl(shop, 0.6, 0.6)
            const pane = Math.abs(z / 5 - Math.floor(z / 5) - 0.5) < 0.42 && up > 0.5 && up < 3.1
            if (pane) colour = sky.dark ? mix(glow, rgb('#ffdca0'), 0.55) : mix(multiply(rgb('#39424a'), sky.ambient), sky.horizon, 0.2)
            else if (up > 3.1) colour = multiply(hsl(shop, 0.5, 0.4), mix(sky.ambient, sky.light, light))
          }
        }
      } else {
        far = (eye * focal) / Math.max(0.5, y - vy)
        const across = ((x - vx) * far) / focal
        const kerb = Math.abs(across) > walk
        const mark = (Math.abs(across) < 0.12 && far % 6 < 3) || (Math.abs(Math.abs(across) - walk + 0.5) < 0.1)
        const n = 0.85 + gritNoise.at(across / 14, far / 14) * 0.3
        const shade = across * sunSide < half * 0.2 ? 0.4 : 0.16
        colour = multiply(scale(kerb ? rgb('#8d8880') : mark ? rgb('#d8d4c4') : asphalt, n), mix(scale(sky.ambient, 0.75), sky.light, shade))
      }
      if (!colour) continue
      const fog = 1 - Math.exp(-far * density)
      for (let c = 0; c < 3; c++) canvas.pixels[i + c] = (colour[c] as number) + ((sky.haze[c] as number) * (sky.dark ? 0.7 : 1) - (colour[c] as number)) * fog
    }
  }
  if (wet) {
    const copy = canvas.pixels.slice()
    for (let y = Math.ceil(vy); y < height; y++) {
      for (let x = 0; x < width; x++) {
        const n = cloudNoise.at(x / 180, ((y - vy) / height) * 3 + 0.3)
        const sy = Math.max(0, Math.floor(2 * vy - y + (n - 0.5) * 26))
        const alpha = 0.22 + smoothstep(0.4, 0.7, n) * 0.4
        canvas.blend(x, y, [copy[(sy * width + x) * 3] ?? 0, copy[(sy * width + x) * 3 + 1] ?? 0, copy[(sy * width + x) * 3 + 2] ?? 0], alpha)
      }
    }
  }
  await paintTraffic(canvas, random, sky, { vx, vy, focal, walk, eye })
}

async function paintTraffic(canvas: Canvas, random: Random, sky: Sky, street: { vx: number; vy: number; focal: number; walk: number; eye: number }): Promise<void> {
  const { vx, vy, focal, walk, eye } = street
  const at = (x: number, y: number, z: number): { x: number; y: number; s: number } => ({ x: vx + (x / z) * focal, y: vy + ((eye - y) / z) * focal, s: focal / z })
  const light = mix(sky.ambient, sky.light, 0.45)
  const distances = Array.from({ length: 14 }, (_, i) => 110 * 0.82 ** i + 8)
  for (const z of distances) {
    for (const side of [-1, 1]) {
      const foot = at(side * (walk + 0.8), 0, z)
      const head = at(side * (walk + 0.8), 6, z)
      const arm = at(side * (walk - 1), 6.3, z)
      const post = mix(multiply(rgb('#3c4046'), light), sky.haze, 1 - Math.exp(-z * 0.008))
      canvas.stroke(foot.x, foot.y, head.x, head.y, Math.max(0.8, foot.s * 0.14), Math.max(0.6, foot.s * 0.1), post)
      canvas.stroke(head.x, head.y, arm.x, arm.y, Math.max(0.6, foot.s * 0.08), Math.max(0.6, foot.s * 0.08), post)
      if (sky.dark) canvas.glow(arm.x, arm.y, Math.max(4, foot.s * 2.6), [1, 0.82, 0.5], 0.85, 2.4)
      if (!sky.dark && z < 60 && random.chance(0.5)) {
        const tree = at(side * (walk + 1.4), 0, z * 0.96)
        paintBroadleaf(canvas, random, tree.x, tree.y, tree.s * 6, { sky, haze: 1 - Math.exp(-z * 0.006), depth: 0 }, random.pick(leafColours.summer), 'summer')
      }
    }
    if (random.chance(0.55)) {
      const lane = random.pick([-1, 1])
      const car = at(lane * walk * 0.42, 0, z)
      const s = car.s
      const paint = mix(multiply(hsl(random.next(), random.chance(0.5) ? 0.6 : 0.05, random.range(0.25, 0.75)), light), sky.haze, 1 - Math.exp(-z * 0.007))
      const glass = css(mix(multiply(rgb('#2b3640'), light), sky.haze, 1 - Math.exp(-z * 0.007)))
      await canvas.svg(`<ellipse cx="${car.x}" cy="${car.y}" rx="${s * 1.15}" ry="${s * 0.16}" fill="#000" opacity="0.45"/><rect x="${car.x - s * 0.9}" y="${car.y - s * 0.95}" width="${s * 1.8}" height="${s * 0.85}" rx="${s * 0.16}" fill="${css(paint)}"/><path d="M ${car.x - s * 0.74} ${car.y - s * 0.9} L ${car.x - s * 0.56} ${car.y - s * 1.45} L ${car.x + s * 0.56} ${car.y - s * 1.45} L ${car.x + s * 0.74} ${car.y - s * 0.9} Z" fill="${css(scale(paint, 0.9))}"/><path d="M ${car.x - s * 0.6} ${car.y - s * 0.93} L ${car.x - s * 0.48} ${car.y - s * 1.36} L ${car.x + s * 0.48} ${car.y - s * 1.36} L ${car.x + s * 0.6} ${car.y - s * 0.93} Z" fill="${glass}"/><rect x="${car.x - s * 0.82}" y="${car.y - s * 0.16}" width="${s * 0.3}" height="${s * 0.18}" fill="#151515"/><rect x="${car.x + s * 0.52}" y="${car.y - s * 0.16}" width="${s * 0.3}" height="${s * 0.18}" fill="#151515"/>`)
      const lamp: Rgb = lane < 0 ? [1, 0.95, 0.8] : [1, 0.15, 0.1]
      for (const d of [-0.62, 0.62]) {
        canvas.dab(car.x + d * s, car.y - s * 0.6, Math.max(0.7, s * 0.13), Math.max(0.6, s * 0.09), 0, lamp, 0.95)
        if (sky.dark || luminance(sky.light) < 0.75) canvas.glow(car.x + d * s, car.y - s * 0.6, s * 0.9 + 3, lamp, 0.7)
      }
    }
  }
}

const times: readonly (readonly [Time, number])[] = [['dawn', 2], ['morning', 3], ['noon', 3], ['golden', 3], ['sunset', 3], ['dusk', 5], ['night', 6], ['overcast', 2], ['storm', 2], ['mist', 1]]

export async function paintCity(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random, random.weighted(times))
  if (random.chance(0.6)) await paintSkyline(canvas, random, sky)
  else await paintStreet(canvas, random, sky)
}
