/** From numbers to places on a chart. */
export interface Domain {
  readonly from: number
  readonly to: number
}

/** The range of the numbers, opened to 0..1 where they lie within it: shares are always drawn on the same scale. */
export function domainOf(values: readonly number[]): Domain {
  let from = Infinity
  let to = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    from = Math.min(from, value)
    to = Math.max(to, value)
  }
  if (from > to) return { from: 0, to: 1 }
  if (from >= 0 && to <= 1) return { from: 0, to: 1 }
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to }
}

/** As `domainOf`, but tight: for trials, whose differences are small. */
export function tightDomain(values: readonly number[]): Domain {
  const finite = values.filter((value) => Number.isFinite(value))
  if (finite.length === 0) return { from: 0, to: 1 }
  const [from, to] = [Math.min(...finite), Math.max(...finite)]
  const room = (to - from || Math.abs(to) * 0.1 || 1) * 0.08
  return { from: from - room, to: to + room }
}

export const place = (value: number, { from, to }: Domain, size: number): number => ((value - from) / (to - from)) * size

/** Three or so round numbers within the range. */
export function ticks({ from, to }: Domain, about = 4): number[] {
  const rough = (to - from) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Indices of at most `most` points, evenly, the first and the last among them: more than pixels are not drawn. */
export function thinned(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i)
  return [...new Set(Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1))))]
}

/** The point nearest to a place on the chart, by distance on the screen; -1 where there is none. */
export function nearest(xs: readonly number[], ys: readonly number[], at: { readonly x: number; readonly y: number }): number {
  let best = -1
  let least = Infinity
  for (let i = 0; i < xs.length; i++) {
    // Along the curve counts more than across it: the hand follows the x axis.
    const distance = 4 * ((xs[i] as number) - at.x) ** 2 + ((ys[i] as number) - at.y) ** 2
    if (distance < least) {
      least = distance
      best = i
    }
  }
  return best
}
