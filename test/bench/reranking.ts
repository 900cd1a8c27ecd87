import type { Matrix } from '../../core/domain/matrix.ts'
import { normaliseRows } from '../../core/domain/matrix.ts'
import { augmentNegatives, subtractNegatives } from '../../core/descriptors/negatives.ts'
import { stretchOffsets } from '../../core/descriptors/scoreStretching.ts'
import { cosineBallot, softVote } from '../../core/pseudo/softVote.ts'
import { defaultTruncation, diffusionDefaults } from '../../core/rerank/diffusion.ts'
import { diffuseInThreads } from '../../core/rerank/diffusionPool.ts'
import { searchDiffused } from '../../core/rerank/diffusionSearch.ts'
import { exploreExploit } from '../../core/rerank/exploreExploit.ts'
import { kReciprocal, kReciprocalDefaults } from '../../core/rerank/kReciprocal.ts'
import { ownNeighbours } from '../../core/rerank/ownNeighbours.ts'
import { augmentReferences, expandQueries } from '../../core/rerank/queryExpansion.ts'
import { sparseBytes } from '../../core/rerank/sparseRows.ts'
import { sortInsert, sortInsertDefaults } from '../../core/rerank/sortInsert.ts'
import { rowRange, stackRows } from '../../core/rerank/stackRows.ts'
import { OnnxBlas } from '../../core/search/onnxBlas.ts'
import { sgemmRate } from './machine.ts'
import { measured } from './measured.ts'
import type { BenchResult } from './result.ts'

/** WINNOW_BENCH_SCALE=0.1 runs all of it at a tenth of the rows, for a look while working. */
const scale = Number(process.env['WINNOW_BENCH_SCALE'] ?? 1)
const scaled = (rows: number): number => Math.max(100, Math.round(rows * scale))
const dim = 256
const length = 100

/** Unit vectors in groups of about twenty, as photographs of the same things lie: neighbourhoods, and so graphs, mean something. */
function clusteredVectors(rows: number, centres: Matrix): Matrix {
  const data = new Float32Array(rows * dim)
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(Math.random() * centres.rows) * dim
    for (let i = 0; i < dim; i++) data[row * dim + i] = (centres.data[centre + i] as number) + 0.08 * (Math.random() + Math.random() + Math.random() - 1.5)
  }
  normaliseRows(data, dim)
  return { rows, dim, data }
}

function randomCentres(rows: number): Matrix {
  const data = Float32Array.from({ length: rows * dim }, () => Math.random() - 0.5)
  normaliseRows(data, dim)
  return { rows, dim, data }
}

/** Re-ranking and normalisation against the time of their own matrix products, and how the graph methods grow with the queries. */
export async function benchReranking(): Promise<BenchResult[]> {
  const blas = await OnnxBlas.open()
  try {
    return [...(await benchSteps(blas)), ...(await benchGrowth(blas))]
  } finally {
    await blas.close()
  }
}

