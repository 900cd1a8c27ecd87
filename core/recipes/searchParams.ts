import { z } from 'zod'
import { stretchOffsets, stretchReductions } from '../descriptors/scoreStretching.ts'
import type { Blas } from '../search/blas.ts'
import { rowBlocks } from '../search/rowReader.ts'
import type { InputSpec } from './step.ts'
import { expectSameDim, type VectorReader } from './vectorReader.ts'

/** Inputs of steps that search and may stretch. */
export const searchInputs = {
  queries: { kinds: ['vectors'], about: 'what is searched for' },
  references: { kinds: ['vectors'], about: 'what is searched' },
  training: { kinds: ['vectors'], about: 'vectors of images that match no query, to stretch the scores with', optional: true }
} as const satisfies Record<string, InputSpec>

export const scoreKinds = ['similarity', 'minus-squared-distance'] as const
export type ScoreKind = (typeof scoreKinds)[number]
export const scoreParam = z.enum(scoreKinds).default('similarity').describe('similarity: the cosine. minus-squared-distance: 2 x cosine - 2, as the ISC21 descriptor track scores.')

/** Params of steps that can stretch scores with a training set. */
export const stretchParams = {
  stretchN: z.int().min(1).max(1000).default(10).describe('With training vectors: so many nearest of them are looked at for each query.'),
  stretchFactor: z.number().min(0).max(10).default(2).describe('With training vectors: so many times their mean similarity is taken off the query’s scores.'),
  stretchBy: z.enum(stretchReductions).default('mean').describe('With training vectors: the mean of their similarities, or the least of them.')
}
export interface StretchParams {
  readonly stretchN: number
  readonly stretchFactor: number
  readonly stretchBy: (typeof stretchReductions)[number]
}

const rowsAtOnce = 16_384

/** What is added to the scores of each query, where training vectors are given. */
export async function offsetsOf(queries: VectorReader, training: VectorReader | undefined, { stretchN: n, stretchFactor: factor, stretchBy: reduction }: StretchParams, blas: Blas, signal: AbortSignal): Promise<Float32Array | null> {
  if (!training) return null
  expectSameDim('The queries', queries, 'the training vectors', training)
  const matrix = await training.matrix()
  const offsets = new Float32Array(queries.rows)
  for await (const { from, matrix: block } of rowBlocks(queries, rowsAtOnce)) offsets.set(await stretchOffsets(block, matrix, { n, factor, reduction, signal }, blas), from)
  return offsets
}

/** For unit vectors -|a - b|² = 2 <a, b> - 2, the same order: what the ISC21 descriptor track writes. */
export const scoreOf = (kind: ScoreKind): ((similarity: number) => number) => (kind === 'similarity' ? (similarity) => similarity : (similarity) => 2 * similarity - 2)
