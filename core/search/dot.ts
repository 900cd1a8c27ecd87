/**
 * The inner product of two rows in double precision, rounded to float32. Engines sum in float32 and in an order of their own; a score that
 * anything is ordered by comes from here, so that two engines, or two runs with other block sizes, give the same order.
 */
export function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, dim: number): number {
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
  return Math.fround(s0 + s1 + (s2 + s3))
}
