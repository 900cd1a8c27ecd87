import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { GenerateSpec } from '../contract/generator.ts'
import { WinnowError } from '../domain/errors.ts'
import { targetConflicts } from '../exporters/targetFolder.ts'
import type { JobContext } from '../jobs/job.ts'
import type { Project } from '../project/project.ts'
import { startThread } from '../workers/thread.ts'
import type { VisionPool } from '../workers/visionPool.ts'
import type { EditOutcome, EditTask, PictureSource } from './editBatch.ts'
import type { PlannedFile } from './plan.ts'
import type { ManifestRecord } from './records.ts'
import { finishedSet, finishSet, openWorkFolder, planFingerprint, recordsName } from './setFolder.ts'
import type { SetThread } from './set.thread.ts'
import type { SetSummary } from './truthFiles.ts'

export interface GenerateOptions {
  readonly project: Project
  readonly vision: Pick<VisionPool, 'edits' | 'size'>
  readonly spec: GenerateSpec
  readonly signal: AbortSignal
  readonly report: JobContext['report']
  readonly fail: JobContext['fail']
}

export interface GeneratedSetReport extends Pick<SetSummary, 'files' | 'pairs'> {
  readonly out: string
  readonly failed: number
  /** It had been finished before. */
  readonly alreadyThere: boolean
}

const filesPerCall = 4
const filesPerPage = 400
const stage = 'Editing'

/**
 * Makes a set in a hidden folder beside its place and moves it there when it is whole. What is made is noted line by line, so that a killed run goes on.
 * Throws BAD_INPUT (too few images), CONFLICT (the place is taken, or lies in an image folder or in the project), UNAVAILABLE (the disk), `signal.reason`.
 */
export async function generateSet(options: GenerateOptions): Promise<GeneratedSetReport> {
  const { project, spec, signal } = options
  const out = resolve(spec.out)
  const sources = await project.read.generator.sources()
  const fingerprint = planFingerprint(spec, sources.hash)
  const finished = await finishedSet(out, fingerprint)
  if (finished) return { out, ...finished, failed: 0, alreadyThere: true }
  await refuseConflicts(project, spec.out)
  const thread = startThread<SetThread>(new URL('./set.thread.ts', import.meta.url))
  try {
    const plan = await thread.connection.call('open', [spec, sources.ids.length], { signal })
    const work = await openWorkFolder(out, fingerprint)
    for (const folder of plan.folders) await mkdir(join(work, folder), { recursive: true })
    const making = new SetMaking(options, { thread: thread.connection, work, imageIds: sources.ids, total: plan.files })
    await making.all()
    signal.throwIfAborted()
    const { left, unmade, ...summary } = await thread.connection.call('finish', [join(work, recordsName), work], { signal })
    // What could not be made now may be there from an earlier run that did not come to write it down.
    for (const file of [...left, ...unmade]) await rm(join(work, file), { force: true })
    await finishSet({ work, out, fingerprint, spec, summary })
    return { out, ...summary, failed: making.failed + left.length, alreadyThere: false }
  } finally {
    await thread.end()
  }
}

async function refuseConflicts(project: Project, out: string): Promise<void> {
  const roots = await project.read.roots.list()
  const conflicts = await targetConflicts(out, [...roots.map(({ path }) => ({ path, what: 'the image folder' })), { path: project.folder, what: 'the project' }])
  if (conflicts.length > 0) throw new WinnowError('CONFLICT', conflicts.join('\n'))
}

type Thread = ReturnType<typeof startThread<SetThread>>['connection']

interface Work {
  readonly task: EditTask
  readonly planned: PlannedFile
}

