import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modelCard } from '../../../core/contract/models.ts'
import { EmbeddingSession } from '../../../core/models/session.ts'
import { inputPixels } from '../../../core/models/preprocess.ts'
import { testPictures } from '../../../core/models/testPictures.ts'
import { buildBasic } from '../../../models/basic/build.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'models', 'basic')

test('the basic model in the repository is the one that its script writes', () => {
  const { model, card } = buildBasic()
  expect(readFileSync(join(folder, 'card.json'), 'utf8')).toBe(card)
  expect(readFileSync(join(folder, 'basic.onnx')).equals(model)).toBe(true)
})

async function describe(pixels: readonly Uint8Array[]): Promise<Float32Array[]> {
  const card = modelCard.parse(JSON.parse(buildBasic().card))
  const session = await EmbeddingSession.open({ card, file: join(folder, card.file), providers: ['cpu'] })
  const batch = session.input.batch(pixels.length)
  for (const [i, rgb] of pixels.entries()) session.input.write(batch, i, rgb)
  const vectors = await session.embed(batch, pixels.length)
  await session.close()
  return pixels.map((_, i) => vectors.slice(i * card.output.dim, (i + 1) * card.output.dim))
}

const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number => (a && b ? a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) : Number.NaN)

test('a brighter copy stays near, another picture does not, and flat pictures give finite vectors', async () => {
  const card = modelCard.parse(JSON.parse(buildBasic().card))
  const [one, other] = await Promise.all((await testPictures()).map((picture) => inputPixels(picture, card)))
  const brighter = (one as Uint8Array).map((value) => Math.min(255, value * 1.1))
  const black = new Uint8Array(one?.length ?? 0)
  const white = black.map(() => 255)
  const [a, b, c, d, e] = await describe([one, brighter, other, black, white] as Uint8Array[])
  expect(cosine(a, b)).toBeGreaterThan(0.92)
  expect(cosine(a, c)).toBeLessThan(0.8)
  for (const flat of [d, e]) expect(flat?.every(Number.isFinite)).toBe(true)
  expect(cosine(d, e)).toBeLessThan(0.92)
})
