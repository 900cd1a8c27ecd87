import type { Canvas } from '../canvas.ts'
import { css, mix, multiply, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { paintTerrain, type View } from '../terrain.ts'
import { paintWater } from '../water.ts'
import { woodedHills } from './forest.ts'
import { mountainRange } from './mountains.ts'
import { seasons } from '../trees.ts'

type Rig = 'sloop' | 'spinnaker' | 'dinghy' | 'ketch' | 'tall-ship' | 'lateen'

interface Boat {
  readonly x: number
  /** Where the hull meets the water. */
  readonly y: number
  /** Height of the mast in px. */
  readonly size: number
  readonly rig: Rig
  readonly way: 1 | -1
  readonly heel: number
  readonly hull: Rgb
  readonly sail: Rgb
  readonly accent: Rgb
  readonly stripes: boolean
}

const hulls = ['#f4f1ea', '#1f3350', '#8c2f2a', '#e8e4d8', '#2f5d50', '#30343a', '#c7a15a'].map(rgb)
const accents = ['#d33f3a', '#2c6fb0', '#f0b429', '#2f8f6b', '#e36f2c', '#7a3b8f', '#1f2c4a', '#e85a8a'].map(rgb)

/** One boat as SVG, its light taken from the sky; `wash` adds foam at the water line. */
function drawBoat(boat: Boat, sky: Sky, haze: number, id: string): string {
  const lit = (base: Rgb, k: number): string =>
    css(mix(multiply(base, [sky.ambient[0] * 0.6 + sky.light[0] * k, sky.ambient[1] * 0.6 + sky.light[1] * k, sky.ambient[2] * 0.6 + sky.light[2] * k]), sky.haze, haze))
  const { size: s, rig } = boat
  const long = s * { sloop: 0.72, spinnaker: 0.72, dinghy: 0.55, ketch: 0.95, 'tall-ship': 1.25, lateen: 0.8 }[rig]
  const free = long * (rig === 'tall-ship' ? 0.13 : 0.09)
  const hullTop = -free
  const sun = (sky.sun.x > 0.5 ? 1 : -1) * boat.way
  const cloth = (base: Rgb, name: string): string => `<linearGradient id="${id}${name}" x1="${sun > 0 ? 1 : 0}" x2="${sun > 0 ? 0 : 1}" y1="0.1" y2="0.3"><stop offset="0" stop-color="${lit(base, 0.72)}"/><stop offset="0.55" stop-color="${lit(base, 0.5)}"/><stop offset="1" stop-color="${lit(base, 0.3)}"/></linearGradient>`
  const defs = `<defs>${cloth(boat.sail, 'm')}${cloth(mix(boat.sail, [1, 1, 1], 0.2), 'j')}${cloth(boat.accent, 's')}
    <linearGradient id="${id}h" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${lit(boat.hull, 0.6)}"/><stop offset="0.7" stop-color="${lit(boat.hull, 0.35)}"/><stop offset="1" stop-color="${lit(scale(boat.hull, 0.55), 0.2)}"/></linearGradient></defs>`
  const spar = (x1: number, y1: number, x2: number, y2: number, w: number): string => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${lit([0.45, 0.36, 0.28], 0.5)}" stroke-width="${Math.max(0.7, w)}" stroke-linecap="round"/>`
  const thin = Math.max(0.35, s * 0.004)
  const stay = (x1: number, y1: number, x2: number, y2: number): string => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${lit([0.3, 0.3, 0.32], 0.4)}" stroke-width="${thin}"/>`
  const seams = (points: string): string => `<path d="${points}" fill="none" stroke="${lit(scale(boat.sail, 0.7), 0.4)}" stroke-width="${thin}" opacity="0.7"/>`
  const l = long
  const hull = `<path d="M ${-l * 0.5} ${hullTop * 0.95} Q ${-l * 0.47} ${free * 0.25} ${-l * 0.36} ${free * 0.3} L ${l * 0.3} ${free * 0.3} Q ${l * 0.46} ${-free * 0.1} ${l * 0.56} ${hullTop * 1.35} Q 0 ${hullTop * 0.7} ${-l * 0.5} ${hullTop * 0.95} Z" fill="url(#${id}h)"/>
    <path d="M ${-l * 0.49} ${hullTop * 0.55} Q 0 ${hullTop * 0.35} ${l * 0.52} ${hullTop * 0.95}" fill="none" stroke="${lit(boat.accent, 0.5)}" stroke-width="${Math.max(0.6, free * 0.14)}"/>`
  const cabin = rig === 'dinghy' ? '' : `<path d="M ${-l * 0.2} ${hullTop * 0.9} L ${-l * 0.16} ${hullTop * 1.6} L ${l * 0.12} ${hullTop * 1.55} L ${l * 0.18} ${hullTop * 0.95} Z" fill="${lit([0.92, 0.9, 0.86], 0.5)}"/><rect x="${-l * 0.12}" y="${hullTop * 1.4}" width="${l * 0.18}" height="${free * 0.25}" fill="${lit([0.2, 0.25, 0.32], 0.4)}"/>`
  let rigging = ''
  const mast = (x: number, tall: number, jib: boolean, k: number): string => {
    const boom = l * 0.46 * k
    const foot = hullTop - s * 0.08
    return `${spar(x, hullTop, x, -tall, s * 0.013)}${stay(x, -tall, l * 0.53, hullTop * 1.3)}${stay(x, -tall, -l * 0.49, hullTop)}
      <path d="M ${x - l * 0.012} ${-tall * 0.97} Q ${x - boom * 0.72} ${-tall * 0.48} ${x - boom} ${foot * 1.12} Q ${x - boom * 0.5} ${foot * 0.9} ${x - l * 0.012} ${foot} Z" fill="url(#${id}m)"/>
      ${seams([0.3, 0.5, 0.7, 0.86].map((t) => `M ${x} ${-tall * (1 - t) + foot * t} L ${x - boom * t * 0.93} ${-tall * (1 - t) * 0.97 + foot * t * 1.06}`).join(' '))}
      ${spar(x, foot, x - boom * 1.02, foot * 1.1, s * 0.009)}
      ${jib ? `<path d="M ${x + l * 0.02} ${-tall * 0.9} Q ${x + l * 0.23} ${-tall * 0.42} ${l * 0.5} ${hullTop * 1.5} Q ${x + l * 0.2} ${foot * 0.85} ${x - l * 0.05} ${foot * 0.9} Q ${x + l * 0.08} ${-tall * 0.4} ${x + l * 0.02} ${-tall * 0.9} Z" fill="url(#${id}j)"/>` : ''}`
  }
  if (rig === 'sloop' || rig === 'dinghy') rigging = mast(l * 0.06, s, true, 1)
  if (rig === 'ketch') rigging = mast(-l * 0.3, s * 0.66, false, 0.5) + mast(l * 0.1, s, true, 0.75)
  if (rig === 'spinnaker') {
    const stripes = boat.stripes ? [0.3, 0.5, 0.7].map((t) => `<path d="M ${l * 0.08} ${-s * 0.95} Q ${l * (0.25 + t * 0.75)} ${-s * 0.75} ${l * (0.2 + t * 0.62)} ${-s * 0.2}" fill="none" stroke="${lit([0.97, 0.97, 0.95], 0.6)}" stroke-width="${l * 0.05}"/>`).join('') : ''
    rigging = `${mast(l * 0.04, s, false, 0.9)}<path d="M ${l * 0.06} ${-s * 0.96} C ${l * 0.75} ${-s * 0.95} ${l * 0.95} ${-s * 0.45} ${l * 0.72} ${-s * 0.16} Q ${l * 0.4} ${-s * 0.28} ${l * 0.14} ${-s * 0.15} C ${l * 0.3} ${-s * 0.4} ${l * 0.25} ${-s * 0.75} ${l * 0.06} ${-s * 0.96} Z" fill="url(#${id}s)"/>${stripes}`
  }
  if (rig === 'lateen') {
    rigging = `${spar(0, hullTop, l * 0.03, -s * 0.7, s * 0.014)}${spar(-l * 0.42, -s, l * 0.5, hullTop * 2.2, s * 0.011)}<path d="M ${-l * 0.42} ${-s} Q ${-l * 0.12} ${-s * 0.5} ${-l * 0.36} ${-s * 0.16} Q ${l * 0.1} ${-s * 0.14} ${l * 0.5} ${hullTop * 2.2} Z" fill="url(#${id}s)"/>`
  }
  if (rig === 'tall-ship') {
    for (const [mx, tall] of [[-0.28, 0.86], [0.02, 1], [0.3, 0.9]] as const) {
      const x = l * mx
      const t = s * tall
      rigging += `${spar(x, hullTop, x, -t, s * 0.014)}${stay(x, -t, l * 0.62, hullTop * 1.6)}`
      for (const [top, bottom, w] of [[0.96, 0.78, 0.1], [0.76, 0.52, 0.135], [0.5, 0.2, 0.16]] as const) {
        rigging += `<path d="M ${x - l * w * 0.75} ${-t * top} L ${x + l * w * 0.75} ${-t * top} Q ${x + l * w * 1.25} ${-t * (top + bottom) * 0.5} ${x + l * w} ${-t * bottom} Q ${x + l * 0.03} ${-t * (bottom + 0.05)} ${x - l * w} ${-t * bottom} Q ${x - l * w * 0.55} ${-t * (top + bottom) * 0.5} ${x - l * w * 0.75} ${-t * top} Z" fill="url(#${id}m)"/>${spar(x - l * w * 0.8, -t * top, x + l * w * 0.8, -t * top, s * 0.007)}`
      }
    }
    rigging += `${spar(l * 0.5, hullTop * 1.2, l * 0.82, hullTop * 2.6, s * 0.012)}<path d="M ${l * 0.34} ${-s * 0.72} Q ${l * 0.5} ${-s * 0.4} ${l * 0.8} ${hullTop * 2.5} L ${l * 0.4} ${hullTop * 2.2} Z" fill="url(#${id}j)"/>`
  }
  const flag = rig === 'lateen' ? '' : `<path d="M ${l * 0.06} ${-s * 1.0} l ${-l * 0.09} ${s * 0.014} l ${l * 0.09} ${s * 0.02} Z" fill="${lit(boat.accent, 0.6)}"/>`
  return `${defs}<g transform="translate(${boat.x} ${boat.y}) scale(${boat.way} 1) rotate(${boat.heel})">${hull}${cabin}${rigging}${flag}</g>`
}

function lighthouse(canvas: Canvas, sky: Sky, random: Random, horizon: number): string {
  const x = canvas.width * random.pick([random.range(0.06, 0.2), random.range(0.8, 0.94)])
  const s = canvas.height * random.range(0.1, 0.24)
  const white = css(mix(multiply([0.95, 0.94, 0.9], mix(sky.ambient, sky.light, 0.6)), sky.haze, 0.15))
  const red = css(mix(multiply(rgb('#b8322c'), mix(sky.ambient, sky.light, 0.6)), sky.haze, 0.15))
  const rock = css(mix(multiply(rgb('#5d564c'), mix(sky.ambient, sky.light, 0.3)), sky.haze, 0.15))
  const bands = [0.2, 0.5].map((t) => `<path d="M ${x - s * (0.1 - t * 0.045)} ${horizon - s * (0.16 + t * 0.7)} L ${x + s * (0.1 - t * 0.045)} ${horizon - s * (0.16 + t * 0.7)} L ${x + s * (0.085 - t * 0.045)} ${horizon - s * (0.32 + t * 0.7)} L ${x - s * (0.085 - t * 0.045)} ${horizon - s * (0.32 + t * 0.7)} Z" fill="${red}"/>`).join('')
  const lamp = sky.dark ? '#fff3b0' : '#d8dfe2'
  return `<path d="M ${x - s * 0.75} ${horizon + 2} Q ${x - s * 0.4} ${horizon - s * 0.22} ${x} ${horizon - s * 0.17} Q ${x + s * 0.5} ${horizon - s * 0.16} ${x + s * 0.95} ${horizon + 2} Z" fill="${rock}"/>
    <path d="M ${x - s * 0.105} ${horizon - s * 0.14} L ${x + s * 0.105} ${horizon - s * 0.14} L ${x + s * 0.055} ${horizon - s * 0.86} L ${x - s * 0.055} ${horizon - s * 0.86} Z" fill="${white}"/>${bands}
    <rect x="${x - s * 0.075}" y="${horizon - s * 0.885}" width="${s * 0.15}" height="${s * 0.03}" fill="${rock}"/><rect x="${x - s * 0.045}" y="${horizon - s * 0.97}" width="${s * 0.09}" height="${s * 0.09}" fill="${lamp}"/><path d="M ${x - s * 0.06} ${horizon - s * 0.97} L ${x} ${horizon - s * 1.06} L ${x + s * 0.06} ${horizon - s * 0.97} Z" fill="${red}"/>`
}

const times: readonly (readonly [Time, number])[] = [['dawn', 3], ['morning', 5], ['noon', 5], ['golden', 4], ['sunset', 5], ['dusk', 2], ['night', 1], ['overcast', 2], ['storm', 2], ['mist', 2]]
const waters = ['#1f5f7a', '#2a7a8c', '#1d4a6b', '#3a8f94', '#25566a'].map(rgb)

export async function paintSailing(canvas: Canvas, random: Random): Promise<void> {
  const sky = makeSky(random, random.weighted(times))
  const { width, height } = canvas
  const horizon = height * random.range(0.42, 0.72)
  paintSky(canvas, sky, horizon, random)
  const backdrop = random.weighted([['open', 4], ['hills', 3], ['mountains', 3]] as const)
  const view: View = { horizon, eye: 1.2, focal: Math.max(width, height) * random.range(0.8, 1.2), near: 30, far: 120 }
  let shore: Float32Array = new Float32Array(width).fill(horizon)
  if (backdrop !== 'open') {
    const tall = (random.range(0.12, 0.5) * horizon * 70) / view.focal
    const ground = backdrop === 'hills'
      ? { ...woodedHills(random, random.pick(seasons.slice(0, 3)), tall * 0.55, 0.4) }
      : mountainRange(random, { foot: 62, crest: 100, tall: tall * 1.4, waterLevel: 0.4 }).ground
    const open = random.range(-0.5, 0.5)
    const seen = paintTerrain(canvas, { ...sky, hazeStrength: sky.hazeStrength * 0.9 + 0.2 }, view, { ...ground, height: (x, z) => ground.height(x, z) - 6 * (1 - smoothstep(50, 74, z - open * x)) }, 170)
    shore = seen.map((y) => (y >= height ? horizon : y))
  }
  if (random.chance(0.22)) await canvas.svg(lighthouse(canvas, sky, random, horizon))
  const kind = random.weighted([['one', 4], ['few', 4], ['regatta', 3], ['ship', 2]] as const)
  const count = kind === 'one' || kind === 'ship' ? 1 : kind === 'few' ? random.int(2, 4) : random.int(5, 13)
  const one = { sail: random.pick<Rgb>([[0.97, 0.96, 0.93], [0.97, 0.96, 0.93], [0.93, 0.88, 0.78], rgb('#b5522f'), rgb('#e9d9b0')]), rig: random.weighted<Rig>([['sloop', 4], ['ketch', 2], ['dinghy', 2], ['spinnaker', 2], ['lateen', 2]]) }
  const wind: 1 | -1 = random.chance(0.5) ? 1 : -1
  const boats: Boat[] = Array.from({ length: count }, (_, i) => {
    const near = kind === 'one' ? random.range(0.3, 1) : kind === 'ship' ? random.range(0.3, 0.8) : random.next() ** 2
    const y = horizon + (height - horizon) * (0.02 + near * 0.62)
    const rig: Rig = kind === 'ship' ? 'tall-ship' : kind === 'regatta' ? random.pick<Rig>(['sloop', 'spinnaker', 'spinnaker', 'dinghy']) : random.chance(0.5) ? one.rig : random.pick<Rig>(['sloop', 'ketch', 'dinghy', 'spinnaker'])
    return {
      x: width * (count === 1 ? random.range(0.25, 0.75) : (i + random.range(0.1, 0.9)) / count),
      y,
      size: Math.min(y * 0.92, height * (kind === 'one' || kind === 'ship' ? random.range(0.35, 0.75) : 0.06 + near * random.range(0.3, 0.6))),
      rig,
      way: random.chance(0.85) ? wind : wind === 1 ? -1 : 1,
      heel: random.normal() * 3.5,
      hull: random.pick(hulls),
      sail: random.chance(0.75) ? one.sail : random.pick(accents),
      accent: random.pick(accents),
      stripes: random.chance(0.5)
    } satisfies Boat
  }).sort((a, b) => a.y - b.y)
  const rough = sky.time === 'storm' ? random.range(0.7, 1) : random.range(0.08, 0.75)
  const colour = random.pick(waters)
  // Each boat is mirrored about its own water line, so water and boats are painted from far to near.
  const picture = (boat: Boat, i: number): string => drawBoat(boat, sky, 0.5 * Math.exp(-((boat.y - horizon) / (height - horizon)) * 9) * Math.min(1, sky.hazeStrength + 0.3), `b${i}`)
  paintWater(canvas, sky, { shore, colour, rough, horizon }, random)
  await canvas.svg(
    boats.map((boat, i) => `<g opacity="${0.45 - rough * 0.3}" transform="translate(0 ${boat.y * 2}) scale(1 -1)">${picture(boat, i)}</g>`).join('').replaceAll('id="b', 'id="r').replaceAll('url(#b', 'url(#r'),
    0
  )
  await canvas.svg(boats.map(picture).join(''))
  for (const boat of boats) {
    const foam = Math.round(8 + boat.size * 0.35 * (0.3 + rough))
    for (let i = 0; i < foam; i++) {
      const r = Math.max(0.5, boat.size * random.range(0.004, 0.014))
      canvas.dab(boat.x + random.range(-0.42, 0.42) * boat.size * 0.9, boat.y + boat.size * 0.025 + random.next() * boat.size * 0.02, r * 2.2, r * 0.7, 0, mix(sky.light, [1, 1, 1], 0.4), 0.5 * (0.4 + rough))
    }
  }
  if (random.chance(0.35)) {
    const birds = Array.from({ length: random.int(2, 9) }, () => {
      const x = random.range(0.05, 0.95) * width
      const y = random.range(0.08, 0.7) * horizon
      const s = random.range(4, 13)
      return `<path d="M ${x - s} ${y - s * 0.35} Q ${x - s * 0.4} ${y - s * 0.5} ${x} ${y} Q ${x + s * 0.4} ${y - s * 0.55} ${x + s} ${y - s * 0.3}" fill="none" stroke="${css(scale(sky.ambient, 0.45))}" stroke-width="${s * 0.13}" stroke-linecap="round"/>`
    })
    await canvas.svg(birds.join(''))
  }
}
