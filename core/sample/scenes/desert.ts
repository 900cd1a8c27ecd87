import type { Canvas } from '../canvas.ts'
import { css, mix, rgb, scale, smoothstep, type Rgb } from '../colour.ts'
import { cloudNoise, gritNoise, hillNoise } from '../noise.ts'
import type { Random } from '../random.ts'
import { makeSky, paintSky, type Sky, type Time } from '../sky.ts'
import { hazeAt, paintTerrain, project, shaded, type Ground, type View } from '../terrain.ts'

const sands = ['#d9a566', '#e0b77c', '#c98a52', '#d58a58', '#e6c89a', '#c9764a'].map(rgb)

/** Dunes: long waves with a gentle windward and a steep leeward side, and ripples. */
export function dunes(random: Random): Ground {
  const ox = random.next()
  const oz = random.next()
  const sand = random.pick(sands)
  const tall = random.range(2.5, 6.5)
  const wave = random.range(0.035, 0.075)
  const turn = random.range(-0.9, 0.9)
  const height = (x: number, z: number): number => {
    const bend = (hillNoise.at(x / 110 + ox, z / 110 + oz) - 0.5) * 2.6
    const phase = (z * Math.cos(turn) + x * Math.sin(turn)) * wave + bend
    const t = phase - Math.floor(phase)
    const crest = t < 0.72 ? smoothstep(0, 1.15, t / 0.72) * 1.05 : 1 - smoothstep(0, 1, (t - 0.72) / 0.28)
    const broad = hillNoise.at(x / 150 + oz, z / 150 + ox)
    return crest * tall * (0.35 + broad) * smoothstep(0, 22, z) + (broad - 0.5) * 3
  }
  return {
    height,
    colour: (out, x, z) => {
      const ripple = z > 16 ? 0 : Math.sin(z * 6 + x * 3.2 + cloudNoise.at(x / 26 + ox, z / 26) * 40) * 0.04 * smoothstep(16, 4, z)
      const n = cloudNoise.at(x / 45 + ox, z / 45 + oz)
      const k = 0.92 + n * 0.22 + ripple + (gritNoise.at(x / 2, z / 2) - 0.5) * 0.07
      out[0] = sand[0] * k
      out[1] = sand[1] * k
      out[2] = sand[2] * k
    }
  }
}

/** A plain with flat-topped buttes of layered red rock. */
export function mesas(random: Random): Ground {
  const ox = random.next()
  const oz = random.next()
  const tall = random.range(9, 17)
  const soil = random.pick(['#c4814e', '#b96b42', '#cf9a66', '#d3a878'].map(rgb))
  const bands = [rgb('#a8502f'), rgb('#c46b3d'), rgb('#8f4229'), rgb('#d78f5c'), rgb('#b65c35')]
  const cut = random.range(0.6, 0.69)
  return {
    height: (x, z) => {
      const n = hillNoise.at(x / 95 + ox, z / 95 + oz) + (cloudNoise.at(x / 34, z / 34 + ox) - 0.5) * 0.1
      const far = smoothstep(20, 40, z)
      const cliff = smoothstep(cut, cut + 0.045, n)
      const skirt = smoothstep(cut - 0.13, cut, n) * 0.34
      return far * tall * (skirt + cliff * (0.6 + (n - cut) * 0.7)) + (cloudNoise.at(x / 30, z / 30) - 0.5) * 0.9
    },
    colour: (out, x, z, h, up) => {
      const n = gritNoise.at(x / 8 + ox, z / 8 + h / 4 + oz)
      const level = h / tall + (cloudNoise.at(x / 30, z / 30) - 0.5) * 0.05
      const band = bands[Math.abs(Math.floor(level * 19)) % bands.length] as Rgb
      const wall = smoothstep(0.75, 0.35, up)
      const scrub = smoothstep(0.62, 0.72, cloudNoise.at(x / 9 + oz, z / 9)) * 0.55 * (1 - wall)
      const colour = mix(mix(soil, band, Math.min(1, wall + smoothstep(0.05, 0.3, level))), rgb('#7d7a4a'), scrub)
      const k = 0.78 + n * 0.45
      out[0] = colour[0] * k
      out[1] = colour[1] * k
      out[2] = colour[2] * k
    }
  }
}

function saguaro(x: number, y: number, size: number, body: string, dark: string, random: Random): string {
  const w = size * 0.13
  const arm = (way: number): string => {
    const from = size * random.range(0.35, 0.6)
    const out = w * random.range(1.5, 2.2) * way
    const up = size * random.range(0.18, 0.34)
    const d = `M ${x} ${y - from} Q ${x + out} ${y - from} ${x + out} ${y - from - w} L ${x + out} ${y - from - up}`
    return `<path d="${d}" fill="none" stroke="${body}" stroke-width="${w * 0.72}" stroke-linecap="round"/><path d="${d}" fill="none" stroke="${dark}" stroke-width="${w * 0.12}" stroke-linecap="round" stroke-dasharray="none" opacity="0.7"/>`
  }
  const ribs = [-0.28, 0, 0.28].map((k) => `<line x1="${x + k * w}" x2="${x + k * w}" y1="${y}" y2="${y - size * 0.97}" stroke="${dark}" stroke-width="${w * 0.1}" opacity="0.7"/>`).join('')
  const arms = (random.chance(0.85) ? arm(-1) : '') + (random.chance(0.7) ? arm(1) : '')
  return `${arms}<line x1="${x}" x2="${x}" y1="${y}" y2="${y - size}" stroke="${body}" stroke-width="${w}" stroke-linecap="round"/>${ribs}`
}

