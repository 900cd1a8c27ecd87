/** A thread that plans a set and, when its files are made, writes its manifest and truth: long lists that must not hold up the engine. */
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
  /** Those of the planned files from..to that are not recorded in `records` yet. */
  page(from: number, to: number): { number: number; planned: PlannedFile }[] {
    return plan.files.slice(from, to).map((planned, i) => ({ number: from + i, planned }))
  },
  /** The numbers that the records of an earlier run vouch for. */
  async recorded(records: string): Promise<Int32Array> {
    return Int32Array.from((await readRecords(records)).keys())
  },
  /** Writes manifest.jsonl and the files of truth into `folder`, from what was made. */
  async finish(records: string, folder: string): Promise<SetSummary> {
    if (!spec) throw new Error('The set was not planned.')
    const made = await readRecords(records)
    const summary = await writeTruth(folder, spec, plan, made)
    await writeRecords(folder, made, summary.left)
    return summary
  }
}
export type SetThread = typeof setThread

if (!parentPort) throw new Error('set.thread.ts is the entry of a worker thread')
serveThread(parentPort, setThread)
