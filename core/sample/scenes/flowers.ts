import type { Canvas } from '../canvas.ts'
import { css, hsl, mix, multiply, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise, hillNoise } from '../noise.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { hazeAt, paintTerrain, project, type Ground, type View } from '../terrain.ts'
import { leafColours, paintBroadleaf } from '../trees.ts'

type Species = 'daisy' | 'sunflower' | 'poppy' | 'tulip' | 'cosmos' | 'rose' | 'anemone'
const everySpecies: readonly Species[] = ['daisy', 'sunflower', 'poppy', 'tulip', 'cosmos', 'rose', 'anemone']

const petalColours: Record<Species, readonly Rgb[]> = {
  daisy: ['#fbfaf4', '#f6f2e4', '#f4d9e6'].map(rgb),
  sunflower: ['#f6b71f', '#f2a214', '#f8c93c'].map(rgb),
  poppy: ['#d8291f', '#e2452a', '#e8642f', '#f0efe6'].map(rgb),
  tulip: ['#d9304a', '#f2a83a', '#e86fa0', '#f4efe0', '#7d3fa0', '#f06a3c', '#f6d33c'].map(rgb),
  cosmos: ['#e88fc0', '#d85fa0', '#f4d6e6', '#b8478a', '#f7f0f4'].map(rgb),
  rose: ['#c92a45', '#f0a0ac', '#f6d8c0', '#e85a6a', '#f2c14e', '#f4eee6'].map(rgb),
  anemone: ['#5a57b8', '#7d4fa8', '#c83a5a', '#f0ecf4', '#4a6ac0'].map(rgb)
}

let serial = 0

