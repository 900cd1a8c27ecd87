import { createHash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobContext } from '../jobs/job.ts'
import type { FoundBoxes, PartSource } from '../project/repositories/parts.ts'
import type { Box } from './partView.ts'
import type { RegionBatch, RegionDetection, RegionItem, RegionOutcome, RegionSearch } from './regionBatch.ts'

/** Raise one when the same constants would now find other boxes. */
const searchVersion = 1
const decodeVersion = 1

/** Names everything that decides which boxes a search finds. */
export const searchFingerprint = ({ scale, sigma, minSize, minRegion, maxAspect, iou, longestSide, most }: RegionSearch): string =>
  hash(['selective-search', searchVersion, scale, sigma, minSize, minRegion, maxAspect, iou, longestSide, most])

/** The same for a detector. */
export const detectionFingerprint = ({ detector: { card }, classes, confidence, iou, maxDetections }: RegionDetection): string =>
  hash(['detector', decodeVersion, card.sha256, card.input, card.output, classes, confidence, iou, maxDetections])

const hash = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

interface Task {
  readonly source: PartSource
  readonly fingerprint: string
  /** What to send for it. */
  readonly ask: Pick<RegionBatch, 'search' | 'detection'>
  readonly boxes: (outcome: Extract<RegionOutcome, { proposals: Int32Array }>) => Int32Array
}

const imagesPerCall = 4

/**
 * Finds the regions of images in the vision workers and keeps them in the project. What has been found by the same constants stays; a run that was killed
 * goes on where it was (images in which nothing was found are noted in `scratch`).
 */
export class RegionFinder {
  readonly #context: Pick<JobContext, 'engine' | 'project' | 'fail'>
  readonly #signal: AbortSignal
  readonly #scratch: string
  /** Boxes for which no part id was left. */
  withoutId = 0
  /** Images that could not be searched. */
  failed = 0

  constructor(context: Pick<JobContext, 'engine' | 'project' | 'fail'>, { signal, scratch }: { readonly signal: AbortSignal; readonly scratch: string }) {
    this.#context = context
    this.#signal = signal
    this.#scratch = scratch
  }

  async search(imageIds: Int32Array, search: RegionSearch, report: (done: number) => void): Promise<void> {
    await this.#find(imageIds, { source: 'proposal', fingerprint: searchFingerprint(search), ask: { search, detection: null }, boxes: ({ proposals }) => proposals }, report)
  }

  async detect(imageIds: Int32Array, detection: RegionDetection, report: (done: number) => void): Promise<void> {
    await this.#find(imageIds, { source: 'detector', fingerprint: detectionFingerprint(detection), ask: { search: null, detection }, boxes: ({ detections }) => detections }, report)
  }

  async #find(imageIds: Int32Array, task: Task, report: (done: number) => void): Promise<void> {
    const { engine } = this.#context
    const waiting = await this.#waiting(imageIds, task)
    const stop = new AbortController()
    const signal = AbortSignal.any([this.#signal, stop.signal])
    let finished = imageIds.length - waiting.length
    report(finished)
    const running = new Set<Promise<void>>()
    try {
      for (let at = 0; at < waiting.length; at += imagesPerCall) {
        while (running.size >= engine.vision.size * 2) await Promise.race(running)
        signal.throwIfAborted()
        const ids = waiting.slice(at, at + imagesPerCall)
        const call = this.#call(ids, task, signal).then(() => report((finished += ids.length))).finally(() => running.delete(call))
        call.catch((error: unknown) => stop.abort(error))
        running.add(call)
      }
      await Promise.all(running)
    } finally {
      await Promise.allSettled(running)
    }
  }

  async #call(ids: readonly number[], task: Task, signal: AbortSignal): Promise<void> {
    const { engine, project } = this.#context
    const files = await project.read.descriptors.files(ids)
    const items = files.map(({ imageId, root, pathRaw, bytes, mtimeMs, svg }): RegionItem => ({ imageId, path: Buffer.concat([Buffer.from(root.endsWith('/') ? root : `${root}/`), pathRaw]), bytes, mtimeMs, svg }))
    const outcomes = await engine.vision.regions({ items, ...task.ask }, { signal })
    await this.#keep(outcomes, task, new Map(files.map(({ imageId, path }) => [imageId, path])))
  }

  async #keep(outcomes: readonly RegionOutcome[], { source, fingerprint, boxes }: Task, names: ReadonlyMap<number, string>): Promise<void> {
    const { project, fail } = this.#context
    const found: FoundBoxes[] = []
    for (const outcome of outcomes) {
      if ('failure' in outcome) {
        this.failed++
        fail({ imageId: outcome.imageId, subject: names.get(outcome.imageId) ?? `image ${outcome.imageId}`, ...outcome.failure })
      } else found.push({ imageId: outcome.imageId, boxes: toBoxes(boxes(outcome)) })
    }
    this.withoutId += await project.write.parts.keep(source, fingerprint, found)
    // Each begins a line and ends it with a sign: a number that a full disk cut short, or that another was added to, is that of another image.
    await appendFile(this.#doneFile(fingerprint), found.map(({ imageId }) => `\n${imageId};`).join(''))
  }

  async #waiting(imageIds: Int32Array, { source, fingerprint }: Task): Promise<number[]> {
    const noted = await readFile(this.#doneFile(fingerprint), 'utf8').catch(() => '')
    const done = new Set(Array.from(noted.matchAll(/^(\d+);$/gm), ([, id]) => Number(id)))
    for (let at = 0; at < imageIds.length; at += 5000) {
      for (const { imageId } of await this.#context.project.read.parts.found(source, fingerprint, [...imageIds.subarray(at, at + 5000)])) done.add(imageId)
    }
    return [...imageIds].filter((id) => !done.has(id))
  }

  #doneFile(fingerprint: string): string {
    return join(this.#scratch, `${fingerprint.slice(0, 16)}.done`)
  }
}

const toBoxes = (values: Int32Array): Box[] =>
  Array.from({ length: values.length / 4 }, (_, i) => ({ left: values[i * 4] as number, top: values[i * 4 + 1] as number, width: values[i * 4 + 2] as number, height: values[i * 4 + 3] as number }))
