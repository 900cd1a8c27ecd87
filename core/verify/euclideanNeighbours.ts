import type { Neighbours } from './hammingKernel.ts'

/** Nearest neighbours among descriptors of `dim` numbers, by the square of Euclid's distance, summed in double precision. */
export function euclideanNeighbours(queries: Float32Array, references: Float32Array, dim: number): Neighbours {
  const [nq, nr] = [queries.length / dim, references.length / dim]
  const found: Neighbours = { best: new Float64Array(nq).fill(Infinity), runnerUp: new Float64Array(nq).fill(Infinity), place: new Int32Array(nq).fill(-1), back: new Int32Array(nr).fill(-1) }
  const backBest = new Float64Array(nr).fill(Infinity)
  const whole = dim - (dim % 4)
  for (let i = 0; i < nq; i++) {
    const q = i * dim
    let best = Infinity
    let runnerUp = Infinity
    let place = -1
    for (let j = 0; j < nr; j++) {
      const r = j * dim
      // Four sums, so that one addition need not wait for the last.
      let [s0, s1, s2, s3] = [0, 0, 0, 0]
      for (let d = 0; d < whole; d += 4) {
        const d0 = (queries[q + d] as number) - (references[r + d] as number)
        const d1 = (queries[q + d + 1] as number) - (references[r + d + 1] as number)
        const d2 = (queries[q + d + 2] as number) - (references[r + d + 2] as number)
        const d3 = (queries[q + d + 3] as number) - (references[r + d + 3] as number)
        s0 += d0 * d0
        s1 += d1 * d1
        s2 += d2 * d2
        s3 += d3 * d3
      }
      for (let d = whole; d < dim; d++) s0 += ((queries[q + d] as number) - (references[r + d] as number)) ** 2
      const distance = s0 + s1 + (s2 + s3)
      if (distance < runnerUp) {
        if (distance < best) {
          runnerUp = best
          best = distance
          place = j
        } else runnerUp = distance
      }
      if (distance < (backBest[j] as number)) {
        backBest[j] = distance
        found.back[j] = i
      }
    }
    found.best[i] = best
    found.runnerUp[i] = runnerUp
    found.place[i] = place
  }
  return found
}