/** One bloom at (x, y), `r` px across its half, tilted so that it is seen as an ellipse of `flat`. */
function drawBloom(random: Random, species: Species, x: number, y: number, r: number, petal: Rgb, light: Rgb, flat: number): string {
  const id = `f${++serial}`
  const tone = (colour: Rgb, k = 1): string => css(scale(multiply(colour, light), k))
  const turn = random.range(0, 360)
  const out: string[] = []
  const gradient = `<defs><radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="0" cy="0" r="${r}"><stop offset="0" stop-color="${tone(mix(petal, species === 'sunflower' ? rgb('#a85a10') : species === 'poppy' ? rgb('#401010') : rgb('#f4e090'), 0.5), 0.75)}"/><stop offset="0.45" stop-color="${tone(petal, 0.86)}"/><stop offset="1" stop-color="${tone(mix(petal, [1, 1, 1], 0.22), 1.08)}"/></radialGradient>
    <radialGradient id="${id}c" cx="0.4" cy="0.35" r="0.7"><stop offset="0" stop-color="${tone(species === 'sunflower' ? rgb('#8a5a2a') : species === 'anemone' ? rgb('#3a3450') : rgb('#f8d848'))}"/><stop offset="1" stop-color="${tone(species === 'sunflower' ? rgb('#38200f') : species === 'anemone' ? rgb('#100c1c') : rgb('#c98a1a'))}"/></radialGradient></defs>`
  const veins = (length: number): string => `<path d="M ${r * 0.15} 0 L ${length * 0.9} 0" stroke="#000" stroke-opacity="0.1" stroke-width="${Math.max(0.4, r * 0.012)}"/>`
  const ring = (count: number, length: number, wide: number, offset: number, shade: number): void => {
    for (let i = 0; i < count; i++) {
      const angle = turn + offset + (i / count) * 360 + random.normal() * (90 / count)
      const l = length * random.range(0.9, 1.06)
      const w = wide * random.range(0.88, 1.1)
      out.push(`<g transform="rotate(${angle.toFixed(1)})"><path d="M 0 0 C ${l * 0.3} ${-w} ${l * 0.8} ${-w * 1.05} ${l} ${-w * 0.12} Q ${l * 1.03} 0 ${l} ${w * 0.12} C ${l * 0.8} ${w * 1.05} ${l * 0.3} ${w} 0 0 Z" fill="url(#${id})" stroke="#200" stroke-opacity="0.14" stroke-width="${Math.max(0.4, r * 0.012)}"/>${shade > 0 ? `<path d="M 0 0 C ${l * 0.3} ${-w} ${l * 0.8} ${-w * 1.05} ${l} ${-w * 0.12} Q ${l * 1.03} 0 ${l} ${w * 0.12} C ${l * 0.8} ${w * 1.05} ${l * 0.3} ${w} 0 0 Z" fill="#100" opacity="${shade}"/>` : ''}${r > 22 ? veins(l) : ''}</g>`)
    }
  }
  if (species === 'tulip') {
    const p = (d: string, k: number): string => `<path d="${d}" fill="${tone(petal, k)}" stroke="#200" stroke-opacity="0.15" stroke-width="${Math.max(0.4, r * 0.015)}"/>`
    return `<g transform="translate(${x} ${y}) rotate(${random.normal() * 6})">${p(`M 0 ${r * 0.95} C ${-r * 1.05} ${r * 0.8} ${-r * 0.8} ${-r * 0.55} ${-r * 0.42} ${-r} C ${-r * 0.1} ${-r * 0.6} ${r * 0.1} ${-r * 0.6} ${r * 0.42} ${-r} C ${r * 0.8} ${-r * 0.55} ${r * 1.05} ${r * 0.8} 0 ${r * 0.95} Z`, 0.72)}${p(`M 0 ${r} C ${-r * 1.1} ${r * 0.85} ${-r * 0.95} ${-r * 0.3} ${-r * 0.7} ${-r * 0.85} C ${-r * 0.2} ${-r * 0.5} ${-r * 0.05} ${r * 0.2} 0 ${r} Z`, 0.98)}${p(`M 0 ${r} C ${r * 1.1} ${r * 0.85} ${r * 0.95} ${-r * 0.3} ${r * 0.7} ${-r * 0.85} C ${r * 0.2} ${-r * 0.5} ${r * 0.05} ${r * 0.2} 0 ${r} Z`, 0.84)}${p(`M 0 ${r} C ${-r * 0.55} ${r * 0.6} ${-r * 0.4} ${-r * 0.35} 0 ${-r * 0.75} C ${r * 0.4} ${-r * 0.35} ${r * 0.55} ${r * 0.6} 0 ${r} Z`, 1.1)}</g>`
  }
  if (species === 'rose') {
    for (let ringIndex = 0; ringIndex < 6; ringIndex++) {
      const reach = r * (1 - ringIndex * 0.155)
      const count = 6 - Math.floor(ringIndex / 2)
      for (let i = 0; i < count; i++) {
        const angle = (i / count) * Math.PI * 2 + ringIndex * 0.9 + turn
        out.push(`<ellipse cx="${Math.cos(angle) * reach * 0.46}" cy="${Math.sin(angle) * reach * 0.46}" rx="${reach * 0.56}" ry="${reach * 0.5}" fill="${tone(petal, 1.08 - ringIndex * 0.055 - (i % 2) * 0.05 + Math.sin(angle) * -0.1)}" stroke="#300" stroke-opacity="0.2" stroke-width="${Math.max(0.4, r * 0.014)}"/>`)
      }
    }
    out.push(`<path d="M ${-r * 0.12} 0 A ${r * 0.12} ${r * 0.12} 0 1 1 ${r * 0.1} ${r * 0.06} A ${r * 0.07} ${r * 0.07} 0 1 1 ${-r * 0.03} ${-r * 0.03}" fill="none" stroke="#300" stroke-opacity="0.35" stroke-width="${r * 0.03}"/>`)
  } else if (species === 'sunflower') {
    ring(20, r, r * 0.15, 9, 0.25)
    ring(18, r * 0.92, r * 0.14, 0, 0)
    out.push(`<circle r="${r * 0.46}" fill="url(#${id}c)"/>`)
    for (let i = 0; i < 90; i++) {
      const d = Math.sqrt(i / 90) * r * 0.42
      const a = i * 2.39996
      out.push(`<circle cx="${Math.cos(a) * d}" cy="${Math.sin(a) * d}" r="${r * 0.022}" fill="${i > 50 ? tone(rgb('#c98a3a'), 0.8) : '#1c0f08'}" opacity="0.6"/>`)
    }
  } else if (species === 'daisy') {
    ring(random.int(16, 22), r, r * 0.11, 0, 0.08)
    ring(random.int(12, 16), r * 0.9, r * 0.11, 7, 0)
    out.push(`<circle r="${r * 0.27}" fill="url(#${id}c)"/>`)
  } else {
    const count = species === 'poppy' ? 5 : species === 'cosmos' ? 8 : 9
    ring(count, r, r * (species === 'poppy' ? 0.62 : species === 'cosmos' ? 0.34 : 0.36), 0, 0.12)
    if (species !== 'cosmos') ring(count, r * 0.8, r * (species === 'poppy' ? 0.5 : 0.3), 180 / count, 0)
    out.push(`<circle r="${r * (species === 'poppy' ? 0.17 : 0.19)}" fill="${species === 'poppy' ? tone(rgb('#2a2a1c')) : `url(#${id}c)`}"/>`)
    for (let i = 0; i < 26; i++) {
      const a = random.next() * Math.PI * 2
      const d = r * random.range(0.17, 0.3)
      out.push(`<circle cx="${Math.cos(a) * d}" cy="${Math.sin(a) * d}" r="${r * 0.02}" fill="${species === 'cosmos' ? '#e8b830' : '#16121c'}"/>`)
    }
  }
  return `<g transform="translate(${x} ${y}) rotate(${random.normal() * 12}) scale(1 ${flat})">${gradient}${out.join('')}</g>`
}

function stem(random: Random, x: number, y: number, toX: number, toY: number, r: number, light: Rgb): string {
  const green = multiply(random.pick(['#5d8a3c', '#4c7a38', '#6f9448'].map(rgb)), light)
  const bend = x + (toX - x) * 0.2 + random.normal() * r * 0.5
  const leaf = (t: number, way: number): string => {
    const lx = x + (toX - x) * t
    const ly = y + (toY - y) * t
    const s = r * random.range(0.9, 1.7)
    return `<path d="M ${lx} ${ly} Q ${lx + way * s * 0.5} ${ly - s * 0.7} ${lx + way * s} ${ly - s * 0.5} Q ${lx + way * s * 0.6} ${ly + s * 0.05} ${lx} ${ly} Z" fill="${css(scale(green, random.range(0.8, 1.15)))}"/>`
  }
  return `<path d="M ${x} ${y} Q ${bend} ${(y + toY) / 2} ${toX} ${toY}" fill="none" stroke="${css(scale(green, 0.85))}" stroke-width="${Math.max(1.2, r * 0.09)}"/>${leaf(random.range(0.3, 0.5), 1)}${leaf(random.range(0.45, 0.7), -1)}`
}

/** Close to a few blooms: everything behind them melts into discs of colour. */
async function paintCloseUp(canvas: Canvas, random: Random, sky: Sky): Promise<void> {
  const { width, height } = canvas
  const short = Math.min(width, height)
  const background = random.pick([rgb('#5f7d48'), rgb('#3f5f3c'), rgb('#8aa05a'), mix(sky.middle, rgb('#7a9a6a'), 0.5), rgb('#2f3a30'), mix(sky.horizon, rgb('#c8b8a0'), 0.4), rgb('#a88a94')])
  const light: Rgb = mix(mix(sky.ambient, sky.light, 0.65), [1, 1, 1], 0.25)
  const seed = random.next()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = hillNoise.at((x / short) * 0.22 + seed, (y / short) * 0.22 + seed)
      const k = 0.6 + n * 0.55 + 0.25 * Math.exp(-((x / width - sky.sun.x) ** 2) * 3) * (1 - y / height)
      const i = (y * width + x) * 3
      for (let c = 0; c < 3; c++) canvas.pixels[i + c] = (background[c] as number) * (light[c] as number) * k
    }
  }
  const species = random.pick(everySpecies)
  const petal = random.pick(petalColours[species])
  for (let i = 0; i < 46; i++) {
    const colour = random.weighted<Rgb>([[petal, 3], [leafColours.summer[i % 5] as Rgb, 4], [leafColours.spring[1] as Rgb, 2], [sky.light, 1.5]])
    const r = short * random.range(0.02, 0.09)
    const x = random.next() * width
    const y = random.next() * height
    canvas.dab(x, y, r, r, 0, scale(multiply(colour, light), random.range(0.7, 1.15)), random.range(0.08, 0.3))
    canvas.dab(x, y, r * 0.9, r * 0.9, 0, scale(multiply(colour, light), 1.1), 0.06)
  }
  const count = random.weighted([[1, 4], [2, 2], [3, 3], [5, 2], [8, 1.5]] as const)
  const mixed = random.chance(0.35)
  const blooms = Array.from({ length: count }, (_, i) => {
    const r = short * (count === 1 ? random.range(0.24, 0.4) : random.range(0.32, 0.46) / Math.sqrt(count + 0.6))
    return {
      x: width * (count === 1 ? random.range(0.35, 0.65) : (i + random.range(0.25, 0.75)) / count),
      y: height * random.range(0.25, count === 1 ? 0.5 : 0.66),
      r,
      species: mixed ? random.pick(everySpecies) : species
    }
  }).sort((a, b) => a.y - b.y)
  await canvas.svg(blooms.map(({ x, y, r }) => stem(random, x + random.normal() * r * 0.4, height + r, x, y + r * 0.2, r, scale(light, 0.85))).join(''))
  for (const bloom of blooms) {
    await canvas.svg(drawBloom(random, bloom.species, bloom.x, bloom.y, bloom.r, random.chance(0.75) && !mixed ? petal : random.pick(petalColours[bloom.species]), light, random.range(0.72, 1)), 0, (x, y, colour) => {
      const k = 0.93 + gritNoise.at(x / 160, y / 160) * 0.14 + (sky.sun.x > 0.5 ? 1 : -1) * ((x - bloom.x) / bloom.r) * 0.07 - ((y - bloom.y) / bloom.r) * 0.09
      for (let c = 0; c < 3; c++) colour[c] = (colour[c] as number) * k
    })
  }
}

