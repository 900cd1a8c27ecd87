/** A thread that plans a set and, when its files are made, writes its manifest and truth: long lists that must not hold up the engine. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import type { GenerateSpec } from '../contract/generator.ts'
import { serveThread } from '../workers/channel.ts'
import { planSet, type PlannedFile, type SetPlan } from './plan.ts'
import { readRecords, writeRecords } from './records.ts'
import { type SetSummary, writeTruth } from './truthFiles.ts'

let plan: SetPlan = { files: [], pairs: [] }
let spec: GenerateSpec | null = null

const setThread = {
  /** Plans; returns how many files there will be, and the folders they lie in. */
  open(asked: GenerateSpec, sources: number): { files: number; folders: string[] } {
    spec = asked
    plan = planSet(asked, sources)
    return { files: plan.files.length, folders: [...new Set(plan.files.map(({ file }) => file.slice(0, file.lastIndexOf('/'))))] }
  },
  /** The planned files from..to. */
  page(from: number, to: number): { number: number; planned: PlannedFile }[] {
    return plan.files.slice(from, to).map((planned, i) => ({ number: from + i, planned }))
  },
  /** The numbers of the files in `folder` that an earlier run recorded. A file of another size (the machine lost power before it was on disk) is made again. */
  async recorded(records: string, folder: string): Promise<Int32Array> {
    const whole: number[] = []
    for (const { number, file, bytes } of (await readRecords(records)).values()) if (statSync(join(folder, file), { throwIfNoEntry: false })?.size === bytes) whole.push(number)
    return Int32Array.from(whole)
  },
  /** Writes manifest.jsonl and the files of truth into `folder`, from what was made; `unmade` are the planned files that were not. */
  async finish(records: string, folder: string): Promise<SetSummary & { unmade: string[] }> {
    if (!spec) throw new Error('The set was not planned.')
    const made = await readRecords(records)
    const summary = await writeTruth(folder, spec, plan, made)
    await writeRecords(folder, made, summary.left)
    return { ...summary, unmade: plan.files.filter((_, number) => !made.has(number)).map(({ file }) => file) }
  }
}
export type SetThread = typeof setThread

if (!parentPort) throw new Error('set.thread.ts is the entry of a worker thread')
serveThread(parentPort, setThread)
