import { expect, test } from 'vitest'
import { knownModel, type KnownModel } from '../../../core/contract/knownModels.ts'
import { modelCard } from '../../../core/contract/models.ts'
import { knownSummary, nextStep, parityWords, recipeWords } from '../../../renderer/features/models/modelWords.ts'

const card = { id: 'a', name: 'A', input: { name: 'x', width: 320, height: 240 }, output: { name: 'y', dim: 8 }, licence: 'MIT', source: 'a test' }
const about = { weights: [{ file: 'a.pth', address: null, bytes: null, sha256: null }], export: { script: 'models/export/isc.py', command: 'python3', needs: [], run: ['nothing'], notRun: ['all'] } }
const embedding: KnownModel = knownModel.parse({ kind: 'embedding', card, ...about })
const local: KnownModel = knownModel.parse({
  kind: 'localFeatures', card: { id: 'b', name: 'B', input: { name: 'x' }, outputs: { keypoints: { name: 'k' }, scores: { name: 's' }, descriptors: { name: 'd', dim: 64 } }, licence: 'MIT', source: 'a test' }, ...about
})

test('a comparison is told with what to do where it fails', () => {
  const check = { cosine: 0.9999994, maxDifference: 0.00012, dim: 8, tolerance: 0.001 }
  expect(parityWords({ ...check, passed: true })).toBe('Cosine 0.999999, largest difference 1.2e-4 over 8 values: they agree.')
  expect(parityWords({ ...check, cosine: 0.5, passed: false })).toMatch(/they differ \(at least 0\.999 is asked for\)\..*values/)
})

test('known models in a line, and what comes next', () => {
  expect([embedding, local].map(knownSummary)).toEqual(['8 numbers · 320 × 240 · MIT', '64 numbers a point · any size · MIT'])
  expect(nextStep(embedding)).toMatch(/choose A as its card/)
  expect(nextStep(local)).toMatch(/winnow models card b --for b\.onnx/)
})

test('how a card resizes names the library, and shrinking on load only where it happens', () => {
  const resizing = (resize: object): string => recipeWords(modelCard.parse({ ...card, file: 'a.onnx', sha256: '0'.repeat(64), resize }))[0]?.[1] ?? ''
  expect(resizing({})).toBe('squash to 320 × 240, bilinear, shrink on load')
  expect(resizing({ shrinkOnLoad: false })).toBe('squash to 320 × 240, bilinear')
  expect(resizing({ method: 'pillow', interpolation: 'bicubic' })).toBe('squash to 320 × 240, bicubic, as Pillow does it')
})
