import type { Canvas } from '../canvas.ts'
import { css, mix, multiply, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise, hillNoise } from '../noise.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky } from '../sky.ts'
import { hazeAt, paintTerrain, project, type Ground, type View } from '../terrain.ts'
import { grassColours, leafColours, needleColours, paintBroadleaf, paintConifer, seasons, type Season } from '../trees.ts'
import { paintWater } from '../water.ts'
import { mountainRange } from './mountains.ts'

interface Tone {
  readonly sky: Sky
  readonly haze: number
  readonly snow: boolean
}

const plaster = ['#efe6d4', '#e9d3b0', '#d9b48c', '#e8c9bd', '#c9d3cf', '#f4efe4', '#d7a79a', '#b8c4a8', '#e3be6e', '#a9584a', '#8fa6b5'].map(rgb)
const roofs = ['#a8502f', '#b8643c', '#7a3f30', '#56595f', '#6d5240', '#8b4a35', '#474b52'].map(rgb)

const toned = (base: Rgb, { sky, haze }: Tone, light: number): string =>
  css(mix(multiply(base, [sky.ambient[0] * 0.6 + sky.light[0] * light, sky.ambient[1] * 0.6 + sky.light[1] * light, sky.ambient[2] * 0.6 + sky.light[2] * light]), sky.haze, haze))

function windowAt(x: number, y: number, w: number, h: number, tone: Tone, lit: boolean, shutter: Rgb | null): string {
  const pane = lit ? '#ffd98a' : toned(rgb('#46545f'), tone, 0.35)
  const frame = toned([0.95, 0.94, 0.9], tone, 0.45)
  const wings = shutter && w > 3 ? [-1, 1].map((d) => `<rect x="${x + (d < 0 ? -w * 0.95 : w * 0.5)}" y="${y - h / 2}" width="${w * 0.42}" height="${h}" fill="${toned(shutter, tone, 0.4)}"/>`).join('') : ''
  return `${wings}<rect x="${x - w / 2}" y="${y - h / 2}" width="${w}" height="${h}" fill="${pane}" stroke="${frame}" stroke-width="${Math.max(0.5, w * 0.1)}"/>${w > 5 ? `<path d="M ${x} ${y - h / 2} V ${y + h / 2} M ${x - w / 2} ${y} H ${x + w / 2}" stroke="${frame}" stroke-width="${w * 0.07}"/>` : ''}`
}

