import type { Matrix } from '../domain/matrix.ts'
import type { RankedLists } from '../domain/rankedLists.ts'

export interface BlasOptions {
  /** Looked at between blocks; its reason is thrown. */
  readonly signal?: AbortSignal
}

export interface ProductOptions extends BlasOptions {
  /** Taken off every row of a first (a.dim values): a mean far from zero would eat the digits of the product. */
  readonly minus?: Float32Array
}

export interface NearestOptions extends BlasOptions {
  /**
   * A reference is passed over for a query when the two have the same number here (image ids: an image is not its own neighbour, and
   * neither is another part of it). One number a row.
   */
  readonly exclude?: { readonly queries: ArrayLike<number>; readonly references: ArrayLike<number> }
}

/** A part of a product: `values[i * columns + j]` is the inner product of row `fromA + i` of a and row `fromB + j` of b. */
export interface ProductBlock {
  /** Written over by the next block: do not keep. */
  readonly values: Float32Array
  readonly fromA: number
  readonly rows: number
  readonly fromB: number
  readonly columns: number
}

/**
 * Products of matrices that are too large for loops of JavaScript. Values must be finite (BAD_INPUT names the row that is not) and both
 * sides equally wide (RangeError). Products are float32 and may be off by `tolerance`; `nearest` is exact.
 */
export interface Blas {
  /** What computes: "cpu", "cuda"… */
  readonly provider: string
  /** a bᵀ: a.rows x b.rows, row-major. */
  product(a: Matrix, b: Matrix, options?: ProductOptions): Promise<Float32Array>
  /** aᵀ b over equally many rows: a.dim x b.dim, row-major; in double precision. */
  columnProduct(a: Matrix, b: Matrix, options?: BlasOptions): Promise<Float64Array>
  /** The product a bᵀ block by block, for what need not be held whole: all blocks of b for the first rows of a, then for the next. */
  eachBlock(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void, options?: BlasOptions): Promise<void>
  /**
   * For each query its k references of the greatest inner product (not cosine: normalise first where that is meant), scored again in
   * double precision and rounded to float32; equal scores stand in the order of the smaller row. Where there are fewer than k, -1.
   */
  nearest(queries: Matrix, references: Matrix, k: number, options?: NearestOptions): Promise<RankedLists>
}

/** How far a float32 sum of `dim` products of rows of these lengths may lie from the true one, whatever the order of summing. */
export const tolerance = (dim: number, lengthA: number, lengthB: number): number => (dim + 16) * 2 ** -24 * lengthA * lengthB

export function checkSameDim(a: Matrix, b: Matrix): void {
  if (a.dim !== b.dim) throw new RangeError(`Rows of ${a.dim} and of ${b.dim} values have no inner product.`)
}
