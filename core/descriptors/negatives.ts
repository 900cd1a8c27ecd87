import { WinnowError } from '../domain/errors.ts'
import { type Matrix, normaliseRows } from '../domain/matrix.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'
import { neighbourSums } from './neighbourSums.ts'

/**
 * Database-side augmentation of the negatives: each becomes the unit sum of its k nearest (itself among them), weighted by similarity^alpha;
 * all from the rows as they were (lyakaap/ISC21-Descriptor-Track-1st, scripts/postprocess.py: k 10, alpha 3; after Radenović et al., 2018).
 * Rows n x dim of unit length. A negative similarity counts negatively under an odd alpha, and nothing under one that is not whole.
 */
export async function augmentNegatives(negatives: Matrix, { k, alpha, ...options }: { k: number; alpha: number } & BlasOptions, blas: Blas): Promise<Matrix> {
  const lists = await blas.nearest(negatives, negatives, k, options)
  const sums = neighbourSums(negatives, lists, similarityPower(alpha))
  normaliseRows(sums.data, sums.dim)
  return sums
}

/** similarity^alpha; 0 for negative similarities where the power is not whole, which has no value there. */
export const similarityPower = (alpha: number): ((similarity: number) => number) =>
  Number.isInteger(alpha) ? (similarity) => similarity ** alpha : (similarity) => Math.max(0, similarity) ** alpha

export interface SubtractionOptions extends BlasOptions {
  /** Nearest negatives that are averaged, each counting the same. */
  readonly k: number
  /** How much of their mean is taken away. */
  readonly beta: number
  /** Times; the neighbours are searched again each time. */
  readonly iterations: number
}

/**
 * Negative embedding subtraction (Yokoo, "Contrastive Learning with Large Memory Bank and Negative Embedding Subtraction for Accurate Copy
 * Detection", 2021; lyakaap/ISC21-Descriptor-Track-1st, scripts/postprocess.py): e becomes unit(e - beta * mean of its k nearest negatives),
 * which takes away what a picture shares with many unrelated ones. Rows n x dim of unit length in and out; a row of zeros stays (it is like
 * nothing, and would become like the opposite of all negatives). Throws BAD_INPUT without negatives.
 */
export async function subtractNegatives(vectors: Matrix, negatives: Matrix, { k, beta, iterations, ...options }: SubtractionOptions, blas: Blas): Promise<Matrix> {
  if (negatives.rows === 0) throw new WinnowError('BAD_INPUT', 'There are no negatives to subtract. Choose images that show something else than the queries and references do.')
  const { rows, dim } = vectors
  const count = Math.min(k, negatives.rows)
  let current: Matrix = { rows, dim, data: vectors.data.slice() }
  for (let turn = 0; turn < iterations; turn++) {
    const means = neighbourSums(negatives, await blas.nearest(current, negatives, count, options), () => 1 / count)
    const next = new Float32Array(rows * dim)
    for (let row = 0; row < rows; row++) subtractRow(current.data, means.data, beta, row * dim, dim, next)
    normaliseRows(next, dim)
    current = { rows, dim, data: next }
  }
  return current
}

function subtractRow(row: Float32Array, mean: Float32Array, beta: number, at: number, dim: number, into: Float32Array): void {
  let something = false
  for (let i = at; i < at + dim; i++) {
    if (row[i] !== 0) something = true
    into[i] = (row[i] as number) - beta * (mean[i] as number)
  }
  if (!something) into.fill(0, at, at + dim)
}

export interface ClearedNegatives {
  /** Rows that stay, ascending. */
  readonly kept: Uint32Array
  /** Rows that go, with the row they match and how alike the two are. */
  readonly removed: readonly { readonly row: number; readonly matches: number; readonly similarity: number }[]
}

/**
 * Negatives must not show what queries or references show: those whose similarity to any row of `others` is at least `threshold` go. Unit
 * rows of the same dim. `own`: numbers (image ids) of both sides; a negative that is itself among the others goes too, whatever its similarity.
 */
export async function clearNegatives(
  negatives: Matrix, others: Matrix, { threshold, own, ...options }: { threshold: number; own?: { negatives: Int32Array; others: Int32Array } } & BlasOptions, blas: Blas
): Promise<ClearedNegatives> {
  const { indices, scores } = await blas.nearest(negatives, others, 1, options)
  const firstOf = new Map<number, number>()
  if (own) for (let row = own.others.length - 1; row >= 0; row--) firstOf.set(own.others[row] as number, row)
  const kept: number[] = []
  const removed: { row: number; matches: number; similarity: number }[] = []
  for (let row = 0; row < negatives.rows; row++) {
    const itself = own ? firstOf.get(own.negatives[row] as number) : undefined
    if (itself !== undefined) removed.push({ row, matches: itself, similarity: 1 })
    else if ((indices[row] as number) >= 0 && (scores[row] as number) >= Math.fround(threshold)) removed.push({ row, matches: indices[row] as number, similarity: scores[row] as number })
    else kept.push(row)
  }
  return { kept: Uint32Array.from(kept), removed }
}