/** A house seen from a corner: gable, long side and roof, each with its own light. (x, y) is the foot of the corner, `s` the width of the gable in px. */
function drawHouse(random: Random, x: number, y: number, s: number, tone: Tone, steeple = false): string {
  const wall = steeple ? rgb('#eee8da') : random.pick(plaster)
  const roof = tone.snow && random.chance(0.85) ? ([0.94, 0.96, 1] as Rgb) : random.pick(roofs)
  const shutter = random.chance(0.5) ? random.pick(['#4f6b4a', '#8a3b32', '#3f5f7d', '#6b5340'].map(rgb)) : null
  const way = random.chance(0.5) ? 1 : -1
  const storeys = steeple ? 1.6 : random.pick([1, 1, 1.7])
  const h = s * 0.55 * storeys
  const peak = s * random.range(0.45, 0.75)
  const long = s * random.range(0.9, 1.7)
  const rise = s * 0.08
  const sunRight = tone.sky.sun.x > 0.5 === (way > 0)
  const gableLight = sunRight ? 0.2 : 0.5
  const sideLight = sunRight ? 0.55 : 0.18
  const lit = (): boolean => (tone.sky.dark ? random.chance(0.6) : tone.sky.time === 'storm' ? random.chance(0.25) : false)
  const g = s / 2
  const out: string[] = []
  // In the drawing the gable lies left of the corner and the long side to its right; `way` mirrors it.
  out.push(`<ellipse cx="${long * 0.35}" cy="${s * 0.02}" rx="${s * 0.9 + long * 0.4}" ry="${s * 0.1}" fill="#10140c" opacity="0.28"/>`)
  out.push(`<path d="M ${-s} ${-rise * 0.4} L 0 0 L 0 ${-h} L ${-g} ${-h - peak} L ${-s} ${-h - rise * 0.4} Z" fill="${toned(wall, tone, gableLight)}"/>`)
  out.push(`<path d="M 0 0 L ${long} ${-rise} L ${long} ${-h - rise} L 0 ${-h} Z" fill="${toned(wall, tone, sideLight)}"/>`)
  const eave = s * 0.07
  out.push(`<path d="M ${eave} ${-h + eave} L ${long + eave} ${-h - rise + eave} L ${long - g * 0.92} ${-h - peak - rise} L ${-g} ${-h - peak} Z" fill="${toned(roof, tone, sideLight * 0.9 + 0.12)}"/>`)
  out.push(`<path d="M ${-s - eave} ${-h - rise * 0.4 + eave} L ${-g} ${-h - peak} L ${-g + eave * 1.2} ${-h - peak - eave * 0.2} L ${-s + eave * 0.6} ${-h - rise * 0.4 + eave * 0.6} Z" fill="${toned(roof, tone, gableLight * 0.7 + 0.1)}"/>`)
  if (s > 26 && !tone.snow) {
    const tiles = Math.min(9, Math.round(peak / 5))
    for (let i = 1; i < tiles; i++) {
      const t = i / tiles
      out.push(`<line x1="${eave * (1 - t) - g * t}" y1="${-h - peak * t + eave * (1 - t)}" x2="${long + eave * (1 - t) - g * 0.92 * t}" y2="${-h - rise - peak * t + eave * (1 - t)}" stroke="#000" stroke-opacity="0.13" stroke-width="${Math.max(0.5, s * 0.012)}"/>`)
    }
  }
  const w = s * 0.16
  const rows = storeys > 1.3 ? 2 : 1
  for (let row = 0; row < rows; row++) {
    const wy = -h * (rows === 1 ? 0.55 : 0.28 + row * 0.44)
    for (const gx of [-0.72, -0.28]) if (!(row === 0 && gx === -0.28 && s > 14)) out.push(windowAt(gx * s, wy - rise * 0.3, w, w * 1.35, tone, lit(), shutter))
    const count = Math.max(1, Math.round(long / (s * 0.42)))
    for (let i = 0; i < count; i++) {
      const u = (i + 0.5) / count
      out.push(windowAt(u * long, wy - rise * u, w * 0.9, w * 1.3, tone, lit(), shutter))
    }
  }
  if (s > 14) out.push(`<rect x="${-s * 0.36}" y="${-s * 0.34 - rise * 0.1}" width="${s * 0.17}" height="${s * 0.33}" fill="${toned(random.pick(['#6b4630', '#3f5a4a', '#7d2f2a', '#34495e'].map(rgb)), tone, 0.35)}"/>`)
  const cx = long * random.range(0.2, 0.6)
  const roofY = -h - peak * 0.72 - rise * (cx / long)
  out.push(`<rect x="${cx - s * 0.06}" y="${roofY - s * 0.26}" width="${s * 0.13}" height="${s * 0.36}" fill="${toned(rgb('#8d5a47'), tone, 0.4)}"/>`)
  if (!steeple && random.chance(tone.snow || tone.sky.dark ? 0.6 : 0.25)) {
    for (let i = 0; i < 9; i++) out.push(`<circle cx="${cx + i * s * 0.06 * (1 + i * 0.12)}" cy="${roofY - s * (0.32 + i * 0.13)}" r="${s * (0.05 + i * 0.018)}" fill="${css(mix(tone.sky.haze, [1, 1, 1], 0.35))}" opacity="${0.3 - i * 0.03}"/>`)
  }
  if (steeple) {
    const tw = s * 0.5
    const th = h * 2.1
    out.push(`<rect x="${-s * 0.75}" y="${-th}" width="${tw}" height="${th}" fill="${toned(wall, tone, gableLight)}"/><rect x="${-s * 0.75 + tw * 0.62}" y="${-th}" width="${tw * 0.38}" height="${th}" fill="${toned(wall, tone, sideLight)}"/>`)
    out.push(`<path d="M ${-s * 0.8} ${-th} L ${-s * 0.75 + tw / 2} ${-th - s * 1.15} L ${-s * 0.7 + tw} ${-th} Z" fill="${toned(roof, tone, 0.4)}"/>`)
    out.push(windowAt(-s * 0.75 + tw * 0.32, -th * 0.83, tw * 0.26, tw * 0.5, tone, lit(), null))
  }
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${way} 1)">${out.join('')}</g>`
}

