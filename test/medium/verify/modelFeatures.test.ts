import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { onnxModel } from '../../../core/models/onnxGraph.ts'
import { featureSpec } from '../../../core/verify/featureSpec.ts'
import { matchSettings, modelSettings } from '../../../core/verify/settings.ts'
import { mapOf } from '../../../core/verify/verifyBatch.ts'
import { verifyAll } from '../../../core/verify/verifyRun.ts'
import { VerifyPool } from '../../../core/workers/verifyPool.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { asImage, cornerError, savePng, scene, warp } from './scenes.ts'

const pool = new VerifyPool({ workers: 1 })
afterAll(() => pool.close())

const side = 128
const cell = 8
const cells = (side / cell) ** 2

/** A toy detector: a keypoint in the middle of every 8 x 8 cell, described by the cell's pixels less their mean. Descriptors come as columns. */
const gridModel = onnxModel({
  name: 'grid',
  inputs: [{ name: 'image', type: 'float32', dims: [1, 1, side, side] }],
  outputs: [{ name: 'keypoints', type: 'float32', dims: [1, cells, 2] }, { name: 'scores', type: 'float32', dims: [1, cells] }, { name: 'descriptors', type: 'float32', dims: [1, cell * cell, cells] }],
  constants: [
    { name: 'places', type: 'float32', dims: [1, cells, 2], data: Array.from({ length: 2 * cells }, (_, i) => (i % 2 === 0 ? (Math.floor(i / 2) % (side / cell)) : Math.floor(i / 2 / (side / cell))) * cell + (cell - 1) / 2) },
    { name: 'asColumns', type: 'int64', dims: [3], data: [1, cell * cell, cells] },
    { name: 'asRow', type: 'int64', dims: [2], data: [1, cells] }
  ],
  nodes: [
    { op: 'Identity', inputs: ['places'], outputs: ['keypoints'] },
    { op: 'SpaceToDepth', inputs: ['image'], outputs: ['deep'], attributes: { blocksize: cell } },
    { op: 'ReduceMean', inputs: ['deep'], outputs: ['mean'], attributes: { axes: [1], keepdims: 1 } },
    { op: 'Sub', inputs: ['deep', 'mean'], outputs: ['centred'] },
    { op: 'Reshape', inputs: ['centred', 'asColumns'], outputs: ['descriptors'] },
    { op: 'ReduceMax', inputs: ['centred'], outputs: ['most'], attributes: { axes: [1], keepdims: 1 } },
    { op: 'Reshape', inputs: ['most', 'asRow'], outputs: ['scores'] }
  ]
})

function writeCard(folder: string, changes: object = {}): string {
  writeFileSync(join(folder, 'grid.onnx'), gridModel)
  const path = join(folder, 'grid.json')
  writeFileSync(path, JSON.stringify({
    kind: 'localFeatures', id: 'grid', name: 'Grid', file: 'grid.onnx', sha256: createHash('sha256').update(gridModel).digest('hex'),
    input: { name: 'image', channels: 1, size: { width: side, height: side } },
    outputs: { keypoints: { name: 'keypoints' }, scores: { name: 'scores' }, descriptors: { name: 'descriptors', dim: cell * cell, layout: 'columns' } },
    licence: 'MIT', source: 'test', ...changes
  }))
  return path
}

describe('an ONNX model for local features', () => {
  test('is run by its card; its features lead to the map between two pictures', async () => {
    const folder = temporaryFolder('model')
    const card = writeCard(folder)
    const picture = scene(11, 2 * side, 2 * side)
    // Two cells to the right, in pixels of the whole image.
    const shift = Float64Array.of(1, 0, 4 * cell, 0, 1, 0, 0, 0, 1)
    const images = [asImage(await savePng(picture, join(folder, 'a.png')), 1), asImage(await savePng(warp(picture, shift), join(folder, 'b.png')), 2)]
    const request = {
      images, pairs: Int32Array.of(0, 1), features: await featureSpec({ kind: 'model', card, features: 1000 }), match: matchSettings.parse({}), model: modelSettings.parse({ model: 'affine', residual: 1 }),
      mirrored: false, cacheFolder: join(folder, 'features'), points: 'inliers' as const, mostPoints: 100
    }
    const { pairs, failures, featuresFound } = await verifyAll(pool, request)
    expect(failures).toEqual([])
    expect(featuresFound).toBe(2)
    expect(pairs.inliers[0]).toBeGreaterThan(50)
    expect(cornerError(mapOf(pairs, 0), shift, picture)).toBeLessThan(1)
    expect((await verifyAll(pool, request)).featuresFound).toBe(0)
  })

  test.each([
    { what: 'another input', changes: { input: { name: 'picture', channels: 1, size: { width: side, height: side } } }, says: 'has no input "picture" (field "input.name" of its card); it has image' },
    { what: 'another output', changes: { outputs: { keypoints: { name: 'keypoints' }, scores: { name: 'heat' }, descriptors: { name: 'descriptors', dim: 64 } } }, says: 'has no output "heat" (field "outputs.scores.name" of its card)' },
    { what: 'another size', changes: { input: { name: 'image', channels: 1, size: { width: 64, height: side } } }, says: 'does not take a picture of 64 x 128' },
    { what: 'another dimension', changes: { outputs: { keypoints: { name: 'keypoints' }, scores: { name: 'scores' }, descriptors: { name: 'descriptors', dim: 32 } } }, says: 'descriptor values for 256 points (32 each are needed)' },
    { what: 'another file', changes: { sha256: '0'.repeat(64) }, says: 'is not the file its card was made for' }
  ])('a card that names $what is refused for the whole run', async ({ changes, says }) => {
    const folder = temporaryFolder('model')
    const card = writeCard(folder, changes)
    const image = asImage(await savePng(scene(1, 200, 150), join(folder, 'a.png')), 1)
    const features = await featureSpec({ kind: 'model', card, features: 1000 })
    await expect(verifyAll(pool, { images: [image], pairs: Int32Array.of(0, 0), features, match: matchSettings.parse({}), model: modelSettings.parse({}), mirrored: false, cacheFolder: join(folder, 'features'), points: 'none', mostPoints: 0 }))
      .rejects.toThrow(says)
  })

  test('a card that is not there is named', async () => {
    await expect(featureSpec({ kind: 'model', card: '/nowhere/card.json', features: 10 })).rejects.toThrow('/nowhere/card.json')
  })
})
