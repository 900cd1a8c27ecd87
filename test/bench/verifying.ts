import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { orbSettings, verifySettings } from '../../core/verify/settings.ts'
import type { VerifyImage } from '../../core/verify/picture.ts'
import { verifyAll } from '../../core/verify/verifyRun.ts'
import { VerifyPool } from '../../core/workers/verifyPool.ts'
import { median } from './machine.ts'
import { photosIn } from './photos.ts'
import type { BenchResult } from './result.ts'
import { quiet, type Spent, spent } from './spent.ts'

const most = 300
const rounds = 3

/** Photographs, and of each a copy that was turned a little, cut and saved again: the pairs that verification is for. */
async function copiesOf(photos: readonly string[], folder: string): Promise<string[]> {
  const copies: string[] = []
  for (const [i, photo] of photos.entries()) {
    const copy = join(folder, `${i}.jpg`)
    await sharp(photo).rotate(4 + (i % 5), { background: '#404040' }).modulate({ brightness: 0.9 }).jpeg({ quality: 70 }).toFile(copy)
    copies.push(copy)
  }
  return copies
}

function asImage(path: string, imageId: number): VerifyImage {
  const { size, mtimeMs } = statSync(path)
  return { imageId, path: Buffer.from(path), bytes: size, mtimeMs, svg: false, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
}

/** Verification of photographs against copies and strangers: all cores against one, and a second run, whose features are kept, against the first (in the same session, and as a figure after a restart). */
export async function benchVerifying({ images: folder }: { readonly images: string }): Promise<BenchResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const found = photosIn(folder)
  const photos = found.filter((_, i) => i % Math.max(1, Math.floor(found.length / most)) === 0).slice(0, most)
  const copies = await copiesOf(photos, scratch)
  const images = [...photos, ...copies].map(asImage)
  const n = photos.length
  // Half of the photographs with their copy, half with another's.
  const pairs = Int32Array.from(Array.from({ length: n }, (_, i) => [i, n + (i % 2 === 0 ? i : (i + 2) % n)]).flat())
  const { match, model } = verifySettings.parse({})
  const single = new VerifyPool({ workers: 1 })
  const all = new VerifyPool()
  const run = async (pool: VerifyPool, cacheFolder: string): Promise<Spent & { inliers: Int32Array }> => {
    let inliers: Int32Array = new Int32Array(0)
    const took = await spent(async () => {
      const { pairs: verified } = await verifyAll(pool, { images, pairs, features: orbSettings.parse({ kind: 'orb' }), match, model, mirrored: false, cacheFolder, points: 'inliers', mostPoints: 100 })
      inliers = verified.inliers
    })
    return { ...took, inliers }
  }
  const measured: { one: Spent; first: Spent; second: Spent; restarted: Spent; inliers: Int32Array }[] = []
  try {
    // Warm: processes run and OpenCV is loaded in each.
    await Promise.all([single.warm(), all.warm()])
    await run(single, join(scratch, 'warm-one'))
    await run(all, join(scratch, 'warm-all'))
    for (let round = 0; round < rounds; round++) {
      const one = await run(single, join(scratch, `one-${round}`))
      const first = await run(all, join(scratch, `all-${round}`))
      const { inliers, ...second } = await run(all, join(scratch, `all-${round}`))
      // After a restart: workers that have nothing in memory, and whose code is not compiled yet.
      const fresh = new VerifyPool()
      await fresh.warm()
      const restarted = await run(fresh, join(scratch, `all-${round}`))
      await fresh.close()
      measured.push({ one, first, second, restarted, inliers })
    }
  } finally {
    await Promise.all([single.close(), all.close()])
    rmSync(scratch, { recursive: true, force: true })
  }
  const others = median(measured.flatMap(({ one, first, second }) => [one.others, first.others, second.others]))
  const judged = others > quiet ? 'cpu' : 'wall'
  const inliers = measured[0]?.inliers ?? new Int32Array(0)
  const scaling = { wall: median(measured.map(({ one, first }) => one.wall / first.wall / all.size)), cpu: median(measured.map(({ one, first }) => one.cpu / first.cpu)) }
  const again = { wall: median(measured.map(({ first, second }) => first.wall / second.wall)), cpu: median(measured.map(({ first, second }) => first.cpu / second.cpu)) }
  const restart = median(measured.map(({ first, restarted }) => first[judged] / restarted[judged]))
  const rate = (pick: (round: (typeof measured)[number]) => Spent): number => n / median(measured.map((round) => pick(round).wall))
  return [
    {
      bench: 'verifying', what: `ORB verification of ${n} pairs of ${2 * n} images with ${all.size} workers, of ${all.size} times the speed of one`, ratio: scaling[judged], target: { atLeast: 0.8 }, unit: 'x', judged, ...scaling, others,
      figures: {
        'pairs/s, one core': rate(({ one }) => one), 'pairs/s, all cores': rate(({ first }) => first),
        'inliers of copies (median)': median([...inliers].filter((_, i) => i % 2 === 0)), 'inliers of strangers (most)': Math.max(...inliers.filter((_, i) => i % 2 === 1))
      }
    },
    {
      bench: 'verifying', what: 'the same pairs in a second run, whose features are kept: times as fast as the first', ratio: again[judged], target: { atLeast: 10 }, unit: 'x', judged, ...again, others,
      figures: { 'pairs/s, second run': rate(({ second }) => second), 'pairs/s, after a restart': rate(({ restarted }) => restarted), 'after a restart, times': restart }
    }
  ]
}
