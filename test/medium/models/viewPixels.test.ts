import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { viewPlan, type ViewPlan, type ViewPlanInput } from '../../../core/contract/views.ts'
import { modelCard, type ModelCard } from '../../../core/contract/models.ts'
import { fixedViews } from '../../../core/descriptors/crops.ts'
import { partViewOf, wholePart, type PartView } from '../../../core/descriptors/partView.ts'
import { isc21Views } from '../../../core/descriptors/viewPlans.ts'
import { openImage } from '../../../core/images/openImage.ts'
import type { EmbedItem, EmbedReply } from '../../../core/models/embedBatch.ts'
import { embedFiles } from '../../../core/models/embedFiles.ts'
import { cutPart, viewPixels } from '../../../core/models/partPixels.ts'
import { inputPixels } from '../../../core/models/preprocess.ts'
import type { Raster } from '../../../core/models/raster.ts'
import { resample, resampleFractions, type ResampleMethod } from '../../../core/models/resample.ts'
import { resizePlan } from '../../../core/models/resizePlan.ts'
import { anySize, cardFor, channelMeans, side, tinyModel } from './tinyModels.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-views-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A picture whose every pixel is its own: (x, y, x ^ y). */
const picture = (width: number, height: number): Raster => ({
  width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return [x * 3, y * 4, (x ^ y) * 2][i % 3] as number & 255
  })
})
const pixelAt = ({ width, data }: Pick<Raster, 'width'> & { data: ArrayLike<number> }, x: number, y: number): number[] => [0, 1, 2].map((c) => data[(y * width + x) * 3 + c] as number)
const exact = (method: 'pillow' | 'opencv' | 'torch', changes: Partial<ModelCard['resize']> = {}): ModelCard =>
  cardFor(channelMeans, { resize: { mode: 'squash', interpolation: 'bilinear', cropFraction: 1, shrinkOnLoad: true, method, ...changes } })
const plan = (input: ViewPlanInput): ViewPlan => viewPlan.parse(input)

let made = 0
async function item(raster: Raster, views?: readonly PartView[]): Promise<EmbedItem> {
  const imageId = ++made
  const path = join(folder, `${imageId}.png`)
  await sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels: 3 } }).png().toFile(path)
  const { size, mtimeMs } = statSync(path)
  return { imageId, path: Buffer.from(path), bytes: size, mtimeMs, svg: false, ...(views ? { views } : {}) }
}
async function embed(model: Uint8Array, card: ModelCard, items: EmbedItem[], views?: ViewPlan): Promise<EmbedReply> {
  const file = join(folder, `${card.sha256}.onnx`)
  writeFileSync(file, model)
  return await embedFiles({ model: { card, file, providers: ['cpu'] }, items, plan: views }, { signal: new AbortController().signal })
}
const rowsOf = ({ imageIds, parts, vectors }: EmbedReply): { image: number; part: number; vector: number[] }[] =>
  [...imageIds].map((image, i) => ({ image, part: parts[i] as number, vector: [...vectors.subarray((i * vectors.length) / imageIds.length, ((i + 1) * vectors.length) / imageIds.length)] }))
/** Mean of each channel, 0..1. */
const meansOf = ({ data }: { data: ArrayLike<number> }): number[] => [0, 1, 2].map((c) => Array.from(data).filter((_, i) => i % 3 === c).reduce((sum, value) => sum + value, 0) / (data.length / 3) / 255)
const closeTo = (found: readonly number[], expected: readonly number[], digits = 4): void => expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits))