function fields(random: Random, season: Season): Ground {
  const ox = random.next()
  const oz = random.next()
  const grass = grassColours[season]
  const crop = season === 'winter' ? rgb('#dfe7ef') : random.pick(['#c9b45a', '#7fa04a', '#a8884f', '#93b55a'].map(rgb))
  const tall = random.range(2, 6)
  return {
    valleyFog: random.chance(0.3) ? 1.2 : 0,
    fogHeight: 2,
    height: (x, z) => (hillNoise.at(x / 120 + ox, z / 120 + oz) - 0.45) * tall * 2 * smoothstep(3, 30, z) + smoothstep(14, 90, z) * tall * 0.9,
    colour: (out, x, z) => {
      const plot = hillNoise.at(Math.floor(x / 9 + z * 0.06) * 0.37, Math.floor(z / 11 - x * 0.04) * 0.53)
      const base = plot > 0.52 && z > 12 ? crop : grass
      const row = plot > 0.6 && z < 60 && z > 12 && season !== 'winter' ? Math.sin(x * 4 + z * 1.2) * 0.06 : 0
      const k = 0.62 + gritNoise.at(x / 9 + ox, z / 9) * 0.6 + row
      out[0] = base[0] * k
      out[1] = base[1] * k
      out[2] = base[2] * k
    }
  }
}

