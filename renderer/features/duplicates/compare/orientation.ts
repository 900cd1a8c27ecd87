/**
 * The eight ways in which a picture can be turned: quarter turns clockwise (0..3), then the same after mirroring left to right (4..7).
 * A copy that was mirrored is still a copy, and laid over its original it should be compared the right way round.
 */
export type Orientation = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

export const orientations: readonly Orientation[] = [0, 1, 2, 3, 4, 5, 6, 7]

export const orientationWords: Record<Orientation, string> = {
  0: 'as it is',
  1: 'turned by 90°',
  2: 'turned by 180°',
  3: 'turned by 270°',
  4: 'mirrored',
  5: 'mirrored, turned by 90°',
  6: 'mirrored, turned by 180°',
  7: 'mirrored, turned by 270°'
}

export const swapsSides = (orientation: Orientation) => orientation % 2 === 1

/** The CSS (and canvas) matrix a, b, c, d that draws a picture this way about its own middle. */
export function orientationMatrix(orientation: Orientation): [number, number, number, number] {
  const turn = orientation % 4
  const [cos, sin] = ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[turn]!
  const mirror = orientation >= 4 ? -1 : 1
  return [clean(cos * mirror), clean(sin * mirror), clean(-sin), clean(cos)]
}

const clean = (n: number) => (n === 0 ? 0 : n)

/** A square RGBA picture of `size` x `size` turned this way. */
export function orientSquare(pixels: Uint8ClampedArray, size: number, orientation: Orientation): Uint8ClampedArray {
  const [a, b, c, d] = orientationMatrix(orientation)
  const out = new Uint8ClampedArray(pixels.length)
  const middle = (size - 1) / 2
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const u = x - middle
      const v = y - middle
      const tx = Math.round(a * u + c * v + middle)
      const ty = Math.round(b * u + d * v + middle)
      const from = (y * size + x) * 4
      out.set(pixels.subarray(from, from + 4), (ty * size + tx) * 4)
    }
  }
  return out
}

/** Another way must be this much better before it is believed: pictures that are nearly symmetric look alike both ways. */
const CLEARLY_BETTER = 0.6

/** How `b` must be turned so that it lies over `a`; both RGBA squares of the same `size`. */
export function bestOrientation(a: Uint8ClampedArray, b: Uint8ClampedArray, size: number): Orientation {
  const asItIs = meanDifference(a, b)
  let best: Orientation = 0
  let least = asItIs * CLEARLY_BETTER
  for (const orientation of orientations) {
    if (orientation === 0) continue
    const mean = meanDifference(a, orientSquare(b, size, orientation))
    if (mean < least) {
      least = mean
      best = orientation
    }
  }
  return best
}

function meanDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 4) {
    sum += Math.abs(a[i]! - b[i]!) + Math.abs(a[i + 1]! - b[i + 1]!) + Math.abs(a[i + 2]! - b[i + 2]!)
  }
  return sum
}