async function benchSteps(blas: OnnxBlas): Promise<BenchResult[]> {
  const [nq, nr, nt] = [scaled(10_000), scaled(100_000), scaled(20_000)]
  const centres = randomCentres(Math.max(10, Math.round(nr / 20)))
  const queries = clusteredVectors(nq, centres)
  const references = clusteredVectors(nr, centres)
  const training = clusteredVectors(nt, centres)
  const labels = Int32Array.from({ length: nt }, (_, i) => i % centres.rows)
  const results: BenchResult[] = []
  /** `pairs`: how many inner products the step's own matrix products are. */
  const step = async (what: string, pairs: number, work: () => Promise<unknown>): Promise<void> => {
    const product = (pairs * dim) / 1e9 / (await sgemmRate())
    const { seconds, peakBytes } = await measured(work)
    results.push({
      bench: 'reranking',
      what: `${what} at ${nq.toLocaleString('en')} x ${nr.toLocaleString('en')} x ${dim}, of the time of its own matrix products`,
      ratio: seconds / product,
      target: { atMost: 3 },
      unit: 'x',
      figures: { seconds, 'product seconds': product, 'peak MB': peakBytes / 2 ** 20 }
    })
    console.log(`  ${what}: ${seconds.toFixed(1)} s, ${(seconds / product).toFixed(2)} x`)
  }
  await blas.nearest(rowRange(queries, 0, 16), references, 10)

  await step('alpha query expansion', nq * (nq + nr), () => expandQueries(queries, references, blas, { alpha: 3, count: 10, pool: 'all' }))
  await step('database-side augmentation', nr * nr, () => augmentReferences(null, references, blas, { alpha: 3, count: 10 }))
  await step('explore-exploit', nq * nr + nr * nr, async () =>
    exploreExploit(await blas.nearest(queries, references, length), await blas.nearest(references, references, length), { threshold: Infinity, explore: length, length }))
  await step('sort and insert, soft voting included', nq * nr + (nq + nr) * nt, async () => {
    const vote = async (rows: Matrix) => softVote(await blas.nearest(rows, training, 3), labels, 3, cosineBallot(3))
    sortInsert(await blas.nearest(queries, references, length), await vote(queries), await vote(references), sortInsertDefaults)
  })
  await step('k-reciprocal encoding', 2 * (nq + nr) ** 2 + nq * nr, () => kReciprocal(queries, references, blas, kReciprocalDefaults))
  await step('negative embedding subtraction, its negatives augmented', nt * nt + (nq + nr) * nt, async () => {
    const negatives = await augmentNegatives(training, { k: 10, alpha: 3 }, blas)
    for (const rows of [queries, references]) await subtractNegatives(rows, negatives, { k: 10, beta: 0.35, iterations: 1 }, blas)
  })
  await step('score stretching', nq * nt, () => stretchOffsets(queries, training, { n: 10, factor: 2, reduction: 'mean' }, blas))
  return results
}

interface Growth {
  readonly seconds: number
  readonly apart: Readonly<Record<string, number>>
}

/** The same references for half the queries and for all of them: the work for each query should stay what it is. */
async function benchGrowth(blas: OnnxBlas): Promise<BenchResult[]> {
  const [half, all, nr] = [scaled(2000), 2 * scaled(2000), scaled(20_000)]
  const centres = randomCentres(Math.max(10, Math.round(nr / 20)))
  const queries = clusteredVectors(all, centres)
  const references = clusteredVectors(nr, centres)

  const diffusion = async (count: number): Promise<Growth> => {
    const rows = stackRows(rowRange(queries, 0, count), references)
    const search = await measured(() => ownNeighbours(rows, { from: 0, to: rows.rows }, Math.min(defaultTruncation, rows.rows), blas))
    const offline = await measured(() => diffuseInThreads(search.value, diffusionDefaults))
    const online = await measured(() => searchDiffused(offline.value, count, { length, unreached: false }))
    return { seconds: online.seconds, apart: { 'offline search seconds': search.seconds, 'offline seconds': offline.seconds, 'offline MB': sparseBytes(offline.value) / 2 ** 20, 'peak MB': Math.max(offline.peakBytes, online.peakBytes) / 2 ** 20 } }
  }
  const graph = await measured(() => blas.nearest(references, references, length))
  const traversal = async (count: number): Promise<Growth> => {
    const walk = await measured(async () => exploreExploit(await blas.nearest(rowRange(queries, 0, count), references, length), graph.value, { threshold: Infinity, explore: length, length }))
    return { seconds: walk.seconds, apart: { 'graph seconds': graph.seconds, 'peak MB': walk.peakBytes / 2 ** 20 } }
  }

  const results: BenchResult[] = []
  for (const [what, run] of [['diffusion (search over offline rows)', diffusion], ['explore-exploit', traversal]] as const) {
    // Once before the clock: what is compared is the growth, not the compiler.
    await run(scaled(200))
    const fewer = await run(half)
    const more = await run(all)
    console.log(`  ${what}: ${fewer.seconds.toFixed(2)} s and ${more.seconds.toFixed(2)} s; ${Object.entries(more.apart).map(([name, value]) => `${name} ${value.toFixed(1)}`).join(', ')}`)
    results.push({
      bench: 'reranking',
      what: `${what}: ${all.toLocaleString('en')} against ${half.toLocaleString('en')} queries x ${nr.toLocaleString('en')}`,
      ratio: more.seconds / fewer.seconds,
      target: { atMost: 2.3 },
      unit: 'x',
      figures: { [`seconds at ${half}`]: fewer.seconds, [`seconds at ${all}`]: more.seconds, ...more.apart }
    })
  }
  return results
}
