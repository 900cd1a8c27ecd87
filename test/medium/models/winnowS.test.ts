import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCard } from '../../../core/models/card.ts'
import { EmbeddingSession } from '../../../core/models/session.ts'

const models = join(import.meta.dirname, '..', '..', '..', 'models')
const { size, vectors } = JSON.parse(readFileSync(join(models, 'train', 'parity.json'), 'utf8')) as { size: number; vectors: number[][] }

test('winnow-s gives the vectors that PyTorch gave of the same pictures (models/train/export.py draws them), and is small', async () => {
  const folder = join(models, 'winnow-s')
  const card = parseCard(readFileSync(join(folder, 'card.json'), 'utf8'), 'its card')
  expect(card).toMatchObject({ id: 'winnow-s', normalise: true, input: { width: size, height: size }, output: { dim: 256 }, nearDuplicate: { threshold: expect.any(Number) } })
  expect(statSync(join(folder, card.file)).size).toBeLessThan(8e6)
  const session = await EmbeddingSession.open({ card, file: join(folder, card.file), providers: ['cpu'] })
  const input = session.input.batch(vectors.length)
  for (const n of vectors.keys()) {
    const pixels = new Float32Array(3 * size * size)
    for (let y = 0, at = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let c = 0; c < 3; c++) pixels[at++] = 127.5 + 127.5 * Math.sin(0.05 * (n + 1) * x + 0.08 * (c + 1) * y + 0.002 * (n + 1) * x * y + c)
      }
    }
    session.input.write(input, n, pixels)
  }
  const found = await session.embed(input, vectors.length)
  for (const [n, vector] of vectors.entries()) {
    expect(vector.reduce((sum, value, i) => sum + value * (found[n * vector.length + i] as number), 0)).toBeGreaterThan(0.9999)
  }
  await session.close()
})