async function paintHamlet(canvas: Canvas, random: Random, sky: Sky, season: Season, single: boolean): Promise<void> {
  const { width, height } = canvas
  const horizon = height * random.range(0.32, 0.52)
  const view: View = { horizon, eye: random.range(2.5, 5.5), focal: Math.max(width, height) * random.range(0.85, 1.25), near: 3, far: 110 }
  paintSky(canvas, sky, horizon, random)
  if (random.chance(0.45)) paintTerrain(canvas, { ...sky, hazeStrength: sky.hazeStrength + 0.3 }, { ...view, near: 60 }, mountainRange(random, { foot: 62, crest: 100, tall: (random.range(0.3, 0.7) * horizon * 90) / view.focal }).ground, 160)
  canvas.depth.fill(Infinity)
  const ground = fields(random, season)
  paintTerrain(canvas, sky, view, ground, 340)
  const count = single ? 1 : random.int(9, 46)
  const bands = 6
  const near = single ? random.range(9, 13) : random.range(10, 16)
  const far = single ? near + 1 : random.range(34, 62)
  const where = random.range(-0.2, 0.2)
  const spread = single ? 0.15 : random.range(0.28, 0.5)
  const churchBand = single || random.chance(0.35) ? -1 : random.int(1, 3)
  const needle = random.pick(needleColours)
  for (let band = 0; band < bands; band++) {
    const from = far + (near - far) * (band / bands)
    const to = far + (near - far) * ((band + 1) / bands)
    const middle = (from + to) / 2
    const tone: Tone = { sky, haze: hazeAt(sky, view, middle), snow: season === 'winter' }
    const houses: { x: number; z: number }[] = []
    const many = single ? (band === 3 ? 1 : 0) : Math.round((count / bands) * random.range(0.6, 1.4))
    for (let i = 0; i < many; i++) {
      const z = from + (to - from) * random.next()
      houses.push({ x: (where + random.range(-spread, spread)) * (z / view.focal) * width, z })
    }
    for (let i = 0; i < (single ? 8 : 16); i++) {
      const z = from + (to - from) * random.next()
      const x = random.range(-0.55, 0.55) * (z / view.focal) * width
      if (single && Math.abs(x) < 4 && z < near + 1.5) continue
      if (cloudNoise.at(x / 30, z / 30) < 0.42) continue
      const at = project(canvas, view, x, ground.height(x, z), z)
      const standing = { sky, haze: tone.haze, depth: z * 0.95 }
      if (random.chance(0.35)) paintConifer(canvas, random, at.x, at.y, at.scale * random.range(1.6, 3), standing, needle, season === 'winter' ? 0.7 : 0)
      else paintBroadleaf(canvas, random, at.x, at.y, at.scale * random.range(1.4, 2.4), standing, random.pick(leafColours[season]), season)
    }
    houses.sort((a, b) => b.z - a.z)
    const svg = houses.map(({ x, z }, i) => {
      const at = project(canvas, view, x, ground.height(x, z), z)
      return drawHouse(random, at.x, at.y + 1, at.scale * random.range(1.4, 2.1) * (single ? 1.2 : 1), tone, band === churchBand && i === 0)
    })
    if (svg.length > 0) await canvas.svg(svg.join(''), to * 0.9)
  }
  if (random.chance(0.4)) {
    const wood = css(multiply(rgb('#7d6a55'), mix(sky.ambient, sky.light, 0.4)))
    const y = height * random.range(0.86, 0.94)
    const s = height * 0.05
    await canvas.svg(Array.from({ length: 26 }, (_, i) => `<rect x="${(i / 25) * width - s * 0.07}" y="${y - s + Math.sin(i * 1.7) * s * 0.06}" width="${s * 0.16}" height="${s * 1.5}" fill="${wood}"/>`).join('') + [0.25, 0.65].map((t) => `<rect x="0" y="${y - s + s * t}" width="${width}" height="${s * 0.14}" fill="${wood}"/>`).join(''))
  }
}

