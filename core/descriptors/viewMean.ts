import type { ViewPlan } from '../contract/views.ts'

/**
 * One vector of those of the views of a picture: `views` holds count x dim values, row-major, as the model gave them. See `viewPlan.combine`.
 * The mean of unnormalised vectors stays as long as it is unless `normalise`; the other two are of unit length anyway. A vector without
 * length stays zero.
 */
export function combineViews(views: Float32Array, dim: number, combine: ViewPlan['combine'], normalise: boolean): Float32Array {
  const count = views.length / dim
  const lengths = Float64Array.from({ length: count }, (_, view) => (combine === 'mean' ? 1 : lengthOf(views.subarray(view * dim, (view + 1) * dim)) || 1))
  if (combine === 'concatenate') return Float32Array.from(views, (value, i) => value / (lengths[Math.floor(i / dim)] as number) / Math.sqrt(count))
  const mean = new Float64Array(dim)
  for (let view = 0, i = 0; view < count; view++) for (let d = 0; d < dim; d++) mean[d] = (mean[d] as number) + (views[i++] as number) / (lengths[view] as number) / count
  const length = combine === 'mean-of-unit' || normalise ? lengthOf(mean) || 1 : 1
  return Float32Array.from(mean, (value) => value / length)
}

function lengthOf(vector: Float32Array | Float64Array): number {
  let squares = 0
  for (const value of vector) squares += value * value
  return Math.sqrt(squares)
}