/** Fields in rows or a wild meadow, out to the horizon: blooms are dabs, larger as they come near. */
async function paintField(canvas: Canvas, random: Random, sky: Sky): Promise<void> {
  const { width, height } = canvas
  const horizon = height * random.range(0.26, 0.5)
  const view: View = { horizon, eye: random.range(1.1, 2.6), focal: Math.max(width, height) * random.range(0.75, 1.2), near: 1.6, far: 90 }
  paintSky(canvas, sky, horizon, random)
  const kind = random.weighted([['tulips', 3], ['lavender', 2], ['poppies', 3], ['meadow', 3], ['sunflowers', 2]] as const)
  const ox = random.next()
  const tall = random.range(0.5, 3.5)
  const grass = random.pick(['#7f9c50', '#6f8d48', '#8fa860'].map(rgb))
  const turn = random.range(-0.25, 0.25)
  const rowWidth = random.range(0.7, 1.3)
  const rows = kind === 'tulips' || kind === 'lavender'
  const rowColours = kind === 'lavender' ? ['#7d66b8', '#8a72c4', '#6f5aa8'].map(rgb) : random.shuffle(petalColours.tulip).slice(0, random.int(2, 5))
  const ground: Ground = {
    height: (x, z) => (hillNoise.at(x / 140 + ox, z / 140) - 0.45) * tall * smoothstep(6, 40, z) + smoothstep(30, 88, z) * tall * 1.3,
    colour: (out, x, z) => {
      const across = (x + z * turn) / rowWidth
      const k = 0.6 + gritNoise.at(x / 5, z / 5) * 0.6
      const base = rows && z < 60 ? (Math.abs(across - Math.floor(across) - 0.5) < 0.33 ? (rowColours[((Math.floor(across) >> 1) % rowColours.length + rowColours.length) % rowColours.length] as Rgb) : rgb('#6d7a42')) : grass
      out[0] = base[0] * k
      out[1] = base[1] * k
      out[2] = base[2] * k
    }
  }
  paintTerrain(canvas, sky, view, ground, 320)
  for (let i = 0; i < 26; i++) {
    const z = random.range(45, 80)
    const x = random.range(-0.55, 0.55) * (z / view.focal) * width
    const at = project(canvas, view, x, ground.height(x, z), z)
    if (random.chance(0.6)) paintBroadleaf(canvas, random, at.x, at.y, at.scale * random.range(1.5, 3.5), { sky, haze: hazeAt(sky, view, z), depth: z * 0.95 }, random.pick(leafColours.summer), 'summer')
  }
  const petals = kind === 'poppies' ? petalColours.poppy.slice(0, 3) : kind === 'sunflowers' ? petalColours.sunflower : ['#fbfaf4', '#f2c738', '#e06fa0', '#6f7ad0', '#e8522f', '#f4f0e0'].map(rgb).slice(0, random.int(2, 6))
  const count = Math.round((width * height) / (kind === 'sunflowers' ? 190 : 75))
  const spots = Array.from({ length: count }, () => {
    const z = (kind === 'sunflowers' ? 3.4 : 2.4) + 46 * random.next() ** 1.7
    return { x: random.range(-0.56, 0.56) * (z / view.focal) * width, z }
  }).sort((a, b) => b.z - a.z)
  const lightOf = (k: number): Rgb => [sky.ambient[0] * 0.5 + sky.light[0] * k, sky.ambient[1] * 0.5 + sky.light[1] * k, sky.ambient[2] * 0.5 + sky.light[2] * k]
  const big: string[] = []
  for (const spot of spots) {
    const { z } = spot
    let { x } = spot
    const across = (x + z * turn) / rowWidth
    if (rows) x = (Math.floor(across) + 0.5 + random.range(-0.3, 0.3)) * rowWidth - z * turn
    else if (cloudNoise.at(x / 14 + ox, z / 14) < 0.36) continue
    const tallness = kind === 'sunflowers' ? random.range(0.5, 0.75) : kind === 'lavender' ? random.range(0.3, 0.5) : random.range(0.2, 0.42)
    const foot = project(canvas, view, x, ground.height(x, z), z)
    const head = { x: foot.x + random.normal() * foot.scale * 0.03, y: foot.y - foot.scale * tallness }
    const haze = hazeAt(sky, view, z)
    const dim = random.range(0.4, 0.75)
    const tone = (colour: Rgb): Rgb => mix(multiply(colour, lightOf(dim)), sky.haze, haze)
    const r = Math.max(0.7, foot.scale * (kind === 'sunflowers' ? 0.15 : kind === 'tulips' ? 0.07 : kind === 'lavender' ? 0.045 : random.range(0.045, 0.075)))
    if (foot.scale > 12) canvas.stroke(foot.x, foot.y, head.x, head.y, Math.max(0.8, foot.scale * 0.014), 0.8, tone(random.pick(leafColours.summer)), 0.9, z * 0.98)
    if (foot.scale > 30) for (let k = 0; k < 3; k++) canvas.stroke(foot.x + random.normal() * r * 2, foot.y, foot.x + random.normal() * r * 4, foot.y - foot.scale * random.range(0.1, 0.34), Math.max(1, foot.scale * 0.016), 0.5, tone(random.pick(leafColours.summer)), 0.85, z * 0.98)
    const petal = rows ? (rowColours[((Math.floor(across) >> 1) % rowColours.length + rowColours.length) % rowColours.length] as Rgb) : random.pick(petals)
    if (kind === 'lavender') {
      for (let k = 0; k < 7; k++) canvas.dab(head.x + random.normal() * r * 0.6, head.y + (k - 3) * r * 0.9, r * 0.7, r * 0.75, 0, tone(scale(petal, random.range(0.8, 1.2))), 0.92, z * 0.97)
    } else if (r > (rows ? 11 : 9) && big.length < (rows ? 70 : 46)) {
      big.push(drawBloom(random, kind === 'tulips' ? 'tulip' : kind === 'sunflowers' ? 'sunflower' : kind === 'poppies' ? 'poppy' : random.pick(['daisy', 'cosmos', 'anemone', 'poppy'] as const), head.x, head.y, r * 1.15, petal, mix(lightOf(0.6), [1, 1, 1], 0.15), random.range(0.6, 0.95)))
    } else {
      canvas.dab(head.x, head.y, r, r * (kind === 'tulips' ? 1.25 : 0.75), 0, tone(petal), 0.95, z * 0.97)
      if (r > 2) {
        canvas.dab(head.x - r * 0.3, head.y - r * 0.1, r * 0.4, r * 0.5, 0.2, tone(mix(petal, [1, 1, 1], 0.3)), 0.6, z * 0.97)
        if (kind !== 'tulips') canvas.dab(head.x, head.y, r * 0.36, r * 0.28, 0, tone(kind === 'sunflowers' ? rgb('#4a2a14') : kind === 'poppies' ? rgb('#241414') : rgb('#e8b830')), 0.9, z * 0.97)
      }
    }
  }
  if (big.length > 0) await canvas.svg(big.join(''))
}

