import { augmentNegatives, subtractNegatives } from '../../core/descriptors/negatives.ts'
import { stretchOffsets } from '../../core/descriptors/scoreStretching.ts'
import { fitWhitening, whiten } from '../../core/descriptors/whitening.ts'
import { bestPairsInBlocks, nearestInBlocks } from '../../core/search/blockMatch.ts'
import { OnnxBlas } from '../../core/search/onnxBlas.ts'
import { matrixRows } from '../../core/search/rowReader.ts'
import { againstProducts, bareProducts, randomUnitRows, scaledRows } from './againstProducts.ts'
import type { BenchResult } from './result.ts'

const dim = 256
const bench = 'normalising'

/** Score normalisation and matching of 10,000 queries x 100,000 references x 256, each step against the time of its own matrix products. */
export async function benchNormalising(): Promise<BenchResult[]> {
  const blas = await OnnxBlas.open()
  try {
    const queries = randomUnitRows(scaledRows(10_000), dim)
    const references = randomUnitRows(scaledRows(100_000), dim)
    const fewer = { rows: scaledRows(30_000), dim, data: references.data.subarray(0, scaledRows(30_000) * dim) }
    const size = (what: string, a: number, b: number): string => `${what}, ${a.toLocaleString('en')} x ${b.toLocaleString('en')} x ${dim}, of the time of its own matrix products`
    const across = (): Promise<void> => bareProducts(blas, queries, references)
    await blas.nearest(fewer, queries, 10)
    const matching = { exclude: { queries: Int32Array.from({ length: queries.rows }, (_, i) => i), references: Int32Array.from({ length: references.rows }, (_, i) => i) } }
    const results: BenchResult[] = []
    const step = async (what: string, work: () => Promise<unknown>, products: () => Promise<unknown>): Promise<void> => void results.push(await againstProducts(bench, what, work, products))
    await step(size('augmenting negatives', fewer.rows, fewer.rows), () => augmentNegatives(fewer, { k: 10, alpha: 3 }, blas), () => bareProducts(blas, fewer, fewer))
    await step(size('subtracting negatives from the queries', queries.rows, references.rows), () => subtractNegatives(queries, references, { k: 10, beta: 0.35, iterations: 1 }, blas), across)
    await step(size('stretching scores', queries.rows, references.rows), () => stretchOffsets(queries, references, { n: 10, factor: 2, reduction: 'mean' }, blas), across)
    await step(size('the 10 nearest of each query', queries.rows, references.rows), () => nearestInBlocks(matrixRows(queries), matrixRows(references), 10, matching, blas), across)
    await step(size('the 100 nearest of each query', queries.rows, references.rows), () => nearestInBlocks(matrixRows(queries), matrixRows(references), 100, matching, blas), across)
    await step(size('the 500,000 best pairs', queries.rows, references.rows), () => bestPairsInBlocks(matrixRows(queries), matrixRows(references), scaledRows(500_000), matching, blas), across)
    // Fitting multiplies in double precision, and so do its products here.
    await step(`learning a whitening to 128 values on ${references.rows.toLocaleString('en')} x ${dim}, of the time of its own matrix products`, () => fitWhitening(references, { size: 128, power: -0.5 }, blas), () => blas.columnProduct(references, references))
    const projection = await fitWhitening(fewer, { size: 128, power: -0.5 }, blas)
    await step(`whitening ${references.rows.toLocaleString('en')} x ${dim} to 128 values, of the time of its own matrix products`, () => whiten(references, projection, { normalise: true }, blas), () => blas.product(references, projection.matrix))
    return results
  } finally {
    await blas.close()
  }
}
