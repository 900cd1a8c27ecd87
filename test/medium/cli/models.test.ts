import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { winnow } from '../../support/winnow.ts'

function place() {
  const folder = temporaryFolder('cli-models')
  return { folder, home: join(folder, 'home') }
}

test('known models are listed with how to get them, and a card is written for a file', async () => {
  const { home, folder } = place()
  const listed = await winnow(home, ['models', 'cards', '--json'])
  expect(listed.json()).toMatchObject({ models: expect.arrayContaining([expect.objectContaining({ kind: 'embedding', card: expect.objectContaining({ id: 'isc-ft-v107' }) })]) })
  const shown = await winnow(home, ['models', 'card', 'isc-ft-v107'])
  expect(shown.stdout).toMatch(/isc_ft_v107\.pth\.tar: https:[^]*sha256 not known[^]*models\/export\/isc\.py[^]*What was not:/)
  expect((await winnow(home, ['models', 'card', 'nothing'])).code).toBe(3)
  writeFileSync(join(folder, 'xfeat.onnx'), 'stands for a model')
  expect((await winnow(home, ['models', 'card', 'xfeat', '--for', join(folder, 'xfeat.onnx')])).code).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, 'xfeat.card.json'), 'utf8'))).toMatchObject({ kind: 'localFeatures', id: 'xfeat', file: 'xfeat.onnx', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect((await winnow(home, ['models', 'card', 'xfeat', '--for', join(folder, 'xfeat.onnx')])).code).toBe(7)
})

const exported = join(import.meta.dirname, '..', 'models', 'exports')
const tiny = join(exported, 'tiny-isc.onnx')
const parity = ['--check', join(exported, 'picture.png'), '--vector', join(exported, 'picture.npy')]

test('a model whose vectors are not those of the original is not added, unless it is forced', async () => {
  const { home } = place()
  const rest = ['--resize', 'squash', '--interpolation', 'bilinear', '--colour', 'RGB', '--licence', 'MIT', '--source', 'a test', '--id', 'tiny', ...parity, '--json']
  const refused = await winnow(home, ['models', 'add', tiny, '--resampling', 'pillow', '--values', 'imagenet', ...rest])
  expect(refused.code).toBe(2)
  expect(refused.json()).toMatchObject({ error: { message: expect.stringMatching(/cosine 0\.\d+.*they differ.*--values.*Nothing was added/), data: { check: { passed: false } } } })
  expect((await winnow(home, ['models', 'list', '--json'])).json()).toMatchObject({ models: [{ card: { id: 'winnow-s' } }, { card: { id: 'basic' } }] })
  const added = await winnow(home, ['models', 'add', tiny, '--resampling', 'pillow', '--values', 'minus-one-to-one', ...rest])
  expect(added.json()).toMatchObject({ model: { card: { id: 'tiny' }, state: 'ready' }, check: { passed: true, dim: 6 } })
  const forced = await winnow(home, ['models', 'add', tiny, '--resampling', 'pillow', '--values', 'imagenet', ...rest, '--id', 'wrong', '--force'])
  expect(forced.json()).toMatchObject({ model: { card: { id: 'wrong' } }, check: { passed: false } })
  expect((await winnow(home, ['models', 'check', 'tiny', '--image', parity[1] as string, '--vector', parity[3] as string, '--json'])).json()).toMatchObject({ check: { passed: true } })
  expect((await winnow(home, ['models', 'check', 'wrong', '--image', parity[1] as string, '--vector', parity[3] as string])).code).toBe(6)
  expect((await winnow(home, ['models', 'add', tiny, '--yes', '--check', 'only.jpg'])).code).toBe(2)
  expect((await winnow(home, ['models', 'add', tiny, '--card', 'isc-ft-v107'])).stderr).toMatch(/is N x 3 x 32 x 32, the card says N x 3 x 512 x 512/)
})
