import { expect, test } from 'vitest'
import { draftCard, idFrom } from '../../../core/models/draftCard.ts'
import type { Signature } from '../../../core/models/trial.process.ts'

const signature = (shape: (number | string)[], changes: Partial<Signature> = {}): Signature =>
  ({ inputs: [{ name: 'x', type: 'float32', shape }], outputs: [{ name: 'y', type: 'float32', shape: ['N', 512] }], ran: null, ...changes })
const draft = (s: Signature, sidecar: Parameters<typeof draftCard>[3] = null): ReturnType<typeof draftCard> => draftCard('/m/imagenet_dinov2.onnx', 'a'.repeat(64), s, sidecar)
const fields = ({ questions }: ReturnType<typeof draftCard>): string[] => questions.map(({ field }) => field)

test('layout, size and length come from the shapes; nothing is guessed from a telling name', () => {
  const nchw = draft(signature(['N', 3, 160, 192]))
  expect(nchw.draft).toMatchObject({ input: { layout: 'NCHW', height: 160, width: 192 }, output: { name: 'y', dim: 512, pooling: 'none' }, scale: 1, mean: [0, 0, 0], std: [1, 1, 1] })
  expect(fields(nchw)).toEqual(['resize.mode', 'mean', 'colour', 'licence', 'source'])
  expect(draft(signature([1, 128, 96, 3])).draft.input).toMatchObject({ layout: 'NHWC', height: 128, width: 96 })
})

test('open sizes, several outputs and maps are asked about; a run on a black picture gives the length', () => {
  const open = draft(signature(['N', 3, 'h', 'w'], {
    outputs: [{ name: 'tokens', type: 'float32', shape: ['N', 't', 'd'] }, { name: 'names', type: 'int64', shape: ['N'] }], ran: { tokens: [1, 257, 384] }
  }))
  expect(open.draft.output).toMatchObject({ name: 'tokens', dim: 384, pooling: 'mean' })
  expect(fields(open)).toEqual(expect.arrayContaining(['input.width', 'output.name', 'output.pooling']))
})

test('a pooled output is preferred to a map', () => {
  const two = draft(signature(['N', 3, 64, 64], { outputs: [{ name: 'map', type: 'float32', shape: ['N', 64, 8, 8] }, { name: 'pooled', type: 'float32', shape: ['N', 64, 1, 1] }] }))
  expect(two.draft.output).toMatchObject({ name: 'pooled', dim: 64, pooling: 'none' })
})

test.each([
  ['two inputs', signature(['N', 3, 8, 8], { inputs: [{ name: 'a', type: 'float32', shape: ['N', 3, 8, 8] }, { name: 'ids', type: 'int64', shape: ['N', 77] }] }), /needs 2 inputs/],
  ['text', signature(['N', 77], { inputs: [{ name: 'ids', type: 'int64', shape: ['N', 77] }] }), /takes int64/],
  ['four channels', signature(['N', 4, 64, 64]), /neither its second nor its last dimension is 3/],
  ['no vector', signature(['N', 3, 64, 64], { outputs: [{ name: 'class', type: 'int64', shape: ['N'] }] }), /gives no vector/]
])('a model with %s is refused with the reason', (_name, s, message) => {
  expect(() => draft(s)).toThrow(message)
})

test('what a config beside the file says is not asked again; what it leaves open is', () => {
  const facts = { size: { width: 224, height: 224 }, resize: { mode: 'crop' as const, method: 'pillow' as const, interpolation: 'bicubic' as const, cropFraction: 0.875 }, colour: 'BGR' as const, scale: 1, mean: [0.5, 0.5, 0.5] as [number, number, number] }
  const answered = draft(signature(['N', 3, 'h', 'w']), facts)
  expect(fields(answered)).toEqual(['licence', 'source'])
  expect(answered.draft).toMatchObject({ input: { width: 224, height: 224 }, resize: facts.resize, colour: 'BGR' })
  expect(fields(draft(signature(['N', 3, 'h', 'w']), { ...facts, resize: { mode: 'crop', method: 'pillow' } }))).toContain('resize.interpolation')
  const { resize: _resize, ...rest } = facts
  expect(fields(draft(signature(['N', 3, 'h', 'w']), rest))).toContain('resize.mode')
})

test('an id is made of whatever the file is called', () => {
  expect([idFrom('My Model (v2)'), idFrom('___'), idFrom('ünïcode'), idFrom('a'.repeat(99))]).toEqual(['my-model-v2-', 'model', 'n-code', 'a'.repeat(64)])
})