describe('parts', () => {
  const photo = picture(60, 40)

  test('boxes, quarter turns counter-clockwise, mirroring, and a small size in between', async () => {
    const card = exact('pillow')
    const box = await cutPart(photo, card, { ...wholePart, box: { left: 7, top: 5, width: 20, height: 10 } })
    expect([box.width, box.height, pixelAt(box, 3, 2)]).toEqual([20, 10, pixelAt(photo, 10, 7)])
    for (const [turn, width, height, x, y] of [[1, 40, 60, 5, 49], [2, 60, 40, 49, 34], [3, 40, 60, 34, 10]] as const) {
      const turned = await cutPart(photo, card, { ...wholePart, turn })
      expect([turned.width, turned.height, pixelAt(turned, x, y)]).toEqual([width, height, pixelAt(photo, 10, 5)])
    }
    expect(pixelAt(await cutPart(photo, card, { ...wholePart, flip: true }), 49, 5)).toEqual(pixelAt(photo, 10, 5))
    const small = await cutPart(photo, card, partViewOf(52, null))
    expect([small.width, small.height]).toEqual([60, 47])
    expect(small.data).toEqual(resample(photo, 60, 47, 'pillow-bilinear').data)
  })

  test.each(['pillow', 'opencv', 'torch', 'fast'] as const)('%s: several parts from one picture, one vector each, and the whole is as it is alone', async (method) => {
    const card = method === 'fast' ? cardFor(channelMeans, { normalise: false }) : { ...exact(method), normalise: false }
    const views = [0, 1, 4, 9, 50, 500].map((part) => partViewOf(part, part === 4 || part === 500 ? { left: 10, top: 5, width: 30, height: part === 4 ? 20 : 1 } : null))
    const reply = await embed(channelMeans, card, [await item(photo, views), await item(picture(20, 30)), await item(photo)])
    expect(reply.failures).toEqual([])
    const rows = rowsOf(reply)
    expect(rows.map(({ part }) => part)).toEqual([0, 1, 4, 9, 50, 500, 0, 0])
    expect(rows[0]?.vector).toEqual(rows[7]?.vector)
    const tolerance = method === 'fast' ? 1 : 2
    for (const [i, view] of views.entries()) {
      const by = async (name: ModelCard): Promise<number[]> => meansOf(resample(await cutPart(photo, name, view), side, side, 'opencv-area'))
      closeTo(rows[i]?.vector ?? [], await by(card), tolerance)
    }
  })

  test('a part that is not inside its picture fails alone', async () => {
    const views = [wholePart, partViewOf(700, { left: 50, top: 0, width: 20, height: 10 }), partViewOf(701, { left: 0, top: 0, width: 5, height: 5 })]
    const reply = await embed(channelMeans, cardFor(channelMeans), [await item(photo, views)])
    expect([...reply.parts]).toEqual([0, 701])
    expect(reply.failures).toEqual([{ imageId: made, part: 700, reason: 'part-outside', detail: 'The part 20 x 10 at 50, 0 is not inside a picture of 60 x 40.' }])
  })

  test('a picture that cannot be read gives one failure, not one a part', async () => {
    const bad = await item(photo, [wholePart, partViewOf(1, null)])
    writeFileSync(Buffer.from(bad.path), 'no picture')
    const { size, mtimeMs } = statSync(Buffer.from(bad.path))
    const reply = await embed(channelMeans, cardFor(channelMeans), [{ ...bad, bytes: size, mtimeMs }, await item(photo)])
    expect(reply.failures).toMatchObject([{ imageId: bad.imageId, reason: 'not-an-image' }])
    expect([...reply.imageIds]).toEqual([made])
  })
})

