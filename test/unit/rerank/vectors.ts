import * as fc from 'fast-check'
import { type Matrix, normaliseRows } from '../../../core/domain/matrix.ts'

/** Numbers 0..1 from a seed (mulberry32): the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Unit vectors around a few centres, so that neighbourhoods mean something; some rows are copies of others. */
export function clustered(rows: number, dim: number, clusters: number, seed: number): Matrix {
  const next = random(seed)
  const centres = Array.from({ length: clusters * dim }, () => next() - 0.5)
  const data = new Float32Array(rows * dim)
  for (let row = 0; row < rows; row++) {
    if (row > 0 && next() < 0.05) {
      const twin = Math.floor(next() * row)
      data.copyWithin(row * dim, twin * dim, (twin + 1) * dim)
      continue
    }
    const centre = Math.floor(next() * clusters)
    for (let i = 0; i < dim; i++) data[row * dim + i] = (centres[centre * dim + i] as number) + 0.5 * (next() - 0.5)
  }
  normaliseRows(data, dim)
  return { rows, dim, data }
}

export const seeds = fc.integer({ min: 0, max: 2 ** 31 })

export const cosine = (a: Matrix, i: number, b: Matrix, j: number): number => {
  let sum = 0
  for (let d = 0; d < a.dim; d++) sum += (a.data[i * a.dim + d] as number) * (b.data[j * b.dim + d] as number)
  return Math.fround(sum)
}
