import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startThread } from '../workers/thread.ts'
import type { DrawThread } from './draw.thread.ts'
import { planSample, sampleVersion, type SampleItem } from './plan.ts'

const mostThreads = 4
/** In each thread: while one picture is encoded and written, which happens elsewhere, another is painted. */
const atOnce = 2

/** Where the sample lies: `images` is the root that a project reads; `truth` lies outside of it. */
export interface SampleFolder {
  readonly folder: string
  readonly images: string
  readonly truth: string
}

export const sampleFolder = (home: string): SampleFolder => {
  const folder = join(home, 'sample')
  return { folder, images: join(folder, 'images'), truth: join(folder, 'truth.json') }
}

export interface DrawOptions {
  readonly folder: SampleFolder
  readonly count: number
  readonly seed: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly threads?: number
}

const drawnSchema = z.object({ version: z.number(), count: z.number(), seed: z.number() })

/**
 * Draws what is missing of the sample; each file appears whole or not at all, so a stopped drawing goes on where it was. A sample of another size,
 * seed or version in that folder is cleared first (only the files that its plan names). Returns how many files were drawn now.
 * Throws `signal.reason` when it is stopped.
 */
export async function drawSample({ folder, count, seed, signal, onProgress, threads = Math.min(mostThreads, availableParallelism()) }: DrawOptions): Promise<number> {
  const { items, truth } = planSample({ count, seed })
  const unfinished = join(folder.folder, 'unfinished')
  await mkdir(folder.images, { recursive: true })
  await clearOther(folder, count, seed)
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished)
  await writeWhole(folder.truth, JSON.stringify(truth, null, 1))
  const missing = items.filter(({ path }) => !existsSync(join(folder.images, path)))
  let done = items.length - missing.length
  onProgress?.(done, items.length)
  const workers = Array.from({ length: Math.max(1, Math.min(threads, missing.length)) }, () => startThread<DrawThread>(new URL('./draw.thread.ts', import.meta.url)))
  try {
    const drawAll = async (queue: SampleItem[]): Promise<void> => {
      await Promise.all(workers.flatMap((worker) => Array.from({ length: atOnce }, () => worker)).map(async ({ connection: line }) => {
        for (let item = queue.shift(); item; item = queue.shift()) {
          signal?.throwIfAborted()
          await line.call('draw', [item, folder.images, unfinished])
          onProgress?.(++done, items.length)
        }
      }))
    }
    await drawAll(missing.filter(({ kind }) => kind !== 'edit'))
    await drawAll(missing.filter(({ kind }) => kind === 'edit'))
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
  }
  await rm(unfinished, { recursive: true, force: true })
  return missing.length
}

/** Removes the files of a sample that was drawn with other numbers, and notes what is being drawn now. */
async function clearOther({ folder, images }: SampleFolder, count: number, seed: number): Promise<void> {
  const note = join(folder, 'sample.json')
  const drawn = await readFile(note, 'utf8').then((text) => drawnSchema.safeParse(JSON.parse(text)).data, () => undefined)
  if (drawn?.version === sampleVersion && drawn.count === count && drawn.seed === seed) return
  if (drawn) for (const { path } of planSample(drawn).items) await rm(join(images, path), { force: true })
  await writeWhole(note, JSON.stringify({ version: sampleVersion, count, seed }))
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text)
  await rename(`${path}.part`, path)
}
