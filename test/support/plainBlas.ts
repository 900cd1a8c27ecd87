import type { Matrix } from '../../core/domain/matrix.ts'
import { emptyLists, type RankedLists } from '../../core/domain/rankedLists.ts'
import { type Blas, checkSameDim, type NearestOptions, type ProductBlock, type ProductOptions } from '../../core/search/blas.ts'

/** One product after the other in double precision: for tests, without ONNX Runtime and without cleverness. */
export class PlainBlas implements Blas {
  readonly provider = 'plain'

  async product(a: Matrix, b: Matrix, { minus }: ProductOptions = {}): Promise<Float32Array> {
    checkSameDim(a, b)
    if (minus) return await this.product({ ...a, data: a.data.map((value, i) => value - (minus[i % a.dim] as number)) }, b)
    const out = new Float32Array(a.rows * b.rows)
    for (let i = 0; i < a.rows; i++) for (let j = 0; j < b.rows; j++) out[i * b.rows + j] = inner(a, i, b, j)
    return out
  }

  async columnProduct(a: Matrix, b: Matrix): Promise<Float64Array> {
    if (a.rows !== b.rows) throw new RangeError('The rows differ.')
    const sums = new Float64Array(a.dim * b.dim)
    for (let row = 0; row < a.rows; row++) {
      for (let i = 0; i < a.dim; i++) for (let j = 0; j < b.dim; j++) sums[i * b.dim + j] = (sums[i * b.dim + j] as number) + (a.data[row * a.dim + i] as number) * (b.data[row * b.dim + j] as number)
    }
    return sums
  }

  /** Small blocks, so that tests meet their edges. */
  async eachBlock(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void): Promise<void> {
    const all = await this.product(a, b)
    for (let fromA = 0; fromA < a.rows; fromA += 3) {
      for (let fromB = 0; fromB < b.rows; fromB += 4) {
        const rows = Math.min(3, a.rows - fromA)
        const columns = Math.min(4, b.rows - fromB)
        const values = Float32Array.from({ length: rows * columns }, (_, i) => all[(fromA + Math.floor(i / columns)) * b.rows + fromB + (i % columns)] as number)
        visit({ values, fromA, rows, fromB, columns })
      }
    }
  }

  async nearest(queries: Matrix, references: Matrix, k: number, { exclude }: NearestOptions = {}): Promise<RankedLists> {
    const scores = await this.product(queries, references)
    const lists = emptyLists(queries.rows, k)
    for (let q = 0; q < queries.rows; q++) {
      const score = (reference: number): number => scores[q * references.rows + reference] as number
      const order = Array.from({ length: references.rows }, (_, i) => i)
        .filter((i) => !exclude || exclude.references[i] !== exclude.queries[q])
        .sort((x, y) => score(y) - score(x) || x - y)
        .slice(0, k)
      for (const [rank, reference] of order.entries()) {
        lists.indices[q * k + rank] = reference
        lists.scores[q * k + rank] = score(reference)
      }
    }
    return lists
  }
}

function inner(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0
  for (let d = 0; d < a.dim; d++) sum += (a.data[i * a.dim + d] as number) * (b.data[j * b.dim + d] as number)
  return sum
}
