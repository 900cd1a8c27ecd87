import { WinnowError } from '../domain/errors.ts'
import type { Matrix } from '../domain/matrix.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'

export const stretchReductions = ['mean', 'min'] as const
export type StretchReduction = (typeof stretchReductions)[number]

export interface StretchOptions extends BlasOptions {
  /** Nearest training rows that are looked at. */
  readonly n: number
  readonly factor: number
  /** Of the n similarities: their mean, or the least of them (the n-th). */
  readonly reduction: StretchReduction
}

/**
 * What is added to every score of a query: -factor x (mean or least of its n greatest similarities to a training set). A query that looks
 * like many unrelated pictures gets lower scores, so that one threshold serves all queries ("score normalization" of
 * facebookresearch/isc2021, as WangWenhao0716/ISC-Track1-Submission uses it: n 10, factor 2, mean). Whichever side is searched, it is the
 * query's: where references are cut up and searched for queries, pass the queries all the same. One value a query. A query of zeros, which is
 * like nothing, counts as one that looks like everything: its scores would be above those of true matches else. BAD_INPUT without training rows.
 */
export async function stretchOffsets(queries: Matrix, training: Matrix, { n, factor, reduction, ...options }: StretchOptions, blas: Blas): Promise<Float32Array> {
  if (training.rows === 0) throw new WinnowError('BAD_INPUT', 'There are no training vectors to stretch the scores with. Choose images that are no matches of the queries.')
  const count = Math.min(n, training.rows)
  const { scores } = await blas.nearest(queries, training, count, options)
  return Float32Array.from({ length: queries.rows }, (_, query) => {
    if (isZero(queries, query)) return -factor
    if (reduction === 'min') return -factor * (scores[(query + 1) * count - 1] as number)
    let sum = 0
    for (let i = query * count; i < (query + 1) * count; i++) sum += scores[i] as number
    return (-factor * sum) / count
  })
}

function isZero({ dim, data }: Matrix, row: number): boolean {
  for (let i = row * dim; i < (row + 1) * dim; i++) if (data[i] !== 0) return false
  return true
}
