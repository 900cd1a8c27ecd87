import { InferenceSession, Tensor } from 'onnxruntime-node'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { modelCard, type ModelCard } from '../../../core/contract/models.ts'
import { openImage } from '../../../core/images/openImage.ts'
import type { EmbedItem, EmbedReply } from '../../../core/models/embedBatch.ts'
import { embedFiles } from '../../../core/models/embedFiles.ts'
import { inputPixels } from '../../../core/models/preprocess.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'
import { cardFor, channelMeans, side, tinyModel } from './tinyModels.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function item(name: string, bytes: Uint8Array, imageId: number): EmbedItem {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const { size, mtimeMs } = statSync(path)
  return { imageId, path: Buffer.from(path), bytes: size, mtimeMs, svg: false }
}

const flat = (r: number, g: number, b: number, width = 40, height = 30): Sharp => sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
const never = { signal: new AbortController().signal }
async function embed(model: Uint8Array, card: ModelCard, items: EmbedItem[]): Promise<EmbedReply> {
  const file = join(folder, `${card.sha256}.onnx`)
  writeFileSync(file, model)
  return await embedFiles({ model: { card, file, providers: ['cpu'] }, items }, never)
}

test('grey, alpha, palette, 16-bit and CMYK pictures reach the model as upright sRGB', async () => {
  const card = cardFor(channelMeans, { normalise: false })
  const items = [
    item('rgb.png', await flat(255, 51, 0).png().toBuffer(), 1),
    item('grey.png', await flat(102, 102, 102).toColourspace('b-w').png().toBuffer(), 2),
    item('alpha.png', await sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).png().toBuffer(), 3),
    item('palette.png', await flat(0, 255, 51).png({ palette: true }).toBuffer(), 4),
    item('deep.png', await flat(51, 51, 255).toColourspace('rgb16').png().toBuffer(), 5),
    item('cmyk.jpg', await flat(255, 255, 255).toColourspace('cmyk').jpeg().toBuffer(), 6)
  ]
  const { imageIds, vectors, failures } = await embed(channelMeans, card, items)
  expect(failures).toEqual([])
  const means = Object.fromEntries([...imageIds].map((id, row) => [id, [...vectors.subarray(row * 3, row * 3 + 3)]]))
  const expected: Record<number, number[]> = { 1: [1, 0.2, 0], 2: [0.4, 0.4, 0.4], 3: [1, 1, 1], 4: [0, 1, 0.2], 5: [0.2, 0.2, 1], 6: [1, 1, 1] }
  for (const [id, values] of Object.entries(expected)) for (const [c, value] of values.entries()) expect(means[Number(id)]?.[c], `image ${id}, channel ${c}`).toBeCloseTo(value, 1)
})

test('more images than a batch come back in order, with the bad ones left out by name', async () => {
  const items = await Promise.all(Array.from({ length: 29 }, async (_, i) => item(`o${i}.png`, i % 7 === 3 ? Buffer.from('no picture at all') : await flat(i * 8, 0, 0).png().toBuffer(), 100 + i)))
  const { imageIds, vectors, failures } = await embed(channelMeans, cardFor(channelMeans, { normalise: false }), items)
  const good = items.filter((_, i) => i % 7 !== 3).map(({ imageId }) => imageId)
  expect([...imageIds]).toEqual(good)
  for (const [row, id] of good.entries()) expect(vectors[row * 3]).toBeCloseTo(((id - 100) * 8) / 255, 2)
  expect(failures.map(({ imageId, reason }) => [imageId, reason])).toEqual([103, 110, 117, 124].map((id) => [id, 'not-an-image']))
})

test('one picture that makes the model give NaN fails alone', async () => {
  // log(mean) is -Infinity for a black picture; times zero, NaN.
  const model = tinyModel({
    nodes: [{ op: 'ReduceMean', inputs: ['picture'], outputs: ['mean'], attributes: { axes: [2, 3], keepdims: 0 } }, { op: 'Log', inputs: ['mean'], outputs: ['vector'] }]
  })
  const items = [item('grey1.png', await flat(90, 60, 30).png().toBuffer(), 1), item('black.png', await flat(0, 0, 0).png().toBuffer(), 2), item('grey2.png', await flat(30, 60, 90).png().toBuffer(), 3)]
  const { imageIds, failures } = await embed(model, cardFor(model), items)
  expect([...imageIds]).toEqual([1, 3])
  expect(failures).toMatchObject([{ imageId: 2, reason: 'not-finite' }])
})

