import type { Matrix } from '../../core/domain/matrix.ts'
import type { Blas } from '../../core/search/blas.ts'
import { median } from './machine.ts'
import type { BenchResult } from './result.ts'
import { quiet, type Spent, spent } from './spent.ts'

/** WINNOW_BENCH_SCALE=0.05 runs everything at a twentieth of the rows, for a look while working. */
const scale = Number(process.env['WINNOW_BENCH_SCALE'] ?? 1)
export const scaledRows = (rows: number): number => Math.max(64, Math.round(rows * scale))

/** Rows without any structure, of unit length. */
export function randomUnitRows(rows: number, dim: number): Matrix {
  const data = new Float32Array(rows * dim)
  for (let start = 0; start < data.length; start += dim) {
    let squares = 0
    for (let i = start; i < start + dim; i++) {
      const value = Math.random() + Math.random() + Math.random() - 1.5
      data[i] = value
      squares += value * value
    }
    const factor = 1 / Math.sqrt(squares)
    for (let i = start; i < start + dim; i++) data[i] = (data[i] as number) * factor
  }
  return { rows, dim, data }
}

/** The bare products of two sides by the same engine in the same blocks: what no step over them can do without. */
export const bareProducts = async (blas: Blas, a: Matrix, b: Matrix): Promise<void> => await blas.eachBlock(a, b, () => {})

/**
 * How many times as long a step takes as its own matrix products alone, both measured in turn, so many times. By the clock where the machine
 * was ours, by CPU seconds where others worked too (see judge.ts); both are told.
 */
export async function againstProducts(bench: string, what: string, step: () => Promise<unknown>, products: () => Promise<unknown>, { rounds = 3, atMost = 3 } = {}): Promise<BenchResult> {
  const taken: { step: Spent; products: Spent }[] = []
  for (let round = 0; round < rounds; round++) taken.push({ products: await spent(products), step: await spent(step) })
  const ratio = (unit: 'wall' | 'cpu'): number => median(taken.map(({ step, products }) => step[unit] / products[unit]))
  const others = median(taken.map(({ step, products }) => (step.others + products.others) / 2))
  // Processor seconds are counted in hundredths: too coarse for products that take a few of them.
  const coarse = median(taken.map(({ products }) => products.cpu)) < 0.5
  const judged = others > quiet && !coarse ? 'cpu' : 'wall'
  const both = { wall: ratio('wall'), cpu: ratio('cpu') }
  console.log(`  ${what}: ${both[judged].toFixed(2)} x`)
  return { bench, what, ratio: both[judged], judged, ...both, others, target: { atMost }, unit: 'x', figures: { seconds: median(taken.map(({ step }) => step.wall)), 'product seconds': median(taken.map(({ products }) => products.wall)) } }
}
