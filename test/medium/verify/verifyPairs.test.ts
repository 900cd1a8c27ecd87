import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { npyBytes } from '../../../core/formats/npy.ts'
import { writeNpz } from './npz.ts'
import { featureSpec } from '../../../core/verify/featureSpec.ts'
import { evidenceOf } from '../../../core/verify/pairService.ts'
import type { VerifyImage } from '../../../core/verify/picture.ts'
import { landmarkSettings, orbSettings, verifySettings } from '../../../core/verify/settings.ts'
import { mapOf, reasonCodes } from '../../../core/verify/verifyBatch.ts'
import { type VerifyOptions, type VerifyRequest, verifyAll } from '../../../core/verify/verifyRun.ts'
import { VerifyPool } from '../../../core/workers/verifyPool.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { asImage, cornerError, pipelineOf, savePng, scene, warp, writeJunk } from './scenes.ts'

const pool = new VerifyPool({ workers: 2 })
afterAll(() => pool.close())

const settings = verifySettings.parse({})
const request = (images: readonly VerifyImage[], pairs: readonly number[], changes: Partial<VerifyRequest> = {}): VerifyRequest => ({
  images, pairs: Int32Array.from(pairs), features: orbSettings.parse({ kind: 'orb' }), match: settings.match, model: settings.model, mirrored: false, cacheFolder: null, points: 'all', mostPoints: 1000, ...changes
})
const verify = (images: readonly VerifyImage[], pairs: readonly number[], changes?: Partial<VerifyRequest>, options?: VerifyOptions, workers = pool): ReturnType<typeof verifyAll> =>
  verifyAll(workers, request(images, pairs, changes), options)

const size = { width: 640, height: 480 }

describe('pairs with a known map', () => {
  const cases: readonly { what: string; map: Float64Array; to?: { width: number; height: number }; model?: 'affine' | 'homography' }[] = [
    { what: 'a homography', map: Float64Array.of(0.9, 0.08, 20, -0.06, 0.95, 35, 1e-4, 8e-5, 1) },
    { what: 'a quarter turn', map: Float64Array.of(0, -1, 479, 1, 0, 0, 0, 0, 1), to: { width: 480, height: 640 } },
    { what: 'half the size, by an affine map,', map: Float64Array.of(0.5, 0, 0, 0, 0.5, 0, 0, 0, 1), to: { width: 320, height: 240 }, model: 'affine' }
  ]
  test.each(cases)('$what is found to a pixel', async ({ map, to, model = 'homography' }) => {
    const folder = temporaryFolder('verify')
    const picture = scene(1)
    const images = [asImage(await savePng(picture, join(folder, 'a.png')), 1), asImage(await savePng(warp(picture, map, to), join(folder, 'b.png')), 2)]
    const { pairs, failures } = await verify(images, [0, 1], { model: { ...settings.model, model } })
    expect(failures).toEqual([])
    expect(pairs.inliers[0]).toBeGreaterThan(100)
    expect(cornerError(mapOf(pairs, 0), map, size)).toBeLessThan(1)
    // The points that come back are those that the map explains.
    const { points, matches, inliers } = evidenceOf(pairs, 0)
    expect(points.length).toBe(matches)
    expect(points.filter(([, , , , inlier]) => inlier === 1).length).toBe(inliers)
  })

  test('points are those of the whole image, whatever size features are found at, and upright', async () => {
    const folder = temporaryFolder('verify')
    const picture = scene(2, 1280, 960)
    const sideways = join(folder, 'sideways.jpg')
    // Stored on its side with the note how to turn it: what is shown is the same as the first.
    await pipelineOf(picture).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(sideways)
    const images = [asImage(await savePng(picture, join(folder, 'a.png')), 1), asImage(sideways, 2)]
    const { pairs } = await verify(images, [0, 1])
    expect(pairs.inliers[0]).toBeGreaterThan(100)
    expect(cornerError(mapOf(pairs, 0), Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), { width: 1280, height: 960 })).toBeLessThan(2)
    expect(Math.max(...Array.from({ length: pairs.points.length / 4 }, (_, i) => pairs.points[4 * i] as number))).toBeGreaterThan(800)
  })

  test('a mirrored copy is found where that is tried, and only there', async () => {
    const folder = temporaryFolder('verify')
    const picture = scene(3)
    const mirrored = join(folder, 'm.png')
    await pipelineOf(picture).flop().png().toFile(mirrored)
    const images = [asImage(await savePng(picture, join(folder, 'a.png')), 1), asImage(mirrored, 2)]
    const plain = await verify(images, [0, 1])
    const tried = await verify(images, [0, 1, 0, 0], { mirrored: true })
    expect(plain.pairs.inliers[0]).toBeLessThan(15)
    expect(tried.pairs.inliers[0]).toBeGreaterThan(200)
    expect([...tried.pairs.mirrored]).toEqual([1, 0])
    expect(cornerError(mapOf(tried.pairs, 0), Float64Array.of(-1, 0, 639, 0, 1, 0, 0, 0, 1), size)).toBeLessThan(1)
  })

  test('unrelated pictures have a handful of inliers at most', async () => {
    const folder = temporaryFolder('verify')
    const images = await Promise.all([4, 5, 6].map(async (seed) => asImage(await savePng(scene(seed), join(folder, `${seed}.png`)), seed)))
    const { pairs } = await verify(images, [0, 1, 0, 2, 1, 2])
    for (const inliers of pairs.inliers) expect(inliers).toBeLessThan(15)
  })
})

