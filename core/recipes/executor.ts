import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobContext } from '../jobs/job.ts'
import type { ResultRecord } from '../project/repositories/recipes.ts'
import { Artefact, ArtefactWriter } from './artefact.ts'
import { type KeyedStep, partialOf } from './plan.ts'
import type { EngineContext } from './step.ts'
import type { StepHost } from './stepHost.ts'
import { openInputs } from './stepProcess.ts'

/** Below the results folder: steps that are being made, one folder a key. What a killed engine left there is taken up by the same step. */
export const workName = '.work'
export const workFolder = (resultsFolder: string, key: string): string => join(resultsFolder, workName, key)

export const resultFolder = (resultsFolder: string, key: string): string => join(resultsFolder, key)

type Report = (done: number, total: number | null, message?: string) => void

/** Runs single steps and keeps what they make. */
export class StepExecutor {
  readonly #context: JobContext
  readonly #host: StepHost
  readonly #told = new Set<string>()
  /** Keys of what was made here. */
  readonly #made = new Set<string>()

  constructor(context: JobContext, host: StepHost) {
    this.#context = context
    this.#host = host
  }

  /** A remark of a step; what several steps say alike (on what the model runs) is said once. */
  #note(title: string, text: string): void {
    if (this.#told.has(text)) return
    this.#told.add(text)
    this.#context.note(`${title}: ${text}`)
  }

  /** What is kept under the step's key, where its files are still there; a result whose folder was lost is forgotten. */
  async kept(step: KeyedStep): Promise<ResultRecord | null> {
    const { project } = this.#context
    const result = await project.read.recipes.result(step.key)
    if (!result) return null
    try {
      await Artefact.open(resultFolder(project.resultsFolder, step.key))
      return result
    } catch {
      await project.write.recipes.removeResults([step.key])
      return null
    }
  }

  /** What is kept and need not be made anew: it is whole, or was made here and would lack the same again. */
  async settled(step: KeyedStep): Promise<ResultRecord | null> {
    const there = await this.kept(step)
    return there && (partialOf(there) === null || this.#made.has(step.key)) ? there : null
  }

  /**
   * Runs the step over the kept results of its inputs (id -> key), unless somebody else (a trial, a job) has just made the same. The result is
   * in place and recorded when this returns.
   */
  async run(step: KeyedStep, keys: ReadonlyMap<string, string>, report: Report): Promise<ResultRecord> {
    return await this.#host.making.take(step.key, async () => (await this.settled(step)) ?? (await this.#make(step, keys, report)))
  }

  async #make(step: KeyedStep, keys: ReadonlyMap<string, string>, report: Report): Promise<ResultRecord> {
    const { project, signal } = this.#context
    signal.throwIfAborted()
    const { definition } = step.module
    const work = workFolder(project.resultsFolder, step.key)
    const final = resultFolder(project.resultsFolder, step.key)
    const call = {
      use: definition.use,
      params: step.params,
      inputs: Object.fromEntries(Object.entries(step.inputs).map(([name, ids]) => [name, ids.map((id) => resultFolder(project.resultsFolder, keys.get(id) ?? ''))])),
      // As deep as the final folder, so that a path relative to the result holds in both.
      out: join(project.resultsFolder, `${workName}-${step.key}`),
      scratch: join(work, 'scratch')
    }
    await mkdir(call.scratch, { recursive: true })
    const startedAt = Date.now()
    let peakBytes: number | null
    try {
      peakBytes = definition.runsIn === 'process' ? await this.#inProcess(step, call, report) : await this.#inEngine(step, call, report)
      signal.throwIfAborted()
    } catch (error) {
      await leaveNothing(error, signal, call.out, work)
      throw error
    }
    const artefact = await Artefact.open(call.out)
    await rm(final, { recursive: true, force: true })
    await rename(call.out, final)
    const record = {
      key: step.key, use: definition.use, kind: artefact.kind, params: step.params, summary: artefact.summary, facts: recorded(artefact.facts),
      seconds: (Date.now() - startedAt) / 1000, peakBytes, madeAt: Date.now()
    }
    const id = await project.write.recipes.addResult(record)
    this.#made.add(step.key)
    // What is not whole is made again: its step then makes only what is lacking.
    if (partialOf(record) === null) await rm(work, { recursive: true, force: true })
    return { id, ...record }
  }

  async #inProcess(step: KeyedStep, call: Parameters<StepHost['run']>[0], report: Report): Promise<number> {
    const { peakBytes } = await this.#host.run(call, {
      signal: this.#context.signal,
      shared: step.module.definition.cheap ?? false,
      onNews: (news) => {
        if ('note' in news) this.#note(step.title, news.note)
        else report(news.progress.done, news.progress.total, news.progress.message)
      }
    })
    return peakBytes
  }

  /** The engine's own memory says nothing of one step. */
  async #inEngine(step: KeyedStep, { inputs, out, scratch }: { inputs: Record<string, string[]>; out: string; scratch: string }, report: Report): Promise<null> {
    const { signal } = this.#context
    const context: EngineContext = { signal, report, note: (text) => this.#note(step.title, text), out: await ArtefactWriter.begin(out), scratch, job: this.#context }
    await step.module.run(context as never, (await openInputs(step.module.definition.inputs, inputs)) as never, step.params as never)
    return null
  }
}

/** Facts travel with every look at a run: what is long (the names of 200,000 classes) stays in the artefact alone. */
const longest = 65_536
const recorded = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> => Object.fromEntries(Object.entries(facts).filter(([, value]) => (JSON.stringify(value)?.length ?? 0) <= longest))

/** What a step began goes; its scratch stays for when it goes on, unless its input was at fault, with which it would fail again. */
async function leaveNothing(error: unknown, signal: AbortSignal, out: string, work: string): Promise<void> {
  await rm(out, { recursive: true, force: true })
  const { code } = (error ?? {}) as { code?: unknown }
  if (!signal.aborted && (code === 'BAD_INPUT' || code === 'NOT_FOUND' || code === 'CORRUPT')) await rm(work, { recursive: true, force: true })
}
