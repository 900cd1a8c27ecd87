import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, describe, expect, test } from 'vitest'
import { compareVectors } from '../../../core/models/parityCheck.ts'

interface Values { readonly dims: number[]; readonly data: number[] }
interface Case { readonly name: string; readonly what: string; readonly file: string; readonly input: Values & { readonly name: string }; readonly expected: Values }
interface Cases { readonly made_by: string; readonly cases: readonly Case[] }

const repository = join(import.meta.dirname, '..', '..', '..')
const scripts = join(repository, 'models', 'export')
const committed = join(import.meta.dirname, 'exports')
/** Debian's, where torch is; the one first in the path may be another without it. */
const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['-c', 'import torch, onnx, PIL'], { stdio: 'ignore' }).status === 0)
const folder = mkdtempSync(join(tmpdir(), 'winnow-exports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const casesIn = (place: string): Cases => JSON.parse(readFileSync(join(place, 'cases.json'), 'utf8')) as Cases

/** The cosine of the worst row and the largest difference between PyTorch's values and those of ONNX Runtime. */
async function differences(place: string, { file, input, expected }: Case): Promise<{ cosine: number; largest: number }> {
  const session = await InferenceSession.create(join(place, file), { executionProviders: ['cpu'], intraOpNumThreads: 1 })
  const { descriptor } = await session.run({ [input.name]: new Tensor('float32', Float32Array.from(input.data), input.dims) })
  expect(descriptor?.dims).toEqual(expected.dims)
  const found = descriptor?.data as Float32Array
  const dim = expected.dims.at(-1) as number
  const rows = Array.from({ length: found.length / dim }, (_, row) => compareVectors(found.subarray(row * dim, (row + 1) * dim), expected.data.slice(row * dim, (row + 1) * dim), false))
  await session.release()
  return { cosine: Math.min(...rows.map(({ cosine }) => cosine)), largest: Math.max(...rows.map(({ maxDifference }) => maxDifference)) }
}

describe.each(casesIn(committed).cases)('$name: $what', (each) => {
  test('ONNX Runtime gives the vectors that PyTorch gave', async () => {
    const { cosine, largest } = await differences(committed, each)
    expect(cosine).toBeGreaterThan(1 - 1e-6)
    expect(largest).toBeLessThan(1e-5)
  })
})

test.skipIf(!python)('made anew from random weights, the heads agree again (needs Python with torch and onnx)', { timeout: 180_000 }, async () => {
  const done = spawnSync(python as string, ['-B', join(scripts, 'random_heads.py'), '--out', folder], { encoding: 'utf8' })
  expect(done.stderr.split('\n').filter((line) => /Error/.test(line))).toEqual([])
  expect(done.status).toBe(0)
  const { cases } = casesIn(folder)
  expect(cases.map(({ name }) => name)).toEqual(casesIn(committed).cases.map(({ name }) => name))
  // It says so itself, once a model.
  expect(done.stdout.match(/cosine (1\.0{9}|0\.99999\d+)/g)).toHaveLength(cases.length + 1)
  for (const each of cases) expect((await differences(folder, each)).largest).toBeLessThan(1e-5)
})

test.skipIf(!python).each([
  ['isc.py', ['--weights', 'none.pth.tar'], 'timm'],
  ['pet.py', ['--weights', 'none.pth', '--network', 'effnet-b7'], 'timm'],
  ['visionforce.py', ['--weights', 'none.pth', '--backbone', '50'], 'torchvision'],
  ['landmark.py', ['--weights', 'none.pth'], 'torchvision'],
  ['sscd.py', ['--weights', 'none.pt'], 'torchvision'],
  ['dinov2_small.py', [], 'transformers'],
  ['clip_image.py', [], 'transformers'],
  ['siglip_image.py', [], 'transformers']
])('%s without what it needs says what to install and writes nothing (needs Python with torch)', { timeout: 60_000 }, (script, options, needed) => {
  const out = join(folder, 'none.onnx')
  // An empty folder in front, in which the package cannot be imported: also where it is installed.
  const done = spawnSync(python as string, ['-B', '-c', `import sys, runpy; sys.modules[${JSON.stringify(needed)}] = None; sys.argv = sys.argv[1:]; sys.path.insert(0, ${JSON.stringify(scripts)}); runpy.run_path(sys.argv[0], run_name='__main__')`, join(scripts, script), ...options, '--out', out], { encoding: 'utf8' })
  expect(done.status).toBe(1)
  expect(done.stderr).toMatch(new RegExp(`needs the Python package ${needed}.*pip install ${needed}`))
  expect(existsSync(out)).toBe(false)
})

test.skipIf(!python)('xfeat_points.py without a clone says what it needs (needs Python with torch)', { timeout: 60_000 }, () => {
  const done = spawnSync(python as string, ['-B', join(scripts, 'xfeat_points.py'), '--repository', folder], { encoding: 'utf8' })
  expect(done.status).toBe(1)
  expect(done.stderr).toMatch(/is no clone of verlab\/accelerated_features/)
})
