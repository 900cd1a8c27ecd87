/**
 * The similarity that everything is ordered by: the dot product in double precision, rounded to float32, at most 1. Engines only propose
 * candidates with it in sight (their own sums differ in the last bits); every result is scored by this one function, so that two engines,
 * or two runs with other block sizes, give the same neighbours in the same order. Symmetric in its arguments.
 */
export function similarity(a: Float32Array, atA: number, b: Float32Array, atB: number, dim: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  const whole = dim - (dim % 4)
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[atA + i] as number) * (b[atB + i] as number)
    s1 += (a[atA + i + 1] as number) * (b[atB + i + 1] as number)
    s2 += (a[atA + i + 2] as number) * (b[atB + i + 2] as number)
    s3 += (a[atA + i + 3] as number) * (b[atB + i + 3] as number)
  }
  for (let i = whole; i < dim; i++) s0 += (a[atA + i] as number) * (b[atB + i] as number)
  const sum = Math.fround(s0 + s1 + (s2 + s3))
  // Rounded unit vectors may overshoot by a last bit; equal pictures shall read 1.
  return sum >= 1 - 2 ** -22 ? 1 : sum
}

/** How far a float32 dot product of two unit vectors of this dimension, summed in any order, may lie from `similarity`. */
export const rounding = (dim: number): number => (dim + 16) * 2 ** -24
