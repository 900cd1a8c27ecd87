import { WinnowError } from '../domain/errors.ts'

/** Below this a comparison sort is faster than counting 65,536 digits. */
const fewScores = 4096
const digits = 65_536

/**
 * The positions of `scores` from the highest to the lowest; equal scores (0 and -0 are equal) stand in the order of their positions.
 * A counting sort by 16-bit digits (a million scores in some tens of milliseconds), so no object and no comparison per score.
 * Throws BAD_INPUT naming the first score that is not a number.
 */
export function descendingOrder(scores: Float32Array | Float64Array): Uint32Array {
  const count = scores.length
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(scores[i])) throw new WinnowError('BAD_INPUT', `Score ${i + 1} of ${count} is not a number. Nothing can be ranked by it.`)
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  if (count < fewScores) return order.sort((i, j) => (scores[j] as number) - (scores[i] as number) || i - j)
  const words = scores instanceof Float32Array ? 1 : 2
  // Adding 0 turns -0 into 0.
  const keys = new Uint32Array((scores instanceof Float32Array ? scores.map((score) => score + 0) : scores.map((score) => score + 0)).buffer)
  // Float bits as unsigned numbers that fall where the score rises: little-endian, so the last word holds the sign.
  for (let i = 0; i < count; i++) {
    const top = i * words + words - 1
    const negative = (keys[top] as number) >>> 31 === 1
    if (negative) continue
    for (let word = i * words; word <= top; word++) keys[word] = ~(keys[word] as number)
    keys[top] = (keys[top] as number) & 0x7fffffff
  }
  let from = order
  let to = new Uint32Array(count)
  for (let pass = 0; pass < words * 2; pass++) {
    const word = pass >>> 1
    const shift = (pass & 1) * 16
    const starts = new Uint32Array(digits + 1)
    for (let i = 0; i < count; i++) starts[(((keys[i * words + word] as number) >>> shift) & 0xffff) + 1]!++
    if (starts.includes(count)) continue
    for (let digit = 0; digit < digits; digit++) starts[digit + 1]! += starts[digit] as number
    for (let i = 0; i < count; i++) {
      const at = from[i] as number
      const digit = ((keys[at * words + word] as number) >>> shift) & 0xffff
      to[starts[digit]!++] = at
    }
    ;[from, to] = [to, from]
  }
  return from
}
