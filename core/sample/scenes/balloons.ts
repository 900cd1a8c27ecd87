import type { Canvas } from '../canvas.ts'
import { css, mix, multiply, rgb, type Rgb } from '../colour.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { paintTerrain, type Ground, type View } from '../terrain.ts'
import { paintWater } from '../water.ts'
import { seasons } from '../trees.ts'
import { dunes, mesas } from './desert.ts'
import { woodedHills } from './forest.ts'
import { mountainRange } from './mountains.ts'

type Pattern = 'gores' | 'bands' | 'zigzag' | 'plain' | 'checks' | 'spiral'

interface Balloon {
  readonly x: number
  /** Middle of the envelope. */
  readonly y: number
  /** Width of the envelope in px. */
  readonly size: number
  readonly colours: readonly Rgb[]
  readonly pattern: Pattern
  readonly gores: number
  readonly turn: number
  readonly haze: number
  readonly flame: boolean
}

const schemes: readonly (readonly string[])[] = [
  ['#d8362f', '#f6c12f', '#2d6fb8'], ['#e8622c', '#fbe6c2'], ['#2b4f9e', '#f4f1e8', '#d8362f'], ['#7b3f98', '#f2a33a', '#e84f72'], ['#1f8f7a', '#f6e05a'],
  ['#e23b4e', '#fafafa'], ['#f2b632', '#d4572a', '#7d2330'], ['#3aa0d8', '#ffffff', '#f7d038'], ['#27384f', '#e8b84a'], ['#5fb760', '#f4f0d8', '#e8743b'],
  ['#e06fa0', '#6f52a8', '#48b0c8'], ['#c8342c', '#e8772e', '#f4b83a', '#6db04e', '#3a84c4', '#6a4aa2']
]

/** Half the width of the envelope at `t` (0 crown, 1 mouth), as a share of half its greatest width: a round top that tapers to the mouth. */
const outline = (t: number): number => (t < 0.42 ? Math.sqrt(1 - ((0.42 - t) / 0.42) ** 2) : Math.max(0.17, Math.cos(((t - 0.42) / 0.58) * 1.42) ** 0.82))