test('a model that fixes its batch at one embeds many', async () => {
  const model = tinyModel({
    nodes: [{ op: 'ReduceMean', inputs: ['picture'], outputs: ['vector'], attributes: { axes: [2, 3], keepdims: 0 } }],
    inputs: [{ name: 'picture', type: 'float32', dims: [1, 3, side, side] }], output: [1, 3]
  })
  const items = await Promise.all([10, 20, 30].map(async (red) => item(`f${red}.png`, await flat(red, 0, 0).png().toBuffer(), red)))
  const { vectors } = await embed(model, cardFor(model, { normalise: false }), items)
  expect([0, 3, 6].map((i) => Math.round((vectors[i] ?? 0) * 255))).toEqual([10, 20, 30])
})

test('the ways of fitting: squash keeps both halves, crop the middle, letterbox pads with black', async () => {
  // 60 x 20: red, green, blue thirds.
  const thirds = await sharp({ create: { width: 60, height: 20, channels: 3, background: '#00ff00' } })
    .composite([{ input: await flat(255, 0, 0, 20, 20).png().toBuffer(), left: 0, top: 0 }, { input: await flat(0, 0, 255, 20, 20).png().toBuffer(), left: 40, top: 0 }]).png().toBuffer()
  const image = await openImage(thirds)
  const share = async (mode: ModelCard['resize']['mode']): Promise<number[]> => {
    const pixels = await inputPixels(image, cardFor(channelMeans, { resize: { mode, interpolation: 'nearest', cropFraction: 1, shrinkOnLoad: true } }))
    expect(pixels.length).toBe(side * side * 3)
    return [0, 1, 2].map((c) => pixels.filter((value, i) => i % 3 === c && value > 127).length / (side * side))
  }
  expect((await share('squash')).map((x) => Math.round(x * 3))).toEqual([1, 1, 1])
  expect(await share('crop')).toEqual([0, 1, 0])
  const boxed = await share('letterbox')
  expect(boxed.reduce((sum, x) => sum + x, 0)).toBeCloseTo(5 / 16, 5)
})

test('a picture flagged as lying on its side is stood up first; without shrink-on-load every pixel counts', async () => {
  const top = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#000000' } })
    .composite([{ input: await flat(255, 255, 255, 400, 150).png().toBuffer(), left: 0, top: 0 }]).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer()
  const image = await openImage(top)
  expect([image.width, image.height]).toEqual([300, 400])
  for (const shrinkOnLoad of [true, false]) {
    const pixels = await inputPixels(image, cardFor(channelMeans, { resize: { mode: 'squash', interpolation: 'bilinear', cropFraction: 1, shrinkOnLoad } }))
    // Turned clockwise, the white top is on the right.
    expect(pixels[3 * (5 * side + 1)]).toBeLessThan(30)
    expect(pixels[3 * (5 * side + 14)]).toBeGreaterThan(225)
  }
})

const shared = join(process.env['WINNOW_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared'))
const mobilenet = join(shared, 'models', 'mobilenet-v2-1280.onnx')

test.skipIf(!existsSync(mobilenet))(`through a real worker, a brought model gives what ONNX Runtime gives by hand (needs ${mobilenet})`, async () => {
  const card = modelCard.parse({
    id: 'mobilenet', name: 'MobileNet', file: 'model.onnx', sha256: '0'.repeat(64), input: { name: 'input', width: 224, height: 224 }, scale: 2, mean: [1, 1, 1],
    output: { name: 'embedding', dim: 1280 }, licence: 'Apache-2.0', source: 'google-coral'
  })
  const pictures = await Promise.all([1, 2, 3].map(async (seed) => {
    const pixels = Buffer.from(Uint8Array.from({ length: 224 * 224 * 3 }, (_, i) => (Math.sin(i / (50 * seed)) + 1) * 90 + ((i * seed) % 3) * 20))
    return { pixels, item: item(`m${seed}.png`, await sharp(pixels, { raw: { width: 224, height: 224, channels: 3 } }).png().toBuffer(), seed) }
  }))
  const pool = new VisionPool({ workers: 1 })
  try {
    const reply = await pool.embed({ model: { card, file: mobilenet, providers: ['cpu'] }, items: pictures.map((each) => each.item) })
    expect([[...reply.imageIds], reply.provider, reply.failures]).toEqual([[1, 2, 3], 'cpu', []])
    const session = await InferenceSession.create(readFileSync(mobilenet), { executionProviders: ['cpu'] })
    for (const [row, { pixels }] of pictures.entries()) {
      const input = new Float32Array(pixels.length)
      for (let p = 0; p < 224 * 224; p++) for (let c = 0; c < 3; c++) input[c * 224 * 224 + p] = (pixels[p * 3 + c] as number) / 127.5 - 1
      const { embedding } = await session.run({ input: new Tensor('float32', input, [1, 3, 224, 224]) })
      const byHand = embedding?.data as Float32Array
      const length = Math.hypot(...byHand)
      const cosine = byHand.reduce((sum, x, i) => sum + (x / length) * (reply.vectors[row * 1280 + i] ?? 0), 0)
      expect(cosine).toBeGreaterThan(0.9999)
    }
  } finally {
    await pool.close()
  }
})
