import { benchProject } from './benchProject.ts'
import type { BenchOptions } from './main.ts'
import { median } from './machine.ts'
import { stageRate } from './parallel.ts'
import { photosIn } from './photos.ts'
import type { BenchResult } from './result.ts'

const rounds = 3

/** A scan with all hashes, thumbnails and measures, against reading, decoding and shrinking alone. */
export async function benchScanning({ images }: BenchOptions): Promise<BenchResult[]> {
  const photos = photosIn(images)
  const ratios: number[] = []
  const plain: number[] = []
  const scanned: number[] = []
  // In turns, so that a neighbour on the machine disturbs both alike.
  for (let round = 0; round < rounds; round++) {
    plain.push(await stageRate(new URL('./scanning.stage.ts', import.meta.url), null, photos))
    const project = await benchProject(images)
    const { seconds } = await project.run({ kind: 'scan' })
    const { ready } = await project.open.project.read.images.counts()
    await project.close()
    scanned.push(ready / seconds)
    ratios.push((scanned.at(-1) ?? 0) / (plain.at(-1) ?? 1))
  }
  return [{
    bench: 'scanning',
    what: 'scan with all hashes, thumbnails and quality, of full decode + thumbnail alone',
    ratio: median(ratios),
    target: { atLeast: 0.8 },
    unit: 'x',
    figures: { images: photos.length, 'images/s': median(scanned), 'decode + thumbnail images/s': median(plain) }
  }]
}
