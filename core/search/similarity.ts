import { dot } from './dot.ts'

/**
 * The similarity that everything is ordered by: the dot product in double precision, rounded to float32, at most 1. Engines only propose
 * candidates with it in sight (their own sums differ in the last bits); every result is scored by this one function, so that two engines,
 * or two runs with other block sizes, give the same neighbours in the same order. Symmetric in its arguments.
 */
export function similarity(a: Float32Array, atA: number, b: Float32Array, atB: number, dim: number): number {
  const sum = dot(a, atA, b, atB, dim)
  // Rounded unit vectors may overshoot by a last bit; equal pictures shall read 1.
  return sum >= 1 - 2 ** -22 ? 1 : sum
}

/** How far a float32 dot product of two unit vectors of this dimension, summed in any order, may lie from `similarity`. */
export const rounding = (dim: number): number => (dim + 16) * 2 ** -24