describe('views', () => {
  test('the sizes that the plan asks for reach the model, in batches of equal size; the order of the images stays', async () => {
    // The model gives the height and width that it saw.
    const shapes = tinyModel({
      inputs: [{ name: 'picture', type: 'float32', dims: ['N', 3, 'H', 'W'] }], output: ['N', 2],
      constants: [{ name: 'axes', type: 'int64', dims: [2], data: [1, 2] }, { name: 'begin', type: 'int64', dims: [1], data: [2] }, { name: 'end', type: 'int64', dims: [1], data: [4] }, { name: 'one', type: 'int64', dims: [1], data: [0] }, { name: 'two', type: 'int64', dims: [1], data: [1] }, { name: 'last', type: 'int64', dims: [1], data: [1] }],
      nodes: [
        { op: 'Shape', inputs: ['picture'], outputs: ['shape'] },
        { op: 'Slice', inputs: ['shape', 'begin', 'end'], outputs: ['hw'] },
        { op: 'Slice', inputs: ['shape', 'one', 'two'], outputs: ['n'] },
        { op: 'Concat', inputs: ['n', 'last'], outputs: ['repeats'], attributes: { axis: 0 } },
        { op: 'Cast', inputs: ['hw'], outputs: ['sizes'], attributes: { to: 1 } },
        { op: 'Unsqueeze', inputs: ['sizes', 'one'], outputs: ['row'] },
        { op: 'Tile', inputs: ['row', 'repeats'], outputs: ['vector'] }
      ]
    })
    const card = cardFor(shapes, { normalise: false, output: { dim: 2 } })
    const views = plan({ base: { kind: 'template', template: 'SS' }, scales: [{ factor: 0.75 }, { factor: 1 }], scaling: { multiple: 32, minimum: 128, alignCorners: true }, combine: 'mean' })
    const items = await Promise.all([[90, 30], [30, 90], [50, 50], [90, 31], [52, 50]].map(async ([width = 0, height = 0]) => await item(picture(width, height))))
    const rows = rowsOf(await embed(shapes, card, items, views))
    expect(rows.map(({ image }) => image)).toEqual(items.map(({ imageId }) => imageId))
    // 384 x 256 and 288 x 192, and so on: height and width, averaged over the two scales.
    expect(rows.map(({ vector }) => vector)).toEqual([[224, 336], [336, 224], [224, 224], [224, 336], [224, 224]])
  })

  test("ISC21's views: Pillow to 724, F.interpolate to 512 and on to 362 by the factor, each plain and mirrored", async () => {
    const card = exact('pillow')
    const photo = picture(80, 60)
    const views = await viewPixels(photo, card, isc21Views)
    expect(views.map(({ width, height }) => `${width}x${height}`)).toEqual(['724x724', '724x724', '512x512', '512x512', '362x362', '362x362'])
    const big = resample(photo, 724, 724, 'pillow-bilinear')
    const middle = resampleFractions(big, 512, 512, { mode: 'bilinear', alignCorners: false })
    const small = resampleFractions(middle, 362, 362, { mode: 'bilinear', alignCorners: false, factor: Math.SQRT1_2 })
    expect(views[0]?.data).toEqual(big.data)
    expect(views[2]?.data).toEqual(middle.data)
    expect(views[4]?.data).toEqual(small.data)
    for (const [plain, mirrored] of [[0, 1], [2, 3], [4, 5]] as const) {
      const { width } = views[plain] as Raster
      closeTo(pixelAt(views[mirrored] as Raster, 3, 7), pixelAt(views[plain] as Raster, width - 4, 7))
    }
  })

  test('averaged before normalisation or after it, through a real model', async () => {
    const photo = picture(60, 40)
    const turns = plan({ turns: [0, 1], degrade: [null, { width: 8, height: 8 }], flip: true })
    const card = { ...exact('pillow'), normalise: false }
    const means = (await viewPixels(photo, card, turns)).map(meansOf)
    expect(means).toHaveLength(8)
    const unit = (vector: readonly number[]): number[] => vector.map((x) => x / Math.hypot(...vector))
    const mean = (list: readonly (readonly number[])[]): number[] => [0, 1, 2].map((d) => list.reduce((sum, v) => sum + (v[d] as number), 0) / list.length)
    const [row] = rowsOf(await embed(channelMeans, card, [await item(photo)], { ...turns, combine: 'mean' }))
    closeTo(row?.vector ?? [], mean(means))
    const [normalised] = rowsOf(await embed(channelMeans, { ...card, normalise: true }, [await item(photo)], { ...turns, combine: 'mean' }))
    closeTo(normalised?.vector ?? [], unit(mean(means)))
    const [units] = rowsOf(await embed(channelMeans, card, [await item(photo)], turns))
    closeTo(units?.vector ?? [], unit(mean(means.map(unit))))
    const [long] = rowsOf(await embed(channelMeans, card, [await item(photo)], { ...turns, combine: 'concatenate' }))
    closeTo(long?.vector ?? [], means.flatMap(unit).map((x) => x / Math.sqrt(8)))
  })

  test('a model of one size says so, and what to do, where views need another', async () => {
    const views = plan({ base: { kind: 'size', width: 32, height: 32 } })
    await expect(embed(channelMeans, cardFor(channelMeans), [await item(picture(9, 9))], views)).rejects.toThrow('Tiny takes pictures of 16 x 16 only; these views need 32 x 32. Choose views of the model\'s size, or export the model with free height and width.')
    expect((await embed(anySize, cardFor(anySize), [await item(picture(9, 9))], views)).imageIds).toHaveLength(1)
  })

  test('more sizes than fit wait in turn: every image comes out once, with its own vector', async () => {
    const card = cardFor(anySize, { normalise: false })
    const items = await Promise.all(Array.from({ length: 24 }, async (_, i) => await item({ width: 4, height: 4 + i, data: new Uint8Array(48 + 12 * i).fill(10 * i) })))
    const views = plan({ base: { kind: 'longest', side: 1024 } })
    const rows = rowsOf(await embed(anySize, card, items, views))
    expect(rows.map(({ image }) => image)).toEqual(items.map(({ imageId }) => imageId))
    for (const [i, { vector }] of rows.entries()) closeTo(vector, [(10 * i) / 255, (10 * i) / 255, (10 * i) / 255], 3)
  })
})

