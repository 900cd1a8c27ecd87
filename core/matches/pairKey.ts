import { WinnowError } from '../domain/errors.ts'

/** The two of a pair, the smaller first. */
export const pairOfKey = (key: number): readonly [number, number] => [Math.floor(key / 2 ** 26), key % 2 ** 26]

/** A pair in either order as one number: exact for ids below 2^26. Throws UNAVAILABLE above. */
export function pairKey(a: number, b: number): number {
  if (Math.max(a, b) >= 2 ** 26) throw new WinnowError('UNAVAILABLE', 'Pairs of images with ids above 67 million cannot be looked at here.')
  return Math.min(a, b) * 2 ** 26 + Math.max(a, b)
}
