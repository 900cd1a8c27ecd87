import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../../core/models/onnxGraph.ts'

/** Side of the square input in pixels. */
export const inputSize = 128

const orientations = 8
/** Sides of the pyramid on which gradients are measured: fine texture, parts, layout. */
const scales = [128, 64, 32] as const
const gradientGrids: Record<(typeof scales)[number], readonly number[]> = { 128: [4], 64: [4], 32: [4, 2] }
const colourGrids = [2, 1] as const
const weights = { gradient: 1, colour: 0.9 }
const epsilon = 1e-6

/** Collects nodes and constants; every method returns the name of the edge it made. */
class GraphWriter {
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxTensor[] = []
  #count = 0

  op(op: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = `${op.toLowerCase()}_${this.#count++}`
    this.nodes.push({ op, inputs, outputs: [output], attributes })
    return output
  }
  floats(dims: readonly number[], data: ArrayLike<number>): string {
    const name = `constant_${this.#count++}`
    this.constants.push({ name, type: 'float32', dims, data })
    return name
  }
  ints(data: readonly number[]): string {
    const name = `constant_${this.#count++}`
    this.constants.push({ name, type: 'int64', dims: [data.length], data })
    return name
  }
  scalar(value: number): string {
    return this.floats([], [value])
  }
}

/** 1 x 1 convolution: out = matrix * in (+ bias), matrix given by rows. */
function mix(graph: GraphWriter, input: string, rows: readonly (readonly number[])[], bias?: readonly number[]): string {
  const columns = rows[0]?.length ?? 0
  const inputs = [input, graph.floats([rows.length, columns, 1, 1], rows.flat())]
  if (bias) inputs.push(graph.floats([rows.length], bias))
  return graph.op('Conv', inputs)
}

/** Lightness and two opponent colours, all linear in RGB. */
const opponent = [
  [0.299, 0.587, 0.114],
  [1 / Math.SQRT2, -1 / Math.SQRT2, 0],
  [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)]
]

