import { benchProject } from './benchProject.ts'
import { judge } from './judge.ts'
import type { BenchOptions } from './main.ts'
import { median } from './machine.ts'
import { stageSpent } from './parallel.ts'
import { photosIn } from './photos.ts'
import type { BenchResult } from './result.ts'
import { type Spent, spent } from './spent.ts'

const rounds = 5
const stage = new URL('./scanning.stage.ts', import.meta.url)

/** A scan of a fresh project, with worker processes that run already (as after looking at a folder in the window) or that it must start (as from a terminal). */
async function scan(images: string, warm: boolean): Promise<Spent> {
  const project = await benchProject(images)
  if (warm) await project.engine.vision.warm()
  const found = await spent(() => project.run({ kind: 'scan' }))
  await project.close()
  return found
}

/** A scan with all hashes, thumbnails and measures, against reading, decoding and shrinking alone. */
export async function benchScanning({ images }: BenchOptions): Promise<BenchResult[]> {
  const photos = photosIn(images)
  const plain: Spent[] = []
  const warm: Spent[] = []
  // In turns, so that a neighbour on the machine disturbs both alike.
  for (let round = 0; round < rounds; round++) {
    plain.push(await stageSpent(stage, null, photos))
    warm.push(await scan(images, true))
  }
  const cold = await scan(images, false)
  const perSecond = (runs: readonly Spent[]): number => photos.length / median(runs.map(({ wall }) => wall))
  return [{
    bench: 'scanning',
    what: 'scan with all hashes, thumbnails and quality, of full decode + thumbnail alone',
    ...judge(warm.map((product, round) => ({ product, parts: [plain[round] as Spent] }))),
    target: { atLeast: 0.8 },
    unit: 'x',
    figures: { images: photos.length, 'images/s': perSecond(warm), 'decode + thumbnail images/s': perSecond(plain), 'cold start seconds': cold.wall, 'warm seconds': median(warm.map(({ wall }) => wall)) }
  }]
}
