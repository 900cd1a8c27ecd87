import type { RgbPixels } from '../images/rawPixels.ts'

export interface SegmentOptions {
  /** Larger: larger segments. The paper's k, for colours of 0..255. */
  readonly scale: number
  /** Standard deviation in pixels of the Gaussian that smooths the picture first. */
  readonly sigma: number
  /** Segments of fewer pixels are joined with a neighbour. */
  readonly minSize: number
}

export interface Segments {
  /** Number of segments. */
  readonly count: number
  /** width x height: the segment of each pixel, 0..count-1, numbered in the order in which rows from the top first meet them. */
  readonly labels: Int32Array
}

/**
 * Graph-based segmentation: Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 59(2), 2004; on 8 neighbours with Euclidean
 * distance of colours, and with the conventions of skimage.segmentation.felzenszwalb (colours 0..1, k = scale / 255, inner costs compared in single
 * precision), which `selectivesearch` uses. Differs from it only where two edges cost exactly the same: there NumPy's unstable sort decides, here the edge
 * that stands first (right, down, right-down, right-up; rows from the top).
 */
export function segmentGraph(pixels: RgbPixels, { scale, sigma, minSize }: SegmentOptions): Segments {
  const { width, height } = pixels
  const count = width * height
  const { costs, offsets } = edgeCosts(smoothed(pixels, sigma), width, height)
  const forest = new Forest(count)
  const inner = new Float64Array(count)
  const k = scale / 255
  // Edges between segments that were not joined, in their order: the only ones that the second round can use.
  const left: number[] = []
  for (const edge of ascending(costs)) {
    const kind = Math.floor(edge / count)
    const from = edge - kind * count
    const a = forest.root(from)
    const b = forest.root(from + (offsets[kind] as number))
    if (a === b) continue
    const cost = costs[edge] as number
    const most = Math.min(Math.fround((inner[a] as number) + k / (forest.size[a] as number)), Math.fround((inner[b] as number) + k / (forest.size[b] as number)))
    if (cost < most) inner[forest.join(a, b)] = cost
    else left.push(edge)
  }
  for (const edge of left) {
    const kind = Math.floor(edge / count)
    const from = edge - kind * count
    const a = forest.root(from)
    const b = forest.root(from + (offsets[kind] as number))
    if (a !== b && ((forest.size[a] as number) < minSize || (forest.size[b] as number) < minSize)) forest.join(a, b)
  }
  return forest.labels()
}

/** Sets of pixels; the root of a set is its first pixel, so that numbers do not depend on the order of joining. */
class Forest {
  readonly size: Int32Array
  readonly #parent: Int32Array

  constructor(count: number) {
    this.size = new Int32Array(count).fill(1)
    this.#parent = Int32Array.from({ length: count }, (_, i) => i)
  }

  root(pixel: number): number {
    const parent = this.#parent
    let at = pixel
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number
      at = parent[at] as number
    }
    return at
  }

  /** Joins the sets of two roots and returns the new root. */
  join(a: number, b: number): number {
    const root = Math.min(a, b)
    const other = Math.max(a, b)
    this.#parent[other] = root
    this.size[root] = (this.size[a] as number) + (this.size[b] as number)
    return root
  }

  labels(): Segments {
    const labels = new Int32Array(this.#parent.length)
    let count = 0
    for (let i = 0; i < labels.length; i++) {
      const root = this.root(i)
      labels[i] = root === i ? count++ : (labels[root] as number)
    }
    return { count, labels }
  }
}

interface Edges {
  /** The distance of colours of edge (kind x pixels + first pixel); -1 where there is no such edge. */
  readonly costs: Float64Array
  /** From the first pixel of an edge to its second, by kind. */
  readonly offsets: readonly number[]
}

/** Every pair of 8-neighbours: right, down, right-down, right-up. */
function edgeCosts(image: Float64Array, width: number, height: number): Edges {
  const kinds = [[1, 0], [0, 1], [1, 1], [1, -1]] as const
  const count = width * height
  const costs = new Float64Array(count * kinds.length).fill(-1)
  for (const [kind, [dx, dy]] of kinds.entries()) {
    const offset = dy * width + dx
    const lastRow = height - Math.max(0, dy)
    for (let y = Math.max(0, -dy); y < lastRow; y++) {
      for (let x = 0, a = y * width; x < width - dx; x++, a++) {
        const b = a + offset
        const red = (image[b * 3] as number) - (image[a * 3] as number)
        const green = (image[b * 3 + 1] as number) - (image[a * 3 + 1] as number)
        const blue = (image[b * 3 + 2] as number) - (image[a * 3 + 2] as number)
        costs[kind * count + a] = Math.sqrt(red * red + green * green + blue * blue)
      }
    }
  }
  return { costs, offsets: kinds.map(([dx, dy]) => dy * width + dx) }
}

