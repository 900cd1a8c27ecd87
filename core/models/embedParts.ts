import { join } from 'node:path'
import type { ViewPlan } from '../contract/views.ts'
import { type Box, partIds, partViewOf } from '../descriptors/partView.ts'
import { oneView } from '../descriptors/viewPlans.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { VectorSource } from '../search/vectorSource.ts'
import { findOrCreateDescriptor, withVectors } from './descriptorFile.ts'
import type { EmbedModel } from './embedBatch.ts'
import { type EmbedContext, EmbedRun, type EmbedWork, providerNote, withProviders } from './embedRun.ts'

/** Parts of images: part `parts[i]` of image `images[i]`, cut at boxes[4 i ...] = left, top, width, height (width 0: the whole picture). */
export interface PartList {
  readonly images: Int32Array
  readonly parts: Int32Array
  readonly boxes: Int32Array
}

/** Whole images as parts. */
export const wholeImages = (images: Int32Array): PartList => ({ images, parts: new Int32Array(images.length), boxes: new Int32Array(images.length * 4) })

export interface PartsRequest {
  readonly model: Omit<EmbedModel, 'providers'>
  readonly plan?: ViewPlan
  readonly dtype?: 'float32' | 'float16'
  readonly providers?: readonly string[] | undefined
  readonly list: PartList
}

export interface PartsOutcome {
  readonly descriptorId: number
  /** Vectors that were there already, those that were made now, and parts without one. */
  readonly kept: number
  readonly embedded: number
  readonly failed: number
  /** Null where nothing had to be made. */
  readonly provider: string | null
}

/** Entries of a list that are looked up at a time. */
const page = 4000

/**
 * Sees to it that every part of the list has a vector of the model with these views: what is missing is embedded, several parts of a picture
 * from one decoding, and committed in chunks, so that a killed run goes on where it was. A picture that cannot be read, or a part that is not
 * inside, is reported by `fail` and left out. Lists sorted by image decode each picture once. Throws BAD_INPUT where the model cannot take the
 * views, RangeError for a list that is none, and `signal.reason` on abort.
 */
export async function embedParts(context: EmbedContext, { model, plan = oneView, dtype = 'float32', providers, list }: PartsRequest): Promise<PartsOutcome> {
  const { engine, project, signal, note } = context
  checkList(list)
  const descriptor = await findOrCreateDescriptor(project, model.card, dtype, plan)
  try {
    return await withVectors(project, descriptor, note, async (file) => {
      const missing = await missingEntries(project, descriptor.id, list, signal)
      const kept = list.images.length - missing.length
      if (missing.length === 0) return { descriptorId: descriptor.id, kept, embedded: 0, failed: 0, provider: null }
      const choice = await engine.models.choose(model, { asked: providers, signal })
      note(providerNote(choice))
      const run = new EmbedRun(context, { model: withProviders(model, choice), plan, descriptor, file, total: missing.length }, choice)
      let gone = 0
      await run.all(workFor(project, list, missing, run, (count) => {
        gone += count
      }))
      return { descriptorId: descriptor.id, kept, embedded: run.embedded, failed: run.failed + gone, provider: choice.provider }
    })
  } finally {
    project.emit({ topic: 'models' })
  }
}

function checkList({ images, parts, boxes }: PartList): void {
  if (parts.length !== images.length || boxes.length !== images.length * 4) throw new RangeError(`${images.length} images, ${parts.length} parts and ${boxes.length} numbers of boxes are no list of parts.`)
  // Their place is their own: without it, the whole picture would stand for a region of it.
  const placeless = parts.findIndex((part, i) => part >= partIds.firstProposal && (boxes[i * 4 + 2] as number) === 0)
  if (placeless >= 0) throw new WinnowError('BAD_INPUT', `Part ${parts[placeless]} of image ${images[placeless]} has no box.`)
}