/** A row of gabled town houses along a quay, mirrored in the canal or standing on a square. */
async function paintRow(canvas: Canvas, random: Random, sky: Sky, season: Season): Promise<void> {
  const { width, height } = canvas
  const water = random.chance(0.7)
  const base = height * (water ? random.range(0.55, 0.7) : random.range(0.78, 0.88))
  paintSky(canvas, sky, base, random)
  const tone: Tone = { sky, haze: 0.06, snow: season === 'winter' }
  const houses: string[] = []
  const scaleOf = height * random.range(0.3, 0.5)
  const sunny = random.range(0.3, 0.62)
  for (let x = -10; x < width; ) {
    const w = scaleOf * random.range(0.3, 0.52)
    const h = Math.min(base * 0.82, scaleOf * random.range(0.75, 1.25))
    const wall = random.pick([...plaster, ...['#8b4a3a', '#6d3f35', '#a4644c', '#4f5a50'].map(rgb)])
    const roof = tone.snow ? ([0.94, 0.96, 1] as Rgb) : random.pick(roofs)
    const gable = random.pick(['step', 'point', 'bell', 'flat'] as const)
    const g = w * 0.5
    const peak = gable === 'flat' ? 0 : w * random.range(0.45, 0.7)
    const t = base - h
    const edge = gable === 'step'
      ? Array.from({ length: 4 }, (_, i) => `L ${x + (i * g) / 4.6} ${t - (peak * i) / 4} L ${x + (i * g) / 4.6} ${t - (peak * (i + 1)) / 4}`).join(' ') + Array.from({ length: 4 }, (_, i) => `L ${x + w - ((3 - i) * g) / 4.6} ${t - (peak * (4 - i)) / 4} L ${x + w - ((3 - i) * g) / 4.6} ${t - (peak * (3 - i)) / 4}`).join(' ')
      : gable === 'point' ? `L ${x} ${t} L ${x + g} ${t - peak} L ${x + w} ${t}` : gable === 'bell' ? `L ${x} ${t} Q ${x + w * 0.22} ${t - peak * 0.1} ${x + w * 0.28} ${t - peak * 0.6} Q ${x + g} ${t - peak * 1.4} ${x + w * 0.72} ${t - peak * 0.6} Q ${x + w * 0.78} ${t - peak * 0.1} ${x + w} ${t}` : `L ${x} ${t - w * 0.08} L ${x + w} ${t - w * 0.08}`
    if (gable !== 'step') houses.push(`<path d="M ${x + w * 0.1} ${t} L ${x + g} ${t - peak * 0.95} L ${x + w * 0.9} ${t} Z" fill="${toned(roof, tone, 0.3)}"/>`)
    houses.push(`<path d="M ${x} ${base} ${edge} L ${x + w} ${base} Z" fill="${toned(wall, tone, sunny)}" stroke="${toned(scale(wall, 0.7), tone, sunny)}" stroke-width="1"/>`)
    houses.push(`<rect x="${x + w * 0.9}" y="${t}" width="${w * 0.1}" height="${h}" fill="#000" opacity="0.13"/>`)
    const rows = Math.max(2, Math.round(h / (scaleOf * 0.24)))
    const cols = w > scaleOf * 0.42 ? 3 : 2
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const wx = x + (w * (c + 0.5)) / cols
        const wy = t + (h * (r + 0.45)) / rows
        if (r === rows - 1 && c === 0) houses.push(`<rect x="${wx - w * 0.09}" y="${base - (h / rows) * 0.72}" width="${w * 0.19}" height="${(h / rows) * 0.72}" fill="${toned(random.pick(['#2f4f3f', '#6b2a2a', '#2b3f5c', '#5a4030'].map(rgb)), tone, 0.35)}"/>`)
        else houses.push(windowAt(wx, wy, (w / cols) * 0.48, (h / rows) * 0.55, tone, sky.dark ? random.chance(0.55) : random.chance(0.04), random.chance(0.15) ? rgb('#4a6a55') : null))
      }
    }
    if (peak > 0) houses.push(windowAt(x + g, t - peak * 0.28, w * 0.14, w * 0.2, tone, sky.dark && random.chance(0.5), null))
    x += w + (random.chance(0.05) ? w * 0.3 : 0)
  }
  await canvas.svg(houses.join(''), 0, (x, y, colour) => {
    const k = 0.93 + gritNoise.at(x / 190, y / 190) * 0.14
    for (let c = 0; c < 3; c++) colour[c] = (colour[c] as number) * k
  })
  const quay = multiply(rgb(tone.snow ? '#e4e9ef' : '#8a8178'), mix(sky.ambient, sky.light, 0.45))
  const edge = Math.min(height, base + height * (water ? 0.035 : 1))
  for (let y = Math.floor(base); y < edge; y++) for (let x = 0; x < width; x++) canvas.blend(x, y, scale(quay, 0.75 + gritNoise.at(x / 130, (y * y) / 30000) * 0.45), 1)
  for (let i = 0; i < random.int(2, 8); i++) paintBroadleaf(canvas, random, random.next() * width, base + 3, scaleOf * random.range(0.4, 0.62), { sky, haze: 0.04, depth: 0 }, random.pick(leafColours[season]), season)
  if (water) paintWater(canvas, sky, { shore: new Float32Array(width).fill(edge), colour: rgb('#2c5148'), rough: random.range(0.02, 0.3), horizon: base + 2 }, random)
}

export async function paintVillage(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random)
  const season = random.pick(seasons)
  const kind = random.weighted([['hamlet', 6], ['single', 2], ['row', 4]] as const)
  if (kind === 'row') await paintRow(canvas, random, sky, season)
  else await paintHamlet(canvas, random, sky, season, kind === 'single')
}
