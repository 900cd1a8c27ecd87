/**
 * At most `most` points of a curve that keep its shape: the ends, the points in `keep`, then again and again the point that lies farthest
 * from the line between its chosen neighbours (Ramer 1972, Douglas and Peucker 1973, with a budget instead of a tolerance). So corners stay.
 * `x` and `y` should have like ranges (0..1). Gives positions, ascending.
 */
export function thinCurve(x: Float64Array, y: Float64Array, most = 500, keep: readonly number[] = []): Uint32Array {
  const count = x.length
  if (count <= most) return Uint32Array.from({ length: count }, (_, i) => i)
  const chosen = [...new Set([0, ...keep.filter((at) => at > 0 && at < count - 1), count - 1])].sort((a, b) => a - b)
  const spans = chosen.slice(1).map((to, i) => span(x, y, chosen[i] as number, to))
  while (chosen.length < most) {
    let worst = 0
    for (let i = 1; i < spans.length; i++) if ((spans[i] as Span).far > (spans[worst] as Span).far) worst = i
    const { from, to, far, at } = spans[worst] as Span
    if (far <= 0) break
    chosen.push(at)
    spans[worst] = span(x, y, from, at)
    spans.push(span(x, y, at, to))
  }
  return Uint32Array.from(chosen).sort()
}

interface Span {
  readonly from: number
  readonly to: number
  /** The point between them farthest from their line, and its squared distance. */
  readonly at: number
  readonly far: number
}

function span(x: Float64Array, y: Float64Array, from: number, to: number): Span {
  const startX = x[from] as number
  const startY = y[from] as number
  const alongX = (x[to] as number) - startX
  const alongY = (y[to] as number) - startY
  const squared = alongX * alongX + alongY * alongY
  let at = from
  let far = 0
  for (let i = from + 1; i < to; i++) {
    const pointX = (x[i] as number) - startX
    const pointY = (y[i] as number) - startY
    const across = alongX * pointY - alongY * pointX
    const distance = squared === 0 ? pointX * pointX + pointY * pointY : (across * across) / squared
    if (distance > far) {
      far = distance
      at = i
    }
  }
  return { from, to, at, far }
}