test('exact crops: torchvision cuts the longer side down and rounds the middle to even', () => {
  const of = (width: number, height: number, method: 'pillow' | 'fast'): unknown => {
    const { resize } = exact('pillow', { mode: 'crop', cropFraction: 0.875, method })
    return resizePlan({ input: { width: 224, height: 224 }, resize }, width, height)
  }
  // (341 - 224) / 2 = 58.5: Python's round gives 58.
  expect(of(640, 480, 'pillow')).toEqual({ source: null, width: 341, height: 256, crop: { left: 58, top: 16, width: 224, height: 224 }, pad: null })
  expect(of(640, 480, 'fast')).toMatchObject({ crop: { left: 59, top: 16 } })
  // 256 * 500 / 375 = 341.33; 256 * 333 / 500 -> portrait: 500 x 333 is landscape, 256 / 333 * 500 = 384.38.
  expect(of(500, 333, 'pillow')).toMatchObject({ width: 384, height: 256, crop: { left: 80, top: 16 } })
  expect(of(333, 500, 'pillow')).toMatchObject({ width: 256, height: 384 })
})

/* Real photographs against the libraries themselves, where this machine has them. */
const shared = process.env['WINNOW_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared')
const python = '/usr/bin/python3'
const hasLibraries = existsSync(python) && spawnSync(python, ['-c', 'import PIL, cv2, torch, numpy']).status === 0
const photos = (() => {
  const folders = ['photos-101/ferry', 'photos-101/panda', 'edits/bridge', 'photos-101/car_side'].map((name) => join(shared, 'data', name)).filter((path) => existsSync(path))
  return folders.flatMap((path) => readdirSync(path).filter((name) => name.endsWith('.jpg')).sort().slice(0, 2).map((name) => join(path, name)))
})()