/** Half the size with a binomial 4 x 4 kernel; borders are repeated. */
function halve(graph: GraphWriter, input: string): string {
  const line = [1, 3, 3, 1]
  const kernel = line.flatMap((a) => line.map((b) => (a * b) / 64))
  const padded = graph.op('Pad', [input, graph.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' })
  return graph.op('Conv', [padded, graph.floats([1, 1, 4, 4], kernel)], { strides: [2, 2] })
}

/**
 * Energy of the gradient in 8 directions (without sign), N x 8 x side x side: |g| * cos^4 of the angle between gradient and direction, so
 * that an edge counts fully in its own direction and hardly in the next but one.
 */
function orientedEnergy(graph: GraphWriter, lightness: string): string {
  const sobelX = [-1, 0, 1, -2, 0, 2, -1, 0, 1]
  const sobelY = [-1, -2, -1, 0, 0, 0, 1, 2, 1]
  const directions = Array.from({ length: orientations }, (_, k) => (k * Math.PI) / orientations)
  const filters = directions.flatMap((angle) => sobelX.map((x, i) => (Math.cos(angle) * x + Math.sin(angle) * (sobelY[i] as number)) / 8))
  const padded = graph.op('Pad', [lightness, graph.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' })
  const along = graph.op('Conv', [padded, graph.floats([orientations, 1, 3, 3], filters)])
  const squared = graph.op('Mul', [along, along])
  // The squares over evenly spread directions sum to |g|^2 * orientations / 2.
  const total = graph.op('ReduceSum', [squared, graph.ints([1])], { keepdims: 1 })
  const magnitude2 = graph.op('Add', [graph.op('Mul', [total, graph.scalar(2 / orientations)]), graph.scalar(epsilon)])
  const magnitude3 = graph.op('Mul', [magnitude2, graph.op('Sqrt', [magnitude2])])
  return graph.op('Div', [graph.op('Mul', [squared, squared]), magnitude3])
}

/** Weights of `cells` overlapping triangular windows over `side` pixels, side x cells, each window summing to 1. */
function windows(side: number, cells: number): number[] {
  if (cells === 1) return Array.from({ length: side }, () => 1 / side)
  const width = side / cells
  const raw = Array.from({ length: side }, (_, x) =>
    Array.from({ length: cells }, (_, cell) => Math.max(0, 1 - Math.abs((x + 0.5) / width - (cell + 0.5)))))
  const sums = Array.from({ length: cells }, (_, cell) => raw.reduce((sum, row) => sum + (row[cell] as number), 0))
  return raw.flatMap((row) => row.map((value, cell) => value / (sums[cell] as number)))
}

/** Weighted means over a grid of cells x cells overlapping windows: N x C x side x side to N x C x cells x cells. */
function pool(graph: GraphWriter, input: string, side: number, cells: number): string {
  const matrix = windows(side, cells)
  const transposed = Array.from({ length: cells }, (_, cell) => Array.from({ length: side }, (_, x) => matrix[x * cells + cell] as number)).flat()
  const columns = graph.op('MatMul', [input, graph.floats([side, cells], matrix)])
  return graph.op('MatMul', [graph.floats([cells, side], transposed), columns])
}

/**
 * Makes a block of the descriptor: square root (so that one strong edge does not drown the rest), minus its own mean (so that unrelated
 * pictures have cosines around zero, not around one), length `weight`.
 */
function block(graph: GraphWriter, pooled: string, weight: number): string {
  const flat = graph.op('Flatten', [graph.op('Sqrt', [graph.op('Add', [pooled, graph.scalar(epsilon)])])], { axis: 1 })
  const centred = graph.op('Sub', [flat, graph.op('ReduceMean', [flat], { axes: [1], keepdims: 1 })])
  return unit(graph, centred, weight)
}

function unit(graph: GraphWriter, flat: string, weight: number): string {
  const length = graph.op('Sqrt', [graph.op('Add', [graph.op('ReduceSum', [graph.op('Mul', [flat, flat]), graph.ints([1])], { keepdims: 1 }), graph.scalar(epsilon)])])
  return graph.op('Mul', [graph.op('Div', [flat, length]), graph.scalar(weight)])
}

/** Colours that a pixel is softly named after: 5 greys, and 12 hues each in two strengths. In the space of `opponent`. */
function colourNames(): number[][] {
  const names = [0.05, 0.27, 0.5, 0.73, 0.95].map((light) => [light, 0, 0])
  for (let hue = 0; hue < 12; hue++) {
    const angle = (hue * Math.PI) / 6
    for (const chroma of [0.15, 0.4]) names.push([0.5, chroma * Math.cos(angle), chroma * Math.sin(angle)])
  }
  return names
}

/** Soft histogram of colour names, N x names x side x side. softmax(-|x - p|^2 / s) needs no |x|^2: it is the same for every name. */
function softColours(graph: GraphWriter, colours: string): string {
  const softness = 0.02
  const names = colourNames()
  const stretch = [0.7, 1, 1]
  const rows = names.map((name) => name.map((value, i) => (2 * value * (stretch[i] as number)) / softness))
  const bias = names.map((name) => -name.reduce((sum, value, i) => sum + value * value * (stretch[i] as number), 0) / softness)
  return graph.op('Softmax', [mix(graph, colours, rows, bias)], { axis: 1 })
}

/** The whole graph: image N x 3 x 128 x 128 (RGB, 0 to 1) to descriptor N x dim, of length 1. */
export function basicGraph(): { model: OnnxModel; dim: number } {
  const graph = new GraphWriter()
  const colours = mix(graph, 'image', opponent)
  const light = mix(graph, 'image', [opponent[0] as number[]])
  // Zero mean and unit variance per picture: brightness and contrast do not count.
  const normalised = graph.op('InstanceNormalization', [light, graph.floats([1], [1]), graph.floats([1], [0])], { epsilon: { float: 1e-3 } })
  const parts: string[] = []
  let dim = 0
  let level = normalised
  for (const side of scales) {
    if (side !== scales[0]) level = halve(graph, level)
    const energy = orientedEnergy(graph, level)
    for (const cells of gradientGrids[side]) {
      parts.push(block(graph, pool(graph, energy, side, cells), weights.gradient))
      dim += orientations * cells * cells
    }
  }
  const half = graph.op('AveragePool', [colours], { kernel_shape: [4, 4], strides: [4, 4] })
  const named = softColours(graph, half)
  for (const cells of colourGrids) {
    parts.push(block(graph, pool(graph, named, inputSize / 4, cells), weights.colour))
    dim += colourNames().length * cells * cells
  }
  const last = unit(graph, graph.op('Concat', parts, { axis: 1 }), 1)
  graph.nodes.push({ op: 'Identity', inputs: [last], outputs: ['descriptor'] })
  return {
    dim,
    model: {
      name: 'winnow-basic',
      inputs: [{ name: 'image', type: 'float32', dims: ['N', 3, inputSize, inputSize] }],
      outputs: [{ name: 'descriptor', type: 'float32', dims: ['N', dim] }],
      constants: graph.constants,
      nodes: graph.nodes
    }
  }
}