/** Places in the list of what has no vector yet. */
async function missingEntries(project: Project, descriptorId: number, { images, parts }: PartList, signal: AbortSignal): Promise<Int32Array> {
  const missing: Int32Array[] = []
  for (let from = 0; from < images.length; from += page) {
    signal.throwIfAborted()
    const rows = await project.read.descriptors.rowsOfParts(descriptorId, images.slice(from, from + page), parts.slice(from, from + page))
    missing.push(Int32Array.from(rows.keys()).filter((i) => (rows[i] as number) < 0).map((i) => i + from))
  }
  const all = new Int32Array(missing.reduce((sum, each) => sum + each.length, 0))
  missing.reduce((at, each) => (all.set(each, at), at + each.length), 0)
  return all
}

/** The missing parts by image, a call's worth at a time. An image that is not ready (any more) is passed over; `gone` hears of how many parts. */
async function* workFor(project: Project, list: PartList, missing: Int32Array, run: EmbedRun, gone: (parts: number) => void): AsyncGenerator<EmbedWork[]> {
  let work: EmbedWork[] = []
  let waiting = 0
  for (let from = 0; from < missing.length; ) {
    // A page ends with an image's last part, so that no picture is decoded twice.
    let to = Math.min(missing.length, from + page)
    while (to < missing.length && imageAt(list, missing, to) === imageAt(list, missing, to - 1)) to++
    const byImage = new Map<number, Map<number, number>>()
    for (const entry of missing.subarray(from, to)) {
      const image = list.images[entry] as number
      byImage.set(image, (byImage.get(image) ?? new Map<number, number>()).set(list.parts[entry] as number, entry))
    }
    const files = await project.read.descriptors.files([...byImage.keys()])
    // A part that stands in the list twice is made once.
    const asked = [...byImage.values()].reduce((sum, parts) => sum + parts.size, 0)
    run.skip(to - from - asked)
    let found = 0
    for (const file of files) {
      const views = [...(byImage.get(file.imageId) as Map<number, number>).values()].map((entry) => partViewOf(list.parts[entry] as number, boxAt(list, entry)))
      found += views.length
      work.push({ file, views })
      waiting += views.length
      if (waiting < run.perCall) continue
      yield work
      work = []
      waiting = 0
    }
    if (asked > found) {
      run.skip(asked - found)
      gone(asked - found)
    }
    from = to
  }
  if (work.length > 0) yield work
}

const imageAt = ({ images }: PartList, missing: Int32Array, at: number): number => images[missing[at] as number] as number

function boxAt({ boxes }: PartList, entry: number): Box | null {
  const [left = 0, top = 0, width = 0, height = 0] = boxes.subarray(entry * 4, entry * 4 + 4)
  return width === 0 ? null : { left, top, width, height }
}

/** Vectors of parts, in the order asked for, those without one left out: row rows[i] is part parts[i] of image imageIds[i]. */
export interface PartSource extends VectorSource {
  readonly parts: Int32Array
}

/** Where the vectors of these parts lie. Throws NOT_FOUND for a descriptor that is not in this project. Rows are in the order of the parts, not ascending. */
export async function vectorSourceOfParts(project: Project, descriptorId: number, imageIds: Int32Array, parts: Int32Array): Promise<PartSource> {
  const descriptor = await project.read.descriptors.byId(descriptorId)
  if (!descriptor) throw new WinnowError('NOT_FOUND', `There is no descriptor ${descriptorId} in this project. Embed the images first.`)
  const rows = new Int32Array(imageIds.length)
  for (let from = 0; from < imageIds.length; from += page) {
    rows.set(await project.read.descriptors.rowsOfParts(descriptorId, imageIds.slice(from, from + page), parts.slice(from, from + page)), from)
  }
  const there = (_: number, i: number): boolean => (rows[i] as number) >= 0
  return {
    file: join(project.vectorsFolder, descriptor.file), dim: descriptor.dim, dtype: descriptor.dtype,
    rows: rows.filter(there), imageIds: imageIds.filter(there), parts: parts.filter(there)
  }
}