function drawBalloon(balloon: Balloon, sky: Sky, id: string): string {
  const { x, y, size, colours, pattern, gores, turn } = balloon
  const tall = size * 1.12
  const top = y - tall / 2
  const rows = pattern === 'gores' || pattern === 'plain' ? 1 : pattern === 'zigzag' ? 14 : pattern === 'spiral' ? 22 : 10
  const k = sky.dark ? (balloon.flame ? 1.25 : 0.55) : 1
  const tint = (base: Rgb): string => {
    const lit = multiply(base, [(sky.ambient[0] * 0.45 + sky.light[0] * 0.6) * k, (sky.ambient[1] * 0.45 + sky.light[1] * 0.6) * k, (sky.ambient[2] * 0.45 + sky.light[2] * 0.6) * k])
    return css(mix(balloon.flame && sky.dark ? multiply(base, [1, 0.86, 0.62]) : lit, sky.haze, balloon.haze))
  }
  const panels: string[] = []
  const edge = (angle: number, t: number): string => `${(x + Math.sin(angle) * outline(t) * size * 0.5).toFixed(1)} ${(top + t * tall).toFixed(1)}`
  for (let g = 0; g < gores; g++) {
    // The visible half of the envelope runs from -90 to +90 degrees; gores narrow towards its rim.
    const a = -Math.PI / 2 + (g / gores) * Math.PI
    const b = -Math.PI / 2 + ((g + 1) / gores) * Math.PI + 0.012
    for (let r = 0; r < rows; r++) {
      const from = r / rows
      const to = Math.min(1, (r + 1) / rows + 0.004)
      const which = pattern === 'gores' ? g + turn : pattern === 'bands' ? r : pattern === 'checks' ? g + r : pattern === 'zigzag' ? r + (g % 2) : pattern === 'spiral' ? Math.floor((g + r + turn) / 3) : Math.abs(r) 
      const colour = colours[((which % colours.length) + colours.length) % colours.length] as Rgb
      const parts = rows === 1 ? 12 : 2
      const points: string[] = []
      for (let p = 0; p <= parts; p++) points.push(edge(a, from + ((to - from) * p) / parts))
      for (let p = parts; p >= 0; p--) points.push(edge(b, from + ((to - from) * p) / parts))
      panels.push(`<path d="M ${points.join(' L ')} Z" fill="${tint(colour)}"/>`)
    }
  }
  const seams = Array.from({ length: gores - 1 }, (_, g) => {
    const a = -Math.PI / 2 + ((g + 1) / gores) * Math.PI
    return `<path d="M ${Array.from({ length: 13 }, (_unused, p) => edge(a, p / 12)).join(' L ')}" fill="none" stroke="#000" stroke-opacity="0.16" stroke-width="${Math.max(0.4, size * 0.005)}"/>`
  })
  const rim = Array.from({ length: 41 }, (_, p) => (p <= 20 ? edge(-Math.PI / 2, p / 20) : edge(Math.PI / 2, (40 - p) / 20))).join(' L ')
  const fromRight = sky.sun.x * 1000 > x
  const shade = `<defs><radialGradient id="${id}" cx="${fromRight ? 0.68 : 0.32}" cy="0.26" r="0.85"><stop offset="0" stop-color="#fff" stop-opacity="${sky.dark ? 0.05 : 0.38}"/><stop offset="0.38" stop-color="#fff" stop-opacity="0"/><stop offset="0.62" stop-color="#000020" stop-opacity="0.12"/><stop offset="1" stop-color="#000018" stop-opacity="0.62"/></radialGradient>
    <radialGradient id="${id}f" cx="0.5" cy="0.95" r="0.75"><stop offset="0" stop-color="#fff2b0" stop-opacity="0.85"/><stop offset="0.5" stop-color="#ffb040" stop-opacity="0.35"/><stop offset="1" stop-color="#ff8020" stop-opacity="0"/></radialGradient></defs>`
  const mouth = top + tall
  const basketY = mouth + size * 0.16
  const b = size * 0.075
  const dark = css(mix(multiply(rgb('#7a5230'), mix(sky.ambient, sky.light, 0.4)), sky.haze, balloon.haze))
  const darker = css(mix(multiply(rgb('#46301f'), mix(sky.ambient, sky.light, 0.3)), sky.haze, balloon.haze))
  const people = size > 70 ? [-0.45, 0.1, 0.55].map((d, i) => `<circle cx="${x + b * d}" cy="${basketY - b * 0.28 - (i % 2) * b * 0.1}" r="${b * 0.2}" fill="${css(mix(rgb('#3a2c28'), sky.haze, balloon.haze))}"/>`).join('') : ''
  const ropes = [-1, -0.4, 0.4, 1].map((d) => `<line x1="${x + d * size * 0.085}" y1="${mouth - size * 0.005}" x2="${x + d * b}" y2="${basketY}" stroke="${darker}" stroke-width="${Math.max(0.4, size * 0.005)}"/>`).join('')
  const basket = `${people}<path d="M ${x - b} ${basketY} L ${x + b} ${basketY} L ${x + b * 0.86} ${basketY + b * 1.3} L ${x - b * 0.86} ${basketY + b * 1.3} Z" fill="${dark}"/><path d="M ${x - b} ${basketY} L ${x + b} ${basketY} L ${x + b * 0.97} ${basketY + b * 0.24} L ${x - b * 0.97} ${basketY + b * 0.24} Z" fill="${darker}"/>`
  const flame = balloon.flame ? `<path d="M ${x - b * 0.25} ${basketY - b * 0.5} Q ${x - b * 0.1} ${mouth - size * 0.03} ${x} ${mouth - size * 0.1} Q ${x + b * 0.15} ${mouth - size * 0.02} ${x + b * 0.25} ${basketY - b * 0.5} Z" fill="#ffe08a"/>` : ''
  return `${shade}<g>${panels.join('')}${seams.join('')}<path d="M ${rim} Z" fill="url(#${id})"/>${balloon.flame ? `<path d="M ${rim} Z" fill="url(#${id}f)"/>` : ''}${ropes}${flame}${basket}</g>`
}

