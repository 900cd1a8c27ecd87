import { type Matrix, normaliseRows } from '../../core/domain/matrix.ts'
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
import { againstProducts, bareProducts, randomUnitRows, scaledRows } from './againstProducts.ts'
import { measured } from './measured.ts'
import type { BenchResult } from './result.ts'
import { quiet, type Spent, spent } from './spent.ts'

const bench = 'reranking'
const dim = 256
const length = 100

/** Unit rows in groups of about twenty, as photographs of the same things lie: neighbourhoods, and so graphs, mean something. */
function groupedRows(rows: number, centres: Matrix): Matrix {
  const data = new Float32Array(rows * dim)
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(Math.random() * centres.rows) * dim
    for (let i = 0; i < dim; i++) data[row * dim + i] = (centres.data[centre + i] as number) + 0.08 * (Math.random() + Math.random() + Math.random() - 1.5)
  }
  normaliseRows(data, dim)
  return { rows, dim, data }
}

/** Re-ranking against the time of its own matrix products, and how the graph methods grow with the queries. */
export async function benchReranking(): Promise<BenchResult[]> {
  const blas = await OnnxBlas.open()
  try {
    return [...(await benchSteps(blas)), ...(await benchGrowth(blas))]
  } finally {
    await blas.close()
  }
}

async function benchSteps(blas: OnnxBlas): Promise<BenchResult[]> {
  const centres = randomUnitRows(scaledRows(5000), dim)
  const queries = groupedRows(scaledRows(10_000), centres)
  const references = groupedRows(scaledRows(100_000), centres)
  const all = stackRows(queries, references)
  const training = groupedRows(scaledRows(20_000), centres)
  const labels = Int32Array.from({ length: training.rows }, (_, i) => i % centres.rows)
  const results: BenchResult[] = []
  const step = async (what: string, products: readonly (readonly [Matrix, Matrix])[], work: () => Promise<unknown>): Promise<void> => {
    let peakBytes = 0
    const result = await againstProducts(bench, `${what}, ${queries.rows.toLocaleString('en')} x ${references.rows.toLocaleString('en')} x ${dim}, of the time of its own matrix products`,
      async () => ({ peakBytes } = await measured(work)),
      async () => {
        for (const [a, b] of products) await bareProducts(blas, a, b)
      }, { rounds: 1 })
    results.push({ ...result, figures: { ...result.figures, 'peak MB': peakBytes / 2 ** 20 } })
  }
  await blas.nearest(rowRange(queries, 0, 16), references, 10)

  await step('alpha query expansion', [[queries, all]], () => expandQueries(queries, references, blas, { alpha: 3, count: 10, pool: 'all' }))
  await step('database-side augmentation', [[references, references]], () => augmentReferences(null, references, blas, { alpha: 3, count: 10 }))
  await step('explore-exploit', [[queries, references], [references, references]], async () =>
    exploreExploit(await blas.nearest(queries, references, length), await blas.nearest(references, references, length), { threshold: Infinity, explore: length, length }))
  await step('sort and insert after soft voting', [[queries, references], [all, training]], async () => {
    const vote = async (rows: Matrix) => softVote(await blas.nearest(rows, training, 3), labels, 3, cosineBallot(3))
    sortInsert(await blas.nearest(queries, references, length), await vote(queries), await vote(references), sortInsertDefaults)
  })
  // Nearest and farthest of everything.
  await step('k-reciprocal encoding', [[all, all], [all, all], [queries, references]], () => kReciprocal(queries, references, blas, kReciprocalDefaults))
  return results
}

interface Run {
  readonly spent: Spent
  /** What is not counted, and what else people want to know. */
  readonly figures: Readonly<Record<string, number>>
}

/** The same references for half the queries and for all of them: the work for each query should stay what it is. */
async function benchGrowth(blas: OnnxBlas): Promise<BenchResult[]> {
  const [half, all] = [scaledRows(2000), 2 * scaledRows(2000)]
  const centres = randomUnitRows(scaledRows(1000), dim)
  const queries = groupedRows(all, centres)
  const references = groupedRows(scaledRows(20_000), centres)

  const diffusion = async (count: number): Promise<Run> => {
    const rows = stackRows(rowRange(queries, 0, count), references)
    const search = await measured(() => ownNeighbours(rows, { from: 0, to: rows.rows }, Math.min(defaultTruncation, rows.rows), blas))
    const offline = await measured(() => diffuseInThreads(search.value, diffusionDefaults))
    const online = await measured(() => spent(async () => searchDiffused(offline.value, count, { length, unreached: false })))
    return {
      spent: online.value,
      figures: { 'offline: neighbours, seconds': search.seconds, 'offline: solving, seconds': offline.seconds, 'offline MB': sparseBytes(offline.value) / 2 ** 20, 'peak MB': Math.max(offline.peakBytes, online.peakBytes) / 2 ** 20 }
    }
  }
  const graph = await measured(() => blas.nearest(references, references, length))
  const traversal = async (count: number): Promise<Run> => {
    const walk = await measured(() => spent(async () => exploreExploit(await blas.nearest(rowRange(queries, 0, count), references, length), graph.value, { threshold: Infinity, explore: length, length })))
    return { spent: walk.value, figures: { 'references among themselves, seconds': graph.seconds, 'peak MB': walk.peakBytes / 2 ** 20 } }
  }

  const results: BenchResult[] = []
  for (const [what, run] of [['diffusion, the search over its offline rows', diffusion], ['explore-exploit', traversal]] as const) {
    // Once before the clock: what is compared is the growth, not the compiler.
    await run(Math.min(half, 100))
    const fewer = await run(half)
    const more = await run(all)
    const others = (fewer.spent.others + more.spent.others) / 2
    const judged = others > quiet && fewer.spent.cpu >= 0.5 ? 'cpu' : 'wall'
    const both = { wall: more.spent.wall / fewer.spent.wall, cpu: more.spent.cpu / fewer.spent.cpu }
    console.log(`  ${what}: ${both[judged].toFixed(2)} x`)
    results.push({
      bench,
      what: `${what}: ${all.toLocaleString('en')} against ${half.toLocaleString('en')} queries x ${references.rows.toLocaleString('en')}`,
      ratio: both[judged], judged, ...both, others,
      target: { atMost: 2.3 },
      unit: 'x',
      figures: { [`seconds at ${half}`]: fewer.spent.wall, [`seconds at ${all}`]: more.spent.wall, ...more.figures }
    })
  }
  return results
}
