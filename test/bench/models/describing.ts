import { availableParallelism } from 'node:os'
import type { Matrix } from '../../../core/domain/matrix.ts'
import { RemoteError } from '../../../core/workers/channel.ts'
import { WorkerProcess } from '../../../core/workers/workerProcess.ts'
import type { DescribeProcess, Described, Task } from './describe.process.ts'
import { edits } from './edits.ts'
import type { Subject } from './modelsMeasured.ts'
import { type Photo, versionGroups } from './photoSet.ts'
import type { Asked } from './retrieval.ts'

/** What the subjects say of all photos and of the copies of some. */
export interface Descriptions {
  /** Those that could be opened. */
  readonly photos: readonly Photo[]
  /** Photos that copies were made of. */
  readonly asked: number
  /** The rows of `copies`, edit after edit: all copies by the first edit, then all by the next. */
  readonly of: Asked
  readonly bySubject: readonly { readonly photos: Matrix; readonly copies: Matrix }[]
}

const patience = 300_000
/** The picture that is pasted lies so many photos further: in another class. */
const stride = 997
const companionTrials = 5

/** By as many processes as there are cores, each with the next photo that is waiting. Photos that cannot be opened are told and left out. */
export async function describeAll(photos: readonly Photo[], subjects: readonly Subject[], every: number): Promise<Descriptions> {
  const found = Array.from<Described | null>({ length: photos.length }).fill(null)
  const workers = Array.from({ length: availableParallelism() }, () => new WorkerProcess<DescribeProcess>(new URL('./describe.process.ts', import.meta.url)))
  let next = 0
  let done = 0
  try {
    await Promise.all(workers.map(async (worker) => {
      await worker.ready
      await worker.call('open', [subjects] as never, patience)
      for (let i = next++; i < photos.length; i = next++) {
        found[i] = await describedBy(worker, taskOf(photos, i, every))
        if (++done % 100 === 0 || done === photos.length) process.stderr.write(`  ${done} of ${photos.length} photos\n`)
      }
    }))
  } finally {
    for (const worker of workers) await worker.end()
  }
  return gathered(photos, found, subjects.length)
}

/** With fewer photos than the stride, too, none is pasted on itself. */
function taskOf(photos: readonly Photo[], i: number, every: number): Task {
  const others = photos.length - 1
  const companions = Array.from({ length: Math.min(companionTrials, others) }, (_, k) => (photos[(i + 1 + ((stride - 1 + k) % others)) % photos.length] as Photo).path)
  return { path: (photos[i] as Photo).path, name: (photos[i] as Photo).name, isQuery: i % every === 0, companions }
}

async function describedBy(worker: WorkerProcess<DescribeProcess>, task: Task): Promise<Described | null> {
  try {
    return (await worker.call('describe', [task] as never, patience)) as Described
  } catch (error) {
    if (!(error instanceof RemoteError && error.name === 'DecodeFailure')) throw error
    process.stderr.write(`  ${task.path} is left out: ${error.message}\n`)
    return null
  }
}

function gathered(all: readonly Photo[], found: readonly (Described | null)[], subjects: number): Descriptions {
  const kept = found.flatMap((described, i) => (described ? [{ ...described, ...(all[i] as Photo) }] : []))
  const asked = kept.flatMap(({ copies }, i) => ((copies[0]?.length ?? 0) > 0 ? [i] : []))
  return {
    photos: kept.map(({ path, name, className }) => ({ path, name, className })),
    asked: asked.length,
    of: { of: Int32Array.from(edits.flatMap(() => asked)), groups: versionGroups(kept) },
    bySubject: Array.from({ length: subjects }, (_, s) => ({
      photos: stacked(kept.map(({ photo }) => photo[s] as Float32Array)),
      copies: stacked(edits.flatMap((_edit, e) => asked.map((i) => kept[i]?.copies[s]?.[e] as Float32Array)))
    }))
  }
}

function stacked(rows: readonly Float32Array[]): Matrix {
  const dim = rows[0]?.length ?? 0
  const data = new Float32Array(rows.length * dim)
  for (const [i, row] of rows.entries()) data.set(row, i * dim)
  return { rows: rows.length, dim, data }
}
