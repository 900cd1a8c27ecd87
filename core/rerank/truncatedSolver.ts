import type { SparseRows } from './sparseRows.ts'

export interface SolveOptions {
  /** Relative residual at which the iteration ends. fyang93/diffusion: 1e-6. */
  readonly tolerance: number
  /** The iteration ends here in any case, and what it has then is the result: more iterations give another ranking. fyang93/diffusion: 20. */
  readonly iterations: number
}

/**
 * Solves (I - S)[ids, ids] · f = e_1 by conjugate gradients (Hestenes and Stiefel, as SciPy's `cg` counts and stops), in double precision, for one truncated
 * sub-graph after the other. S is sparse with a symmetric pattern; of the sub-graph only what hangs together with ids[0] is touched: f is 0 elsewhere, exactly.
 */
export class TruncatedSolver {
  readonly #graph: SparseRows
  readonly #options: SolveOptions
  /** Of each row of the graph: 0 outside the truncation, -1 inside, place + 1 once it is reached. */
  readonly #place: Int32Array
  #edges: { column: Int32Array; value: Float32Array }
  #starts: Int32Array
  #vectors: readonly [x: Float64Array, r: Float64Array, p: Float64Array, q: Float64Array]
  /** The rows that hang together with the first, itself first. */
  reached: Int32Array
  count = 0

  constructor(graph: SparseRows, options: SolveOptions) {
    this.#graph = graph
    this.#options = options
    this.#place = new Int32Array(graph.rows)
    this.#edges = { column: new Int32Array(1024), value: new Float32Array(1024) }
    this.#starts = new Int32Array(1)
    this.reached = new Int32Array(0)
    this.#vectors = [new Float64Array(0), new Float64Array(0), new Float64Array(0), new Float64Array(0)]
  }

  /** f of `reached[0..count)`; written over by the next call. `ids` may end in -1. */
  solve(ids: Int32Array): Float64Array {
    if (this.reached.length < ids.length) {
      this.reached = new Int32Array(ids.length)
      this.#starts = new Int32Array(ids.length + 1)
      this.#vectors = [new Float64Array(ids.length), new Float64Array(ids.length), new Float64Array(ids.length), new Float64Array(ids.length)]
    }
    this.#cut(ids)
    this.#iterate()
    return this.#vectors[0]
  }

  /** Walks the truncated graph from its first row and lays its edges out by place. */
  #cut(ids: Int32Array): void {
    const place = this.#place
    const { starts, indices, values } = this.#graph
    const { reached } = this
    this.count = 0
    for (const id of ids) if (id >= 0) place[id] = -1
    const first = ids[0] ?? -1
    if (first >= 0) {
      reached[this.count++] = first
      place[first] = this.count
    }
    let edge = 0
    for (let at = 0; at < this.count; at++) {
      const row = reached[at] as number
      const end = starts[row + 1] as number
      const begin = starts[row] as number
      this.#makeRoom(edge + end - begin)
      const { column, value } = this.#edges
      this.#starts[at] = edge
      for (let from = begin; from < end; from++) {
        const other = indices[from] as number
        let to = place[other] as number
        if (to === 0) continue
        if (to < 0) {
          reached[this.count++] = other
          to = this.count
          place[other] = to
        }
        column[edge] = to - 1
        value[edge++] = values[from] as number
      }
    }
    this.#starts[this.count] = edge
    for (const id of ids) if (id >= 0) place[id] = 0
  }

  #makeRoom(edges: number): void {
    if (edges <= this.#edges.column.length) return
    const length = Math.max(edges, this.#edges.column.length * 2)
    const column = new Int32Array(length)
    const value = new Float32Array(length)
    column.set(this.#edges.column)
    value.set(this.#edges.value)
    this.#edges = { column, value }
  }

  #iterate(): void {
    const n = this.count
    const [x, r, p, q] = this.#vectors
    const { column, value } = this.#edges
    const starts = this.#starts
    x.fill(0, 0, n)
    r.fill(0, 0, n)
    if (n === 0) return
    // The right side is e_1 of length 1, so the relative tolerance is the absolute one.
    r[0] = 1
    let rho = 1
    let lastRho = 1
    for (let iteration = 0; iteration < this.#options.iterations; iteration++) {
      const beta = iteration === 0 ? 0 : rho / lastRho
      for (let i = 0; i < n; i++) p[i] = iteration === 0 ? (r[i] as number) : (r[i] as number) + beta * (p[i] as number)
      let pq = 0
      for (let i = 0; i < n; i++) {
        let sum = 0
        const end = starts[i + 1] as number
        for (let edge = starts[i] as number; edge < end; edge++) sum += (value[edge] as number) * (p[column[edge] as number] as number)
        const product = (p[i] as number) - sum
        q[i] = product
        pq += (p[i] as number) * product
      }
      const step = rho / pq
      lastRho = rho
      rho = 0
      for (let i = 0; i < n; i++) {
        x[i] = (x[i] as number) + step * (p[i] as number)
        const residual = (r[i] as number) - step * (q[i] as number)
        r[i] = residual
        rho += residual * residual
      }
      if (Math.sqrt(rho) <= this.#options.tolerance) return
    }
  }
}
