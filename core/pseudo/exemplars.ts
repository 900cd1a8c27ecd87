/** Rows of one class, as a matrix: `vectors` is n x dim, row-major. */
export interface ClassSample {
  readonly imageIds: Int32Array
  readonly vectors: Float32Array
  readonly dim: number
}

/**
 * The `count` images that stand best for a class: those nearest, by cosine, to the mean of its unit vectors; equal ones by the smaller id.
 */
export function exemplarsOf({ imageIds, vectors, dim }: ClassSample, count: number): number[] {
  const norms = Float64Array.from(imageIds, (_, row) => Math.hypot(...vectors.subarray(row * dim, (row + 1) * dim)) || 1)
  const mean = new Float64Array(dim)
  for (let row = 0; row < imageIds.length; row++) {
    for (let i = 0; i < dim; i++) mean[i] = (mean[i] ?? 0) + (vectors[row * dim + i] ?? 0) / (norms[row] ?? 1)
  }
  const scores = Float64Array.from(imageIds, (_, row) => {
    let dot = 0
    for (let i = 0; i < dim; i++) dot += (mean[i] ?? 0) * (vectors[row * dim + i] ?? 0)
    return dot / (norms[row] ?? 1)
  })
  return [...imageIds.keys()]
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (imageIds[a] ?? 0) - (imageIds[b] ?? 0))
    .slice(0, count)
    .map((row) => imageIds[row] ?? 0)
}

/** Places 0..length-1, at most `most` of them, evenly spaced from the first. */
export const evenly = (length: number, most: number): number[] =>
  Array.from({ length: Math.min(length, most) }, (_, i) => (length <= most ? i : Math.floor((i * length) / most)))