function camel(x: number, y: number, s: number, colour: string): string {
  return `<g transform="translate(${x} ${y}) scale(${s})" fill="${colour}" stroke="${colour}" stroke-linejoin="round">
    <path d="M -10 -9 Q -9 -14 -5 -13 Q -2 -19 1 -14 Q 4 -19 7 -13 Q 10 -12 10 -9 Q 13 -9 14 -13 L 15 -17 Q 16 -19 20 -18 L 20 -16.4 L 17 -16 Q 17 -9 11 -6 Q 0 -4 -9 -6 Z"/>
    <path d="M -8 -7 L -8.5 0 M -5 -7 L -4.5 0 M 6 -7 L 5.5 0 M 9 -7 L 9.6 0" stroke-width="1.5" fill="none"/><path d="M -10 -9 L -12 -5" stroke-width="0.8" fill="none"/></g>`
}

const times: readonly (readonly [Time, number])[] = [['dawn', 3], ['morning', 4], ['noon', 5], ['golden', 5], ['sunset', 4], ['dusk', 2], ['night', 2], ['storm', 1], ['mist', 1]]

export async function paintDesert(canvas: Canvas, random: Random): Promise<void> {
  const sky: Sky = { ...makeSky(random, random.weighted(times)), hazeStrength: random.range(0.15, 0.6), cover: random.range(0.02, 0.5) }
  const kind = random.weighted([['dunes', 5], ['mesas', 4], ['cactus', 3]] as const)
  const { width, height } = canvas
  const horizon = height * random.range(0.36, 0.62)
  const view: View = { horizon, eye: kind === 'dunes' ? random.range(4.5, 9) : random.range(1.6, 4), focal: Math.max(width, height) * random.range(0.75, 1.3), near: 2.2, far: 120 }
  paintSky(canvas, sky, horizon, random)
  const ground = kind === 'dunes' ? dunes(random) : mesas(random)
  paintTerrain(canvas, sky, view, ground, 460)
  const seat = (x: number, z: number): { x: number; y: number; scale: number } => project(canvas, view, x, ground.height(x, z), z)
  if (kind === 'cactus' || (kind === 'mesas' && random.chance(0.35))) {
    const stands = Array.from({ length: random.int(kind === 'cactus' ? 4 : 1, kind === 'cactus' ? 26 : 6) }, () => {
      const z = random.range(4, 34)
      return { x: random.range(-0.48, 0.48) * (z / view.focal) * width, z }
    }).sort((a, b) => b.z - a.z)
    for (const { x, z } of stands) {
      const at = seat(x, z)
      const green = shaded(random.pick(['#5d7f4a', '#4f7346', '#6d8a55'].map(rgb)), sky, 0.55, z, view)
      canvas.dab(at.x - (sky.sun.x - 0.5) * at.scale, at.y, at.scale * 0.9, at.scale * 0.1, 0, shaded(rgb('#5a3a2a'), sky, 0.1, z, view), 0.55, z * 0.98)
      await canvas.svg(saguaro(at.x, at.y, at.scale * random.range(1.1, 2.1), css(green), css(scale(green, 0.6)), random), z * 0.97)
    }
    for (let i = 0; i < 160; i++) {
      const z = random.range(3, 30)
      const x = random.range(-0.5, 0.5) * (z / view.focal) * width
      const at = seat(x, z)
      const bush = shaded(random.pick(['#8c8a52', '#77774a', '#a39a62'].map(rgb)), sky, random.range(0.2, 0.7), z, view)
      for (let k = 0; k < 7; k++) canvas.stroke(at.x, at.y, at.x + random.normal() * at.scale * 0.13, at.y - at.scale * random.range(0.04, 0.2), Math.max(0.7, at.scale * 0.015), 0.5, bush, 0.85, z * 0.97)
    }
  }
  if (kind === 'dunes' && random.chance(0.4)) {
    const z = random.range(16, 34)
    const count = random.int(3, 9)
    const from = random.range(-0.3, 0.1) * (z / view.focal) * width
    const dark = css(mix(scale(sky.ambient, 0.22), sky.haze, hazeAt(sky, view, z)))
    const herd = Array.from({ length: count }, (_, i) => {
      const at = seat(from + i * random.range(1.6, 2.2), z + i * 0.3)
      return camel(at.x, at.y + 1, at.scale * 0.075, dark)
    })
    await canvas.svg(herd.join(''), z * 0.9)
  }
}
