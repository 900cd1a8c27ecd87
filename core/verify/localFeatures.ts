/**
 * The local features of one image: where its keypoints lie and what each of them looks like.
 * Points are pixels of the whole image, upright (EXIF applied): (0, 0) is the middle of the top left pixel, x to the right, y down.
 */
export interface LocalFeatures {
  /** The upright image, in pixels. */
  readonly width: number
  readonly height: number
  /** Pixels of the whole image for one pixel of the (shrunk) picture in which the features were found: what a feature's place is uncertain by. At least 1. */
  readonly shrink: number
  /** x0, y0, x1, y1, … */
  readonly points: Float32Array
  /** The detector's response, higher is stronger; one a point. */
  readonly scores: Float32Array
  readonly descriptors: Descriptors
}

/** Row-major, one row a point. Binary descriptors are compared by the number of bits that differ, the others by Euclid's distance. */
export type Descriptors =
  | { readonly kind: 'binary'; readonly bytes: number; readonly data: Uint8Array }
  | { readonly kind: 'float'; readonly dim: number; readonly data: Float32Array }

export const countOf = ({ scores }: LocalFeatures): number => scores.length

/** Values a row: bytes of a binary descriptor, numbers of the others. */
export const widthOf = (descriptors: Descriptors): number => (descriptors.kind === 'binary' ? descriptors.bytes : descriptors.dim)

/** What does not fit in them, as a sentence; null where all is well. Files, models and other programs are asked this before their features are used. */
export function featureProblem({ width, height, shrink, points, scores, descriptors }: LocalFeatures): string | null {
  if (!(shrink > 0 && Number.isFinite(shrink))) return `a shrink factor of ${shrink} cannot be`
  const n = scores.length
  if (points.length !== 2 * n) return `${points.length} coordinates are not two for each of ${n} points`
  if (descriptors.data.length !== n * widthOf(descriptors)) return `${descriptors.data.length} descriptor values are not ${widthOf(descriptors)} for each of ${n} points`
  if (!points.every(Number.isFinite)) return 'a coordinate is not a finite number'
  if (!scores.every(Number.isFinite)) return 'a score is not a finite number'
  if (descriptors.kind === 'float' && !descriptors.data.every(Number.isFinite)) return 'a descriptor value is not a finite number'
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) return `an image of ${width} x ${height} pixels cannot be`
  return null
}

/** The `most` strongest features (by score; equal ones in their order), still in the order in which they came. */
export function strongest(features: LocalFeatures, most: number): LocalFeatures {
  const n = countOf(features)
  if (n <= most) return features
  const { points, scores, descriptors } = features
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  const kept = order.slice(0, most).sort()
  return {
    ...features,
    points: rows(points, 2, kept, new Float32Array(2 * most)),
    scores: rows(scores, 1, kept, new Float32Array(most)),
    descriptors: descriptors.kind === 'binary'
      ? { ...descriptors, data: rows(descriptors.data, descriptors.bytes, kept, new Uint8Array(most * descriptors.bytes)) }
      : { ...descriptors, data: rows(descriptors.data, descriptors.dim, kept, new Float32Array(most * descriptors.dim)) }
  }
}

function rows<T extends Float32Array | Uint8Array>(from: T, width: number, kept: Uint32Array, to: T): T {
  for (const [at, row] of kept.entries()) to.set(from.subarray(row * width, (row + 1) * width) as never, at * width)
  return to
}