/** A bunch in a vase on a table, by a wall that a window lights. */
async function paintVase(canvas: Canvas, random: Random): Promise<void> {
  const { width, height } = canvas
  const short = Math.min(width, height)
  const wall = random.pick(['#8a8f84', '#a88f78', '#5f6a70', '#c8bca8', '#6d4f4a', '#3a4648', '#b8a4a0'].map(rgb))
  const table = random.pick(['#7d5a3c', '#a8805a', '#5a4030', '#c8b49a', '#4a4a4c'].map(rgb))
  const edge = height * random.range(0.68, 0.8)
  const side = random.chance(0.5) ? 1 : -1
  const seed = random.next()
  const slant = random.range(0.1, 0.6)
  const beam = random.range(-0.3, 0.3)
  const wide = random.range(0.05, 0.16)
  const bars = random.range(2, 6)
  const strong = random.chance(0.65) ? random.range(0.2, 0.45) : 0
  const warm: Rgb = mix([1, 0.93, 0.82], [0.9, 0.95, 1], random.next())
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x / width - 0.5) * side
      const onTable = y > edge
      const grain = onTable ? gritNoise.at(x / 420 + seed, y / 46 + seed) : cloudNoise.at(x / 300 + seed, y / 300)
      // A slanted patch of window light with the shadow of its bars.
      const patch = onTable ? 0 : smoothstep(wide, wide * 0.6, Math.abs(u * 0.9 - beam + (y / height - 0.35) * slant)) * smoothstep(0.02, 0.05, Math.abs(((y / height) * bars) % 1 - 0.5)) * strong
      const k = 0.48 + u * 0.5 + patch + (grain - 0.5) * (onTable ? 0.32 : 0.12) + (onTable ? 0.12 - ((y - edge) / height) * 0.4 : (0.5 - y / height) * 0.15)
      const i = (y * width + x) * 3
      const base = onTable ? table : wall
      for (let c = 0; c < 3; c++) canvas.pixels[i + c] = (base[c] as number) * (warm[c] as number) * Math.max(0.12, k) * 1.25
    }
  }
  const x = width * random.range(0.4, 0.6)
  const foot = edge + (height - edge) * 0.42
  const s = short * random.range(0.26, 0.42)
  const clay = hsl(random.next(), random.range(0.05, 0.45), random.range(0.35, 0.8))
  const vase = random.pick(['round', 'tall', 'jug'] as const)
  const w = s * (vase === 'tall' ? 0.3 : 0.48)
  const top = foot - s * (vase === 'tall' ? 1.15 : 0.85)
  for (let i = 12; i > 0; i--) canvas.dab(x - side * s * 0.35, foot, w * (0.9 + i * 0.07), s * (0.04 + i * 0.012), 0, [0, 0, 0], 0.05)
  const light: Rgb = scale(warm, 0.98)
  const count = random.int(6, 15)
  const mono = random.chance(0.5)
  const species = random.pick(everySpecies)
  const petal = random.pick(petalColours[species])
  const blooms = Array.from({ length: count }, (_, i) => {
    const angle = -Math.PI / 2 + (i / (count - 1) - 0.5) * 2.5 + random.normal() * 0.15
    const reach = s * random.range(0.55, 1.15)
    return { x: x + Math.cos(angle) * reach * 1.05, y: Math.max(s * 0.25, top + Math.sin(angle) * reach), r: s * random.range(0.16, 0.3) }
  })
  await canvas.svg(blooms.map((b) => stem(random, x + random.normal() * w * 0.12, top + s * 0.1, b.x, b.y, b.r, scale(light, 0.7))).join(''))
  const lightSide = side > 0
  await canvas.svg(`<defs><linearGradient id="v" x1="${lightSide ? 1 : 0}" x2="${lightSide ? 0 : 1}"><stop offset="0" stop-color="${css(scale(clay, 1.12))}"/><stop offset="0.35" stop-color="${css(clay)}"/><stop offset="1" stop-color="${css(scale(clay, 0.34))}"/></linearGradient></defs>
    <path d="M ${x - w * 0.42} ${top} C ${x - w * (vase === 'tall' ? 0.5 : 0.3)} ${top + s * 0.2} ${x - w * 1.05} ${top + s * 0.35} ${x - w * 0.62} ${foot} Q ${x} ${foot + s * 0.07} ${x + w * 0.62} ${foot} C ${x + w * 1.05} ${top + s * 0.35} ${x + w * (vase === 'tall' ? 0.5 : 0.3)} ${top + s * 0.2} ${x + w * 0.42} ${top} Q ${x} ${top + s * 0.05} ${x - w * 0.42} ${top} Z" fill="url(#v)"/>
    ${vase === 'jug' ? `<path d="M ${x + side * -w * 0.5} ${top + s * 0.12} q ${-side * w * 0.75} ${s * 0.12} ${-side * w * 0.15} ${s * 0.42}" fill="none" stroke="${css(scale(clay, 0.6))}" stroke-width="${s * 0.06}" stroke-linecap="round"/>` : ''}
    <ellipse cx="${x + side * w * 0.34}" cy="${top + s * 0.36}" rx="${w * 0.07}" ry="${s * 0.16}" fill="#fff" opacity="0.28"/>`)
  for (const bloom of blooms) {
    const own = mono ? species : random.pick(everySpecies)
    await canvas.svg(drawBloom(random, own, bloom.x, bloom.y, bloom.r, mono && random.chance(0.7) ? petal : random.pick(petalColours[own]), scale(light, 0.78 + (bloom.x - x) * side / (s * 5)), random.range(0.66, 1)))
  }
  if (random.chance(0.5)) for (let i = 0; i < 5; i++) canvas.dab(x + random.normal() * s, foot + random.range(0, 0.3) * (height - foot), s * 0.07, s * 0.035, random.next() * 3, scale(petal, 0.85), 0.95)
}

const times: readonly (readonly [Time, number])[] = [['dawn', 2], ['morning', 5], ['noon', 5], ['golden', 4], ['sunset', 2], ['overcast', 2], ['mist', 1]]

export async function paintFlowers(canvas: Canvas, random: Random): Promise<void> {
  serial = 0
  const sky = makeSky(random, random.weighted(times))
  const kind = random.weighted([['close', 5], ['field', 5], ['vase', 3]] as const)
  if (kind === 'close') await paintCloseUp(canvas, random, sky)
  else if (kind === 'field') await paintField(canvas, random, sky)
  else await paintVase(canvas, random)
}