const digitBits = 11

/** Indices of the keys that are not negative, by ascending key, equal keys in their order: radix sort on their bits in single precision, then the few that differ only beyond it. */
function ascending(keys: Float64Array): Uint32Array {
  const count = keys.reduce((sum, key) => (key < 0 ? sum : sum + 1), 0)
  let order = new Uint32Array(count)
  const single = new Float32Array(count)
  for (let i = 0, at = 0; i < keys.length; i++) {
    if ((keys[i] as number) < 0) continue
    single[at] = keys[i] as number
    order[at++] = i
  }
  // The bits of positive floats are in the order of their values.
  let bits = new Uint32Array(single.buffer)
  let [nextBits, nextOrder] = [new Uint32Array(count), new Uint32Array(count)]
  for (let shift = 0; shift < 32; shift += digitBits) {
    const starts = new Uint32Array((1 << digitBits) + 1)
    const mask = (1 << digitBits) - 1
    for (let i = 0; i < count; i++) starts[(((bits[i] as number) >>> shift) & mask) + 1]!++
    for (let value = 1; value < starts.length; value++) starts[value]! += starts[value - 1] as number
    for (let i = 0; i < count; i++) {
      const key = bits[i] as number
      const to = starts[(key >>> shift) & mask]!++
      nextBits[to] = key
      nextOrder[to] = order[i] as number
    }
    ;[bits, nextBits] = [nextBits, bits]
    ;[order, nextOrder] = [nextOrder, order]
  }
  for (let from = 0; from < count; ) {
    let to = from + 1
    let differ = false
    for (; to < count && bits[to] === bits[from]; to++) differ ||= keys[order[to] as number] !== keys[order[from] as number]
    if (differ) order.subarray(from, to).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
    from = to
  }
  return order
}

/** Gaussian blur of colours 0..1 in double precision, cut off at 4 sigma; beyond the border the picture is mirrored (the last pixel twice). */
function smoothed({ width, height, data }: RgbPixels, sigma: number): Float64Array {
  const image = Float64Array.from(data, (value) => value * (1 / 255))
  if (!(sigma > 0)) return image
  const radius = Math.floor(4 * sigma + 0.5)
  const weights = Float64Array.from({ length: radius * 2 + 1 }, (_, i) => Math.exp((-0.5 / (sigma * sigma)) * (i - radius) ** 2))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  for (const [i, weight] of weights.entries()) weights[i] = weight / sum
  const rowsDone = blurLines(image, { lines: width, length: height, lineStep: 3, step: width * 3 }, weights)
  return blurLines(rowsDone, { lines: height, length: width, lineStep: width * 3, step: 3 }, weights)
}

interface Lines {
  readonly lines: number
  readonly length: number
  /** Values from one line to the next, and from one pixel of a line to the next. */
  readonly lineStep: number
  readonly step: number
}

function blurLines(image: Float64Array, { lines, length, lineStep, step }: Lines, weights: Float64Array): Float64Array {
  const radius = (weights.length - 1) / 2
  const out = new Float64Array(image.length)
  const mirrored = Int32Array.from({ length: length + radius * 2 }, (_, i) => mirror(i - radius, length) * step)
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = line * lineStep + channel
      for (let i = 0; i < length; i++) {
        // The middle, then from the outside in, both sides together: the order in which SciPy adds them up.
        let value = (image[start + (mirrored[i + radius] as number)] as number) * (weights[radius] as number)
        for (let j = radius; j >= 1; j--) {
          const both = (image[start + (mirrored[i + radius - j] as number)] as number) + (image[start + (mirrored[i + radius + j] as number)] as number)
          value += both * (weights[radius - j] as number)
        }
        out[start + i * step] = value
      }
    }
  }
  return out
}

/** … 1 0 | 0 1 2 … n-1 | n-1 n-2 …, however far out. */
function mirror(index: number, length: number): number {
  const at = ((index % (length * 2)) + length * 2) % (length * 2)
  return at < length ? at : length * 2 - 1 - at
}
