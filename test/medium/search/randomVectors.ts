import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normaliseRows } from '../../../core/domain/matrix.ts'
import { similarity } from '../../../core/search/similarity.ts'
import { VectorFile } from '../../../core/search/vectorFile.ts'
import type { VectorSource } from '../../../core/search/vectorSource.ts'

/** A small generator with a seed, so that a failure can be repeated. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** n vectors without any structure. */
export function scatteredVectors(n: number, dim: number, seed: number): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: n * dim }, () => next() - 0.5)
}

/** n vectors around a few centres; some are exact copies of others and some are zeros. */
export function clusteredVectors(n: number, dim: number, seed: number): Float32Array {
  const next = random(seed)
  const centres = Float32Array.from({ length: 5 * dim }, () => next() - 0.5)
  const matrix = new Float32Array(n * dim)
  for (let i = 0; i < n; i++) {
    const kind = next()
    const source = Math.floor(next() * i)
    const centre = Math.floor(next() * 5)
    for (let d = 0; d < dim; d++) {
      if (kind < 0.2 && i > 0) matrix[i * dim + d] = matrix[source * dim + d] as number
      else if (kind < 0.25) matrix[i * dim + d] = 0
      else matrix[i * dim + d] = (centres[centre * dim + d] as number) + (next() - 0.5) * 0.2
    }
  }
  return matrix
}

/** Writes a vectors file whose image ids are not the row numbers. */
export async function withVectors<T>(matrix: Float32Array, dim: number, use: (source: VectorSource) => Promise<T>, { dtype = 'float32' as 'float32' | 'float16', imageIds }: { dtype?: 'float32' | 'float16'; imageIds?: Int32Array } = {}): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-search-'))
  try {
    const path = join(folder, 'vectors.bin')
    const file = await VectorFile.open(path, { dim, dtype })
    await file.append(matrix)
    await file.close()
    const rows = Int32Array.from({ length: matrix.length / dim }, (_, i) => i)
    return await use({ file: path, dim, dtype, rows, imageIds: imageIds ?? rows.map((row) => ((row * 7919) % 100003) + 1) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The definition, without any engine: every pair scored, sorted by similarity and then by the smaller image id. */
export function naiveNeighbours(matrix: Float32Array, imageIds: Int32Array, dim: number, k: number, excludeSelf: boolean, queryRows: Int32Array = Int32Array.from(imageIds.keys())): { imageIds: number[]; similarities: number[] } {
  const unit = Float32Array.from(matrix)
  normaliseRows(unit, dim)
  const result = { imageIds: [] as number[], similarities: [] as number[] }
  for (const i of queryRows) {
    const list = Array.from(imageIds, (id, j) => ({ id, value: similarity(unit, i * dim, unit, j * dim, dim) }))
      .filter(({ id }) => !excludeSelf || id !== imageIds[i])
      .sort((a, b) => b.value - a.value || a.id - b.id)
      .slice(0, k)
    while (list.length < k) list.push({ id: -1, value: 0 })
    result.imageIds.push(...list.map(({ id }) => id))
    result.similarities.push(...list.map(({ value }) => value))
  }
  return result
}

export function naivePairs(matrix: Float32Array, imageIds: Int32Array, dim: number, floor: number): string[] {
  const unit = Float32Array.from(matrix)
  normaliseRows(unit, dim)
  const pairs: string[] = []
  for (let i = 0; i < imageIds.length; i++) {
    for (let j = i + 1; j < imageIds.length; j++) {
      const value = similarity(unit, i * dim, unit, j * dim, dim)
      const [a, b] = [imageIds[i] as number, imageIds[j] as number].sort((x, y) => x - y)
      if (value >= floor) pairs.push(`${a} ${b} ${value}`)
    }
  }
  return pairs.sort()
}