describe('what cannot be verified', () => {
  test('has no inliers and a reason; the others are as they would be without it', async () => {
    const folder = temporaryFolder('verify')
    const flat = join(folder, 'flat.png')
    await sharp({ create: { width: 50, height: 50, channels: 3, background: '#888' } }).png().toFile(flat)
    const path = await savePng(scene(7), join(folder, 'a.png'))
    const gone = { ...asImage(path, 4), path: Buffer.from(join(folder, 'gone.png')) }
    const images = [asImage(path, 1), asImage(writeJunk(join(folder, 'junk.jpg')), 2), asImage(flat, 3), gone, { ...asImage(path, 5), bytes: 3 }].map((image) => ({ ...image, sha256: null }))
    const { pairs, failures } = await verify(images, [0, 1, 0, 2, 3, 0, 0, 4, 0, 0, 1, 3])
    expect(Array.from(pairs.reasons, (code) => reasonCodes[code])).toEqual(['image-failed', 'no-features', 'image-failed', 'image-failed', null, 'image-failed'])
    expect([...pairs.inliers].map((inliers) => inliers > 0)).toEqual([false, false, false, false, true, false])
    expect(failures.map(({ imageId, reason }) => [imageId, reason]).toSorted()).toEqual([[2, 'not-an-image'], [4, 'vanished'], [5, 'unreadable']])
    expect(failures.find(({ imageId }) => imageId === 5)?.detail).toContain('Scan its folder again')
  })

  test('an image that kills its worker every time is set aside, by name', async () => {
    const folder = temporaryFolder('verify')
    const entry = join(folder, 'worker.mjs')
    // The real worker, but that a file named poison brings the process down, and that something else kills it once when it has the file named unlucky alone.
    writeFileSync(entry, `
      import { existsSync, writeFileSync } from 'node:fs'
      import { verifyWorker } from ${JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'core', 'workers', 'verify.ts'))}
      process.prependListener('message', ({ args }) => {
        const images = args?.[0]?.images ?? args?.[0]?.pairs?.flatMap(({ first, second }) => [first, second]) ?? []
        if (images.some(({ path }) => Buffer.from(path).includes('poison'))) process.kill(process.pid, 'SIGKILL')
        const mark = ${JSON.stringify(join(folder, 'killed'))}
        if (images.length === 1 && images.some(({ path }) => Buffer.from(path).includes('unlucky')) && !existsSync(mark)) {
          writeFileSync(mark, '')
          process.kill(process.pid, 'SIGKILL')
        }
      })
      void verifyWorker`)
    const poisoned = new VerifyPool({ workers: 2, entry: new URL(`file://${entry}`) })
    try {
      const images = await Promise.all(['a', 'poison', 'b', 'unlucky'].map(async (name, i) => asImage(await savePng(scene(name === 'b' ? 0 : i), join(folder, `${name}.png`)), i)))
      const { pairs, failures } = await verify(images, [0, 1, 0, 2, 1, 2, 0, 3], { cacheFolder: join(folder, 'features') }, {}, poisoned)
      expect(failures).toEqual([{ imageId: 1, reason: 'crashed', detail: expect.stringContaining('brings down the process') as string }])
      expect(Array.from(pairs.reasons, (code) => reasonCodes[code] ?? 'fine').map((reason) => reason === 'crashed')).toEqual([true, false, true, false])
      expect(pairs.inliers[1]).toBeGreaterThan(200)
    } finally {
      await poisoned.close()
    }
  })

  test('a worker that is killed from outside costs nothing', async () => {
    const folder = temporaryFolder('verify')
    const images = await Promise.all(Array.from({ length: 12 }, async (_, i) => asImage(await savePng(scene(i % 3), join(folder, `${i}.png`)), i)))
    const pairs = Array.from({ length: 12 }, (_, i) => [i, (i + 3) % 12]).flat()
    const own = new VerifyPool({ workers: 2 })
    try {
      await own.warm()
      let killed = false
      const { pairs: found, failures } = await verify(images, pairs, { cacheFolder: join(folder, 'features') }, {
        onProgress: ({ stage, done }) => {
          if (stage === 'features' && done > 0 && !killed) {
            killed = true
            for (const pid of own.pids) process.kill(pid, 'SIGKILL')
          }
        }
      }, own)
      expect(killed).toBe(true)
      expect(failures).toEqual([])
      for (const inliers of found.inliers) expect(inliers).toBeGreaterThan(200)
    } finally {
      await own.close()
    }
  })
})

