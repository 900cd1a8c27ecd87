import { createHash } from 'node:crypto'
import { modelCard, type ModelCard } from '../../../core/contract/models.ts'
import { onnxModel, type OnnxModel, type OnnxNode, type OnnxTensor, type OnnxValue } from '../../../core/models/onnxGraph.ts'

export const side = 16

interface Tiny {
  readonly nodes: readonly OnnxNode[]
  readonly constants?: readonly OnnxTensor[]
  readonly inputs?: readonly OnnxValue[]
  readonly output?: readonly (number | string)[]
  /** Instead of `output`, with names of their own. */
  readonly outputs?: readonly OnnxValue[]
}

/** An ONNX file whose input is `picture` (N x 3 x 16 x 16) and whose output is `vector`. */
export function tinyModel({ nodes, constants = [], inputs, output = ['N', 3], outputs }: Tiny): Uint8Array {
  const model: OnnxModel = {
    name: 'tiny', nodes, constants,
    inputs: inputs ?? [{ name: 'picture', type: 'float32', dims: ['N', 3, side, side] }],
    outputs: outputs ?? [{ name: 'vector', type: 'float32', dims: output }]
  }
  return onnxModel(model)
}

/** Mean of each channel: N x 3. */
export const channelMeans = tinyModel({
  nodes: [{ op: 'ReduceMean', inputs: ['picture'], outputs: ['vector'], attributes: { axes: [2, 3], keepdims: 0 } }]
})

export function cardFor(bytes: Uint8Array, changes: Partial<Omit<ModelCard, 'output'>> & { output?: Partial<ModelCard['output']> } = {}): ModelCard {
  return modelCard.parse({
    id: 'tiny', name: 'Tiny', file: 'model.onnx', sha256: createHash('sha256').update(bytes).digest('hex'),
    input: { name: 'picture', width: side, height: side }, licence: 'MIT', source: 'a test', ...changes,
    output: { name: 'vector', dim: 3, ...changes.output }
  })
}

/** The same for pictures of any size. */
export const anySize = tinyModel({
  nodes: [{ op: 'ReduceMean', inputs: ['picture'], outputs: ['vector'], attributes: { axes: [2, 3], keepdims: 0 } }],
  inputs: [{ name: 'picture', type: 'float32', dims: ['N', 3, 'H', 'W'] }]
})