const times: readonly (readonly [Time, number])[] = [['dawn', 5], ['morning', 5], ['noon', 3], ['golden', 4], ['sunset', 4], ['dusk', 2], ['night', 1], ['overcast', 1], ['mist', 2]]

function paintLand(canvas: Canvas, sky: Sky, random: Random, horizon: number): void {
  const land = random.weighted([['dunes', 2], ['mesas', 2], ['hills', 4], ['mountains', 3], ['lake', 2]] as const)
  const view: View = { horizon, eye: random.range(4, 12), focal: Math.max(canvas.width, canvas.height) * random.range(0.7, 1.2), near: 5, far: 120 }
  const season = random.pick(seasons)
  const tall = (random.range(0.25, 0.55) * horizon * 70) / view.focal
  const ground: Ground = land === 'dunes' ? dunes(random) : land === 'mesas' ? mesas(random) : land === 'hills' ? woodedHills(random, season, random.range(3, 6)) : mountainRange(random, { foot: 24, crest: 80, tall, ...(land === 'lake' ? { waterLevel: 0.4 } : {}) }).ground
  const shore = paintTerrain(canvas, sky, view, ground, 300)
  if (land === 'lake') paintWater(canvas, sky, { shore, colour: rgb('#2b6478'), rough: random.range(0, 0.2), horizon }, random)
}

export async function paintBalloons(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random, random.weighted(times))
  const { width, height } = canvas
  const kind = random.weighted([['close', 3], ['few', 4], ['fleet', 4], ['below', 1]] as const)
  const horizon = kind === 'below' ? height * 1.25 : height * random.range(0.55, 0.86)
  paintSky(canvas, sky, horizon, random)
  if (kind !== 'below') paintLand(canvas, sky, random, horizon)
  const count = kind === 'close' || kind === 'below' ? random.int(1, 2) : kind === 'few' ? random.int(3, 5) : random.int(7, 18)
  const short = Math.min(width, height)
  const placed: Balloon[] = []
  for (let i = 0; i < count; i++) {
    const near = i === 0 ? 1 : random.next() ** 1.6
    const size = short * (kind === 'close' || kind === 'below' ? random.range(0.4, 0.72) * (i === 0 ? 1 : 0.35) : kind === 'few' ? 0.09 + near * random.range(0.14, 0.3) : 0.03 + near * random.range(0.06, 0.2))
    const scheme = random.pick(schemes).map(rgb)
    let x = 0
    let y = 0
    for (let attempt = 0; attempt < 20; attempt++) {
      x = random.range(0.08, 0.92) * width
      y = random.range(size * 0.6, Math.max(size * 0.7, Math.min(height * 0.78, horizon * (0.95 - near * 0.15)) - size * 0.5))
      if (placed.every((other) => Math.hypot(other.x - x, other.y - y) > (other.size + size) * 0.62)) break
    }
    placed.push({
      x,
      y,
      size,
      colours: random.chance(0.5) ? scheme : random.shuffle(scheme),
      pattern: random.weighted<Pattern>([['gores', 5], ['bands', 2], ['zigzag', 2], ['checks', 1], ['spiral', 2], ['plain', 1]]),
      gores: random.pick([8, 10, 12, 14]),
      turn: random.int(0, 5),
      haze: Math.min(0.65, (1 - Math.min(1, (size / short) * 5)) * 0.5 * Math.min(1, sky.hazeStrength + 0.25)),
      flame: sky.dark ? random.chance(0.7) : random.chance(0.12)
    })
  }
  placed.sort((a, b) => a.size - b.size)
  await canvas.svg(placed.map((balloon, i) => drawBalloon(balloon, sky, `e${i}`)).join(''))
  if (sky.dark) for (const balloon of placed) if (balloon.flame) canvas.glow(balloon.x, balloon.y + balloon.size * 0.3, balloon.size * 0.9, [1, 0.65, 0.3], 0.28)
}