test.skipIf(!hasLibraries || photos.length === 0)('photographs: decoded and resized as Pillow, OpenCV and PyTorch do it (needs ../shared/data and Debian\'s PIL, cv2, torch)', async () => {
  const sizes = [[224, 224], [512, 512], [97, 131], [640, 360]] as const
  const wishes = photos.flatMap((file, i) => (['pillow-bilinear', 'pillow-bicubic', 'opencv-linear', 'opencv-area', 'torch-bilinear', 'torch-bilinear-corners'] as const).map((method, k) => {
    const [width, height] = sizes[(i + k) % sizes.length] as (typeof sizes)[number]
    return { file, method, width, height }
  }))
  const script = join(import.meta.dirname, '..', '..', 'golden', 'pixels', 'make_references.py')
  const { stdout, status, stderr } = spawnSync(python, [script, '--live'], { input: wishes.map((wish) => JSON.stringify(wish)).join('\n'), maxBuffer: 2 ** 30, encoding: 'utf8' })
  expect(stderr + status).toMatch(/0$/)
  const cards: Record<string, Partial<ModelCard['resize']> & { method: 'pillow' | 'opencv' | 'torch' }> = {
    'pillow-bilinear': { method: 'pillow' }, 'pillow-bicubic': { method: 'pillow', interpolation: 'bicubic' }, 'opencv-linear': { method: 'opencv' },
    'opencv-area': { method: 'opencv', interpolation: 'area' }, 'torch-bilinear': { method: 'torch' }, 'torch-bilinear-corners': { method: 'torch', alignCorners: true }
  }
  for (const [i, line] of stdout.trim().split('\n').entries()) {
    const { file, method, width, height } = wishes[i] as { file: string; method: ResampleMethod; width: number; height: number }
    const reply = JSON.parse(line) as { sourceWidth: number; sourceHeight: number; source: string; rgb: string }
    const expected = Buffer.from(reply.rgb, 'base64')
    const theirs = { width: reply.sourceWidth, height: reply.sourceHeight, data: new Uint8Array(Buffer.from(reply.source, 'base64')) }
    const image = await openImage(readFileSync(file))
    const found = await inputPixels(image, { ...exact('pillow', cards[method]), input: { ...exact('pillow').input, width, height } })
    const most = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
      let worst = 0
      for (let k = 0; k < b.length; k++) worst = Math.max(worst, Math.abs((a[k] as number) - (b[k] as number)))
      return worst
    }
    // From the same pixels, and from the file through our own JPEG decoder.
    expect(most(resample(theirs, width, height, method).data, expected), `${file} ${method} ${width} x ${height}`).toBeLessThanOrEqual(1)
    expect([image.width, image.height, found.length]).toEqual([theirs.width, theirs.height, expected.length])
    expect(most(found, expected), `${file} ${method} ${width} x ${height}`).toBeLessThanOrEqual(1)
  }
})

const mobilenet = join(shared, 'models', 'mobilenet-v2-1280.onnx')
test.skipIf(!existsSync(mobilenet) || photos.length === 0)(`a real model sees a part as it sees the same pixels in a file of their own (needs ${mobilenet})`, async () => {
  const card = modelCard.parse({
    id: 'mobilenet', name: 'MobileNet', file: 'model.onnx', sha256: '0'.repeat(64), input: { name: 'input', width: 224, height: 224 }, scale: 2, mean: [1, 1, 1],
    resize: { method: 'pillow' }, output: { name: 'embedding', dim: 1280 }, licence: 'Apache-2.0', source: 'google-coral'
  })
  const photo = await (await openImage(readFileSync(photos[0] as string))).rgb()
  const views = fixedViews(['query', 'quarters', 'flip', 'degradations'], photo.width, photo.height)
  const whole = await item(photo, views)
  const alone = await Promise.all(views.filter(({ degrade }) => degrade === null).map(async (view) => ({ view, item: await item(await cutPart(photo, card, view)) })))
  const reply = await embedFiles({ model: { card, file: mobilenet, providers: ['cpu'] }, items: [whole, ...alone.map((each) => each.item)] }, { signal: new AbortController().signal })
  expect([reply.failures, reply.imageIds.length]).toEqual([[], views.length + alone.length])
  const rows = rowsOf(reply)
  const cosine = (a: readonly number[] = [], b: readonly number[] = []): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
  for (const { view, item: { imageId } } of alone) {
    const part = rows.find((row) => row.image === whole.imageId && row.part === view.part)
    expect(cosine(part?.vector, rows.find((row) => row.image === imageId)?.vector), `part ${view.part}`).toBeGreaterThan(0.999999)
  }
  // And parts differ from each other: nothing was mixed up.
  const [first, turned, degraded] = [0, 1, 50].map((part) => rows.find((row) => row.part === part)?.vector)
  expect(cosine(first, turned)).toBeLessThan(0.99)
  expect(cosine(first, degraded)).toBeLessThan(0.999)
})
