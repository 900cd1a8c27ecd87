/** Embeds parts over a real project and real workers, without the rest of the engine. As a program: `node partsHarness.ts PROJECT MODEL LIST`. */
import { readFileSync } from 'node:fs'
import type { ModelCard } from '../../../core/contract/models.ts'
import type { ViewPlan } from '../../../core/contract/views.ts'
import type { EmbedContext } from '../../../core/models/embedRun.ts'
import { embedParts, type PartList, type PartsOutcome } from '../../../core/models/embedParts.ts'
import { Project } from '../../../core/project/project.ts'
import type { NewJobFailure } from '../../../core/project/repositories/jobs.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'

export interface PartsRun extends PartsOutcome {
  readonly failures: NewJobFailure[]
  readonly notes: string[]
  readonly reports: [done: number, total: number][]
}

export interface PartsAsk {
  readonly card: ModelCard
  readonly file: string
  readonly list: PartList
  readonly plan?: ViewPlan
  readonly signal?: AbortSignal
  /** What a trial would have measured. */
  readonly millisecondsPerImage?: number
}

export async function embedPartsOf(project: Project, { card, file, list, plan, signal = new AbortController().signal, millisecondsPerImage = 1 }: PartsAsk): Promise<PartsRun> {
  const vision = new VisionPool({ workers: 2 })
  const failures: NewJobFailure[] = []
  const notes: string[] = []
  const reports: [number, number][] = []
  const choose = (): Promise<unknown> => Promise.resolve({ provider: 'cpu', millisecondsPerImage, reports: [] })
  const context = {
    engine: { vision, models: { choose } }, project, signal,
    report: (done: number, total: number) => void reports.push([done, total]),
    fail: (failure: NewJobFailure) => void failures.push(failure),
    note: (text: string) => void notes.push(text)
  } as unknown as EmbedContext
  try {
    return { ...(await embedParts(context, { model: { card, file }, list, ...(plan ? { plan } : {}) })), failures, notes, reports }
  } finally {
    await vision.close()
  }
}

/** The same list in numbers that JSON can hold. */
export const listToJson = ({ images, parts, boxes }: PartList): string => JSON.stringify({ images: [...images], parts: [...parts], boxes: [...boxes] })

if (import.meta.main) {
  const [, , folder, card, file, list] = process.argv as [string, string, string, string, string, string]
  const { images, parts, boxes } = JSON.parse(readFileSync(list, 'utf8')) as Record<'images' | 'parts' | 'boxes', number[]>
  const project = await Project.open(folder)
  await embedPartsOf(project, { card: JSON.parse(readFileSync(card, 'utf8')) as ModelCard, file, list: { images: Int32Array.from(images), parts: Int32Array.from(parts), boxes: Int32Array.from(boxes) } })
  await project.close()
}