describe('many pairs', () => {
  test('features are found once an image and kept: later runs need no picture, and a damaged file is made anew', async () => {
    const folder = temporaryFolder('verify')
    const cacheFolder = join(folder, 'features')
    const paths = await Promise.all([0, 1, 2, 3].map((i) => savePng(scene(i % 2), join(folder, `${i}.png`))))
    const images = paths.map((path, i) => asImage(path, i))
    const all = [0, 1, 0, 2, 1, 3, 2, 3]
    const first = await verify(images, all, { cacheFolder })
    // Two of the four have the same content.
    expect(first.featuresFound).toBeGreaterThanOrEqual(2)
    const kept = readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.features'))
    expect(kept.length).toBe(2)
    for (const path of paths) rmSync(path)
    const second = await verify(images, all, { cacheFolder })
    expect(second.featuresFound).toBe(0)
    expect(second.pairs).toEqual(first.pairs)

    await savePng(scene(0), paths[0] as string)
    await savePng(scene(0), paths[2] as string)
    for (const name of kept) writeFileSync(join(cacheFolder, name), 'damaged')
    const fresh = new VerifyPool({ workers: 1 })
    try {
      const third = await verify([0, 2].map((i) => asImage(paths[i] as string, i)), [0, 1], { cacheFolder }, {}, fresh)
      expect(third.pairs.inliers[0]).toBe(first.pairs.inliers[1])
    } finally {
      await fresh.close()
    }
  })

  test('other settings have other features', async () => {
    const folder = temporaryFolder('verify')
    const cacheFolder = join(folder, 'features')
    const images = [asImage(await savePng(scene(1), join(folder, 'a.png')), 1)]
    const few = await verify(images, [0, 0], { cacheFolder, features: orbSettings.parse({ kind: 'orb', features: 50 }) })
    const many = await verify(images, [0, 0], { cacheFolder, features: orbSettings.parse({ kind: 'orb', features: 500 }) })
    expect([few.featuresFound, many.featuresFound]).toEqual([1, 1])
    expect(many.pairs.matches[0]).toBeGreaterThan(few.pairs.matches[0] as number)
  })

  test('a run that was cancelled goes on with the blocks that were missing, and ends as one that was not', async () => {
    const folder = temporaryFolder('verify')
    const images = await Promise.all(Array.from({ length: 10 }, async (_, i) => asImage(await savePng(scene(i % 4, 320, 240), join(folder, `${i}.png`)), i)))
    const pairs = Array.from({ length: 90 }, (_, i) => [i % 10, (i * 7 + 3) % 10]).flat()
    const whole = await verify(images, pairs)
    const { BlockFiles } = await import('../../../core/verify/blockFiles.ts')
    const scratch = join(folder, 'scratch')
    mkdirSync(scratch)
    const blocks = new BlockFiles(scratch)
    const controller = new AbortController()
    let written = 0
    const stopping = {
      read: (block: number) => blocks.read(block),
      write: async (block: number, found: Parameters<typeof blocks.write>[1]) => {
        await blocks.write(block, found)
        if (++written === 3) controller.abort(new Error('stopped'))
      }
    }
    await expect(verify(images, pairs, {}, { blocks: stopping, signal: controller.signal })).rejects.toThrow('stopped')
    const kept = readdirSync(scratch)
    expect(kept.length).toBeGreaterThanOrEqual(3)
    expect(kept.length).toBeLessThan(12)
    // One of them was cut short by the crash.
    writeFileSync(join(scratch, kept[0] as string), 'cut')
    const done: number[] = []
    const resumed = await verify(images, pairs, {}, { blocks, onProgress: ({ stage, done: so }) => stage === 'pairs' && done.push(so) })
    expect(done[0]).toBe((kept.length - 1) * 8)
    expect(resumed.pairs).toEqual(whole.pairs)
  })

  test('pairs whose images could not be read are no part of what is done: a run that goes on looks at them again', async () => {
    const folder = temporaryFolder('verify')
    const images = await Promise.all(['a', 'b', 'late'].map(async (name, i) => asImage(await savePng(scene(1), join(folder, `${name}.png`)), i)))
    const pairs = [...Array.from({ length: 8 }, () => [0, 1]), [2, 1]].flat()
    const { BlockFiles } = await import('../../../core/verify/blockFiles.ts')
    const scratch = join(folder, 'scratch')
    mkdirSync(scratch)
    const blocks = new BlockFiles(scratch)
    renameSync(join(folder, 'late.png'), join(folder, 'away'))
    expect((await verify(images.map((image) => ({ ...image, sha256: null })), pairs, {}, { blocks })).pairs.inliers[8]).toBe(0)
    expect(readdirSync(scratch)).toEqual(['pairs-0.block'])
    renameSync(join(folder, 'away'), join(folder, 'late.png'))
    expect((await verify(images, pairs, {}, { blocks })).pairs.inliers[8]).toBeGreaterThan(200)
  })

  test('nothing to verify is no error', async () => {
    expect((await verify([], [])).pairs.inliers.length).toBe(0)
  })
})