/** One run: keeps the workers busy with a bounded number of calls and notes what they made. */
class SetMaking {
  failed = 0
  readonly #options: GenerateOptions
  readonly #thread: Thread
  readonly #work: string
  readonly #imageIds: Int32Array
  readonly #total: number
  #done = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(options: GenerateOptions, { thread, work, imageIds, total }: { thread: Thread; work: string; imageIds: Int32Array; total: number }) {
    this.#options = options
    this.#thread = thread
    this.#work = work
    this.#imageIds = imageIds
    this.#total = total
  }

  async all(): Promise<void> {
    const { vision, signal: asked, report } = this.#options
    const recorded = new Set(await this.#thread.call('recorded', [join(this.#work, recordsName), this.#work]))
    this.#done = recorded.size
    report(stage, this.#done, this.#total)
    const stop = new AbortController()
    const signal = AbortSignal.any([asked, stop.signal])
    const running = new Set<Promise<void>>()
    try {
      for (let from = 0; from < this.#total; from += filesPerPage) {
        const page = (await this.#thread.call('page', [from, from + filesPerPage])).filter(({ number }) => !recorded.has(number))
        const tasks = await this.#tasks(page)
        for (let at = 0; at < tasks.length; at += filesPerCall) {
          while (running.size >= vision.size * 2) await Promise.race(running)
          signal.throwIfAborted()
          const some = tasks.slice(at, at + filesPerCall)
          const call = this.#make(some, signal).finally(() => running.delete(call))
          call.catch((error: unknown) => stop.abort(error))
          running.add(call)
        }
      }
      await Promise.all(running)
    } finally {
      await Promise.allSettled(running)
      await this.#writing
    }
  }

  async #make(work: readonly Work[], signal: AbortSignal): Promise<void> {
    const { vision, report, fail } = this.#options
    const outcomes = await vision.edits({ tasks: work.map(({ task }) => task) }, { signal })
    const byNumber = new Map(work.map((each) => [each.task.number, each]))
    const lines: string[] = []
    for (const outcome of outcomes) {
      const { task, planned } = byNumber.get(outcome.number) as Work
      if ('failure' in outcome) {
        this.failed++
        fail({ imageId: task.source.imageId, subject: task.source.name, ...outcome.failure })
      } else lines.push(`\n${JSON.stringify(recordOf(task, planned, outcome))}`)
    }
    await this.#note(lines.join(''))
    this.#done += work.length
    report(stage, this.#done, this.#total)
  }

  /** One write after the other, each beginning a line: records must not run into each other, nor into one that a full disk cut short. */
  async #note(lines: string): Promise<void> {
    const file = join(this.#work, recordsName)
    this.#writing = this.#writing.then(async () => await appendFile(file, lines))
    await this.#writing
  }

  async #tasks(page: readonly { number: number; planned: PlannedFile }[]): Promise<Work[]> {
    const { project, spec, fail } = this.#options
    const idOf = (place: number): number => this.#imageIds[place] as number
    const ids = new Set(page.flatMap(({ planned: { source, companion } }) => [idOf(source), ...(companion === null ? [] : [idOf(companion)])]))
    const pictures = new Map((await project.read.generator.pictures([...ids])).map((picture) => [picture.imageId, toSource(picture)]))
    return page.flatMap(({ number, planned }) => {
      const source = pictures.get(idOf(planned.source))
      if (!source) {
        this.failed++
        this.#done++
        fail({ imageId: idOf(planned.source), subject: planned.file, reason: 'vanished', detail: 'The image left the project while the set was being made.' })
        return []
      }
      const companion = planned.companion === null ? null : (pictures.get(idOf(planned.companion)) ?? null)
      const edit = planned.chain && planned.index !== null ? { key: { seed: spec.seed, sha256: source.sha256, index: planned.index }, chain: planned.chain, longestSide: spec.longestSide } : null
      return [{ planned, task: { number, file: join(this.#work, planned.file), source, companion, edit } }]
    })
  }
}

const toSource = ({ imageId, root, pathRaw, path, bytes, mtimeMs, svg, sha256 }: Awaited<ReturnType<Project['read']['generator']['pictures']>>[number]): PictureSource => {
  const folder = root.endsWith('/') ? root : `${root}/`
  return { imageId, path: Buffer.concat([Buffer.from(folder), pathRaw]), name: `${folder}${path}`, bytes, mtimeMs, svg, sha256 }
}

function recordOf({ source, companion, edit }: EditTask, planned: PlannedFile, made: Extract<EditOutcome, { sha256: string }>): ManifestRecord {
  return {
    number: made.number, file: planned.file, role: planned.role, sha256: made.sha256, bytes: made.bytes, width: made.width, height: made.height,
    source: { path: source.name, sha256: source.sha256, ...made.source },
    key: edit?.key ?? null, edits: made.edits, homography: made.homography, region: made.region, visible: made.visible,
    companion: made.usedCompanion && companion ? { path: companion.name, sha256: companion.sha256 } : null
  }
}

