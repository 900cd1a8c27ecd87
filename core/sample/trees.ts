import type { Canvas } from './canvas.ts'
import { mix, rgb, scale, type Rgb } from './colour.ts'
import type { Random } from './random.ts'
import type { Sky } from './sky.ts'

export type Season = 'spring' | 'summer' | 'autumn' | 'winter'
export const seasons: readonly Season[] = ['spring', 'summer', 'autumn', 'winter']

export const leafColours: Record<Season, readonly Rgb[]> = {
  spring: ['#8fb355', '#a2c268', '#7ca34d', '#eccbd6', '#b4cc80'].map(rgb),
  summer: ['#557f3a', '#628c40', '#48703a', '#6f9650', '#5c7a38'].map(rgb),
  autumn: ['#d9822b', '#e0a52e', '#c1521f', '#a83a22', '#d8b23c', '#8d8a35'].map(rgb),
  winter: ['#8b8078', '#9a9088', '#7a7068'].map(rgb)
}
export const needleColours: readonly Rgb[] = ['#2f5a3a', '#274b35', '#38633c', '#2b5446', '#41693f'].map(rgb)
export const grassColours: Record<Season, Rgb> = { spring: rgb('#8fb05c'), summer: rgb('#8b9d58'), autumn: rgb('#a89860'), winter: rgb('#e9eef4') }

/** Light and haze for one thing that stands in the scene. */
export interface Standing {
  readonly sky: Sky
  /** 0..1 lost in haze */
  readonly haze: number
  readonly depth: number
}

const tone = (base: Rgb, { sky, haze }: Standing, light: number): Rgb => {
  return mix(
    [
      base[0] * (sky.ambient[0] * 0.55 + sky.light[0] * light),
      base[1] * (sky.ambient[1] * 0.55 + sky.light[1] * light),
      base[2] * (sky.ambient[2] * 0.55 + sky.light[2] * light)
    ],
    sky.haze,
    haze
  )
}

/** A fir or spruce, `size` px tall, its foot at (x, y). */
export function paintConifer(canvas: Canvas, random: Random, x: number, y: number, size: number, standing: Standing, base: Rgb, snow = 0): void {
  const side = standing.sky.sun.x * canvas.width > x ? 1 : -1
  const width = size * random.range(0.17, 0.24)
  if (size < 9) {
    canvas.dab(x, y - size * 0.45, Math.max(0.6, width * 0.6), size * 0.5, 0, tone(base, standing, 0.35), 0.9, standing.depth)
    return
  }
  canvas.stroke(x, y, x, y - size * 0.3, Math.max(1, size * 0.035), Math.max(1, size * 0.025), tone([0.32, 0.24, 0.18], standing, 0.4), 1, standing.depth)
  const rows = Math.round(Math.min(38, 7 + size / 6))
  for (let row = 0; row < rows; row++) {
    const t = row / (rows - 1)
    const reach = width * (1 - t) ** 0.85 * random.range(0.8, 1.12) + size * 0.006
    const ry = y - size * (0.1 + 0.9 * t)
    const thick = (size / rows) * 1.5
    for (const way of [-1, 1]) {
      const pieces = size > 60 ? 4 : 2
      for (let p = 0; p < pieces; p++) {
        const u = (p + random.next()) / pieces
        const light = 0.16 + (way === side ? 0.42 : 0.1) * (0.5 + u) + random.next() * 0.14
        const px = x + way * reach * u
        const py = ry + reach * u * 0.42 + random.normal() * thick * 0.2
        canvas.dab(px, py, (reach / pieces) * 1.05 + 0.5, thick * (0.75 - u * 0.3), way * 0.5, tone(base, standing, light), 0.95, standing.depth)
        if (snow > 0 && random.chance(snow)) {
          canvas.dab(px, py - thick * 0.35, (reach / pieces) * 0.9 + 0.4, thick * 0.3, way * 0.45, tone([0.95, 0.97, 1], standing, 0.55 + light * 0.5), 0.9, standing.depth)
        }
      }
    }
  }
}

/** A broad-leaved tree of `size` px: trunk, boughs, and a crown of dabs that are lit on the light's side. Bare in winter. */
export function paintBroadleaf(canvas: Canvas, random: Random, x: number, y: number, size: number, standing: Standing, leaves: Rgb, season: Season): void {
  const side = standing.sky.sun.x * canvas.width > x ? 1 : -1
  const bark = tone([0.36, 0.29, 0.23], standing, 0.4)
  const crownY = y - size * 0.62
  const radius = size * random.range(0.28, 0.38)
  canvas.stroke(x, y, x + random.normal() * size * 0.02, y - size * 0.55, Math.max(1, size * 0.06), Math.max(0.7, size * 0.03), bark, 1, standing.depth)
  if (size > 26) {
    const boughs = season === 'winter' ? 16 : 6
    for (let i = 0; i < boughs; i++) {
      const angle = random.range(-1.2, 1.2)
      const length = radius * random.range(0.7, 1.2)
      const fy = y - size * random.range(0.3, 0.6)
      const ex = x + Math.sin(angle) * length
      const ey = fy - Math.cos(angle) * length
      canvas.stroke(x, fy, ex, ey, Math.max(0.8, size * 0.022), 0.6, bark, 1, standing.depth)
      if (season !== 'winter') continue
      for (let twig = 0; twig < 4; twig++) {
        const a = angle + random.range(-0.8, 0.8)
        canvas.stroke(ex + (x - ex) * twig * 0.12, ey + (fy - ey) * twig * 0.12, ex + Math.sin(a) * length * 0.45, ey - Math.cos(a) * length * 0.45, 0.9, 0.4, bark, 0.85, standing.depth)
      }
    }
  }
  if (season === 'winter') {
    if (size <= 26) canvas.dab(x, crownY, radius * 0.8, radius, 0, bark, 0.45, standing.depth)
    return
  }
  const count = size < 9 ? 4 : Math.round(Math.min(620, 10 + size * 1.2 + size * size * 0.016))
  for (let i = 0; i < count; i++) {
    const angle = random.next() * Math.PI * 2
    const away = Math.sqrt(random.next())
    const dx = Math.cos(angle) * away
    const dy = Math.sin(angle) * away * 0.85
    const light = 0.3 + (dx * side * 0.5 - dy * 0.75) * 0.42 + random.normal() * 0.08
    const own = mix(leaves, scale(leaves, 0.72), random.next() * 0.8)
    const r = Math.max(0.7, radius * random.range(0.1, 0.24) * (count < 30 ? 1.6 : Math.min(1, 1.25 - count / 900)))
    canvas.dab(x + dx * radius, crownY + dy * radius, r, r * random.range(0.6, 1), random.next() * 3, tone(own, standing, Math.max(0.04, light)), 0.92, standing.depth)
  }
}
