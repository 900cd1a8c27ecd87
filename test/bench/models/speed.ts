import { readFileSync } from 'node:fs'
import { median } from '../machine.ts'
import { prepareSharp } from '../prepareSharp.ts'
import { openDescriber } from './describer.ts'
import type { Subject } from './modelsMeasured.ts'
import type { Photo } from './photoSet.ts'

export interface Speed {
  /** Milliseconds of inference for one picture; of many runs the least, which is what the core does when nobody else takes it. */
  readonly inference: number
  readonly medianInference: number
  /** The same from the file's bytes on: decoding, resizing and inference. */
  readonly whole: number
}

const pictures = 8
const rounds = 12
const runsARound = 5

/** One picture after the other, one thread, nothing else of this bench running. The subjects take turns, so that a busy minute hits all of them. */
export async function measureSpeeds(subjects: readonly Subject[], photos: readonly Photo[]): Promise<Speed[]> {
  prepareSharp()
  const some = Array.from({ length: Math.min(pictures, photos.length) }, (_, i) => readFileSync((photos[Math.floor((i * photos.length) / pictures)] as Photo).path))
  const describers = await Promise.all(subjects.map(openDescriber))
  const found = subjects.map(() => ({ inference: [] as number[], whole: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const [s, describer] of describers.entries()) {
      const bytes = some[round % some.length] as Buffer
      const run = await describer.prepare(bytes)
      // The first run of a session finds its memory cold.
      await run()
      for (let i = 0; i < runsARound; i++) {
        found[s]?.inference.push(await milliseconds(run))
        found[s]?.whole.push(await milliseconds(async () => await describer.describe(bytes)))
      }
    }
  }
  for (const describer of describers) await describer.close()
  return found.map(({ inference, whole }) => ({ inference: Math.min(...inference), medianInference: median(inference), whole: Math.min(...whole) }))
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
