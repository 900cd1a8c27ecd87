import { type Matrix, matrixOf, normaliseRows } from '../../../core/domain/matrix.ts'

/** A small generator with a seed, so that a failure can be repeated: numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Unit vectors around a few centres. */
export function scattered(rows: number, dim: number, seed: number, centres = 3): Matrix {
  const next = seeded(seed)
  const middle = Float32Array.from({ length: centres * dim }, () => next() - 0.5)
  const data = new Float32Array(rows * dim)
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(next() * centres)
    for (let d = 0; d < dim; d++) data[row * dim + d] = (middle[centre * dim + d] as number) + (next() - 0.5) * 0.6
  }
  normaliseRows(data, dim)
  return matrixOf(data, dim)
}
