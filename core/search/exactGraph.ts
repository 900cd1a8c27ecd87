import { onnxModel, type OnnxValue } from '../models/onnxGraph.ts'

const floatCast = 1
const inputs: readonly OnnxValue[] = [
  { name: 'queries', type: 'float32', dims: ['n', 'dim'] },
  { name: 'references', type: 'float32', dims: ['m', 'dim'] }
]
const product = { op: 'Gemm', inputs: ['queries', 'references'], outputs: ['similarities'], attributes: { transB: 1 } } as const

/** n x m similarities of n queries and m references. */
export const productGraph = (): Uint8Array =>
  onnxModel({ name: 'similarities', inputs, outputs: [{ name: 'similarities', type: 'float32', dims: ['n', 'm'] }], nodes: [product] })

/** As productGraph, of queries less one row that is taken off each. */
export const centredProductGraph = (): Uint8Array =>
  onnxModel({
    name: 'centred-similarities',
    inputs: [...inputs, { name: 'minus', type: 'float32', dims: ['dim'] }],
    outputs: [{ name: 'similarities', type: 'float32', dims: ['n', 'm'] }],
    nodes: [{ op: 'Sub', inputs: ['queries', 'minus'], outputs: ['centred'] }, { ...product, inputs: ['centred', 'references'] }]
  })

/** The k greatest of each row of the product, with their columns (as float32: exact below 2^24 columns, and no BigInt on the way). */
export const nearestGraph = (): Uint8Array =>
  onnxModel({
    name: 'nearest',
    inputs: [...inputs, { name: 'k', type: 'int64', dims: [1] }],
    outputs: [{ name: 'values', type: 'float32', dims: ['n', 'k_'] }, { name: 'columns', type: 'float32', dims: ['n', 'k_'] }],
    nodes: [
      product,
      { op: 'TopK', inputs: ['similarities', 'k'], outputs: ['values', 'columns64'], attributes: { axis: -1, largest: 1, sorted: 1 } },
      { op: 'Cast', inputs: ['columns64'], outputs: ['columns'], attributes: { to: floatCast } }
    ]
  })

const doubleCast = 11

/** aᵀ b over the same rows, computed in double: the sums that a covariance or a gradient is made of lose their small directions in float32. */
export const columnProductGraph = (): Uint8Array =>
  onnxModel({
    name: 'column-sums',
    inputs: [{ name: 'a', type: 'float32', dims: ['rows', 'n'] }, { name: 'b', type: 'float32', dims: ['rows', 'm'] }],
    outputs: [{ name: 'sums', type: 'float64', dims: ['n', 'm'] }],
    nodes: [
      { op: 'Cast', inputs: ['a'], outputs: ['a64'], attributes: { to: doubleCast } },
      { op: 'Cast', inputs: ['b'], outputs: ['b64'], attributes: { to: doubleCast } },
      { op: 'Gemm', inputs: ['a64', 'b64'], outputs: ['sums'], attributes: { transA: 1 } }
    ]
  })