test('DELF files that another program wrote, with the rules of the Landmark code', async () => {
  const folder = temporaryFolder('verify')
  const n = 40
  const locations = Float32Array.from({ length: 2 * n }, (_, i) => (i * 37) % 400)
  const descriptors = Float32Array.from({ length: 40 * n }, (_, i) => (Math.floor(i / 40) === i % 40 ? 1 : 0))
  for (const [name, shift] of [['a', 0], ['b', 25]] as const) writeNpz(join(folder, `${name}.npz`), { locations: npyBytes(locations.map((value) => value + shift), [n, 2]), descriptors: npyBytes(descriptors, [n, 40]) })
  const image = (name: string, imageId: number): VerifyImage => ({ imageId, path: Buffer.from(`/images/${name}.jpg`), bytes: 1, mtimeMs: 1, svg: false, sha256: null })
  const one = new VerifyPool({ workers: 1 })
  const verifyDelf = async (): ReturnType<typeof verify> =>
    await verify([image('a', 1), image('b', 2), image('c', 3)], [0, 1, 0, 2], { ...landmarkSettings, features: await featureSpec({ kind: 'delf', folder, features: 1000 }) }, {}, one)
  const { pairs, failures } = await verifyDelf()
  expect([...pairs.inliers]).toEqual([n, 0])
  expect([...(mapOf(pairs, 0) ?? [])].map(Math.round)).toEqual([1, 0, 25, 0, 1, 25, 0, 0, 1])
  expect(failures).toEqual([{ imageId: 3, reason: 'no-features', detail: expect.stringContaining('c.npz') as string }])
  // Written anew while a worker still has the old ones in memory.
  writeNpz(join(folder, 'b.npz'), { locations: npyBytes(locations.map((value) => value + 30), [n, 2]), descriptors: npyBytes(descriptors, [n, 40]) })
  try {
    expect([...(mapOf((await verifyDelf()).pairs, 0) ?? [])].map(Math.round)).toEqual([1, 0, 30, 0, 1, 30, 0, 0, 1])
  } finally {
    await one.close()
  }
})
