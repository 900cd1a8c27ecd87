import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { orbSettings, verifySettings } from '../../../core/verify/settings.ts'
import { mapOf } from '../../../core/verify/verifyBatch.ts'
import { verifyAll } from '../../../core/verify/verifyRun.ts'
import { VerifyPool } from '../../../core/workers/verifyPool.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { asImage } from './scenes.ts'

const data = join(process.env['WINNOW_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared'), 'data')
const missing = !existsSync(join(data, 'edits', 'bridge'))
const pool = new VerifyPool({ workers: 2 })
afterAll(() => pool.close())

const settings = verifySettings.parse({ mirrored: true })

/** Inliers of pairs of files, and the maps. */
async function verify(files: readonly (readonly [string, string])[]): Promise<{ inliers: number[]; maps: (Float64Array | null)[]; mirrored: number[] }> {
  const paths = [...new Set(files.flat())]
  const { pairs } = await verifyAll(pool, {
    images: paths.map((path, i) => asImage(path, i)), pairs: Int32Array.from(files.flatMap(([a, b]) => [paths.indexOf(a), paths.indexOf(b)])),
    features: orbSettings.parse({ kind: 'orb' }), match: settings.match, model: settings.model, mirrored: true, cacheFolder: join(temporaryFolder('photos'), 'features'), points: 'none', mostPoints: 0
  })
  return { inliers: [...pairs.inliers], maps: files.map((_, i) => mapOf(pairs, i)), mirrored: [...pairs.mirrored] }
}

describe('real photographs (skipped where ../shared/data is missing)', () => {
  test.skipIf(missing)('edited copies have many times the inliers of unrelated photographs', async () => {
    const bridge = join(data, 'edits', 'bridge')
    const ukbench = join(data, 'edits', 'ukbench')
    const original = join(bridge, 'aaa-orig.jpg')
    // Copies that kept at least a third of the original's side: those of 128 and 256 pixels show too little of it.
    const copies = readdirSync(bridge).filter((name) => !/orig|square-(128|256)|shrink-a-lot/.test(name)).map((name) => [original, join(bridge, name)] as const)
    const other = ['gray', 'hflip', 'resize', 'rotation'].map((edit) => [join(ukbench, 'ukbench00120.jpg'), join(ukbench, `ukbench00120_${edit}.jpg`)] as const)
    const found = await verify([...copies, ...other])
    expect(Math.min(...found.inliers)).toBeGreaterThan(60)
    expect(found.mirrored.slice(copies.length)).toEqual([0, 1, 0, 0])

    const photos = join(data, 'photos-101')
    const strangers = readdirSync(photos).slice(0, 9).map((name) => join(photos, name, readdirSync(join(photos, name))[0] as string))
    const unrelated = await verify(strangers.flatMap((a, i) => strangers.slice(0, i).map((b) => [a, b] as const)))
    expect(Math.max(...unrelated.inliers)).toBeLessThan(15)
  })

  test.skipIf(missing)('the map of a shrunk copy says how much it was shrunk', async () => {
    const bridge = join(data, 'edits', 'bridge')
    const { maps } = await verify([[join(bridge, 'aaa-orig.jpg'), join(bridge, 'shrink-a-little.jpg')]])
    const [a, b, , c, d] = maps[0] as Float64Array
    expect(a).toBeCloseTo(0.72, 2)
    expect(d).toBeCloseTo(0.72, 2)
    expect([b, c].every((value) => Math.abs(value as number) < 0.005)).toBe(true)
  })

  test.skipIf(!existsSync(join(data, 'near-duplicates', 'potatoes')))('frames of one scene: what does not move is found', async () => {
    const potatoes = join(data, 'near-duplicates', 'potatoes')
    const frames = readdirSync(potatoes).filter((name) => /\.(png|jpe?g)$/i.test(name)).slice(0, 6).map((name) => join(potatoes, name))
    const { inliers } = await verify(frames.slice(1).map((frame, i) => [frames[i] as string, frame] as const))
    expect(Math.max(...inliers)).toBeGreaterThan(5)
  })
})
