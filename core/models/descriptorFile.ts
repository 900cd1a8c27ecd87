import { join } from 'node:path'
import type { ModelCard } from '../contract/models.ts'
import type { ViewPlan } from '../contract/views.ts'
import { dimOf, isOneView, oneView } from '../descriptors/viewPlans.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { DescriptorRecord } from '../project/repositories/descriptors.ts'
import { VectorFile, type VectorType } from '../search/vectorFile.ts'
import { cardFingerprint } from './card.ts'

/** The project's descriptor of a model with these views, made where there is none yet. */
export async function findOrCreateDescriptor(project: Project, card: ModelCard, dtype: VectorType, plan: ViewPlan = oneView): Promise<DescriptorRecord> {
  const fingerprint = cardFingerprint(card, dtype, plan)
  const views = isOneView(plan) ? null : plan
  return await project.write.descriptors.findOrCreate({ model: card.id, fingerprint, card, views, dim: dimOf(plan, card.output.dim), dtype, file: `${card.id}-${fingerprint.slice(0, 16)}.bin` }, Date.now())
}

/** Who writes to which file now: two writers would cut off each other's rows. */
const writers = new Map<string, Promise<unknown>>()

/**
 * Opens the descriptor's vectors for appending, one writer at a time, and closes them when `work` is done. Rows that the file lost (a copy of the
 * project that broke off, a disk error) are forgotten, with a note, to be made anew.
 */
export async function withVectors<T>(project: Project, descriptor: DescriptorRecord, note: (text: string) => void, work: (file: VectorFile) => Promise<T>): Promise<T> {
  const path = join(project.vectorsFolder, descriptor.file)
  const before = writers.get(path)
  const turn = (async () => {
    await before?.catch(() => undefined)
    // An earlier writer may have moved the end of the file.
    const current = (await project.read.descriptors.byId(descriptor.id)) ?? descriptor
    const file = await openVectors(project, current, path, note)
    try {
      return await work(file)
    } finally {
      await file.close()
    }
  })()
  writers.set(path, turn)
  try {
    return await turn
  } finally {
    if (writers.get(path) === turn) writers.delete(path)
  }
}

async function openVectors(project: Project, { id, dim, dtype, nextRow }: DescriptorRecord, path: string, note: (text: string) => void): Promise<VectorFile> {
  try {
    return await VectorFile.open(path, { dim, dtype, committedRows: nextRow })
  } catch (error) {
    const rows = error instanceof WinnowError && error.code === 'CORRUPT' ? (error.data as { rows?: number } | undefined)?.rows : undefined
    if (rows === undefined) throw error
    const lost = await project.write.descriptors.dropRowsFrom(id, rows)
    note(`${path} was cut short or lost: ${lost.toLocaleString('en')} ${lost === 1 ? 'image' : 'images'} must be embedded again.`)
    return await VectorFile.open(path, { dim, dtype, committedRows: rows })
  }
}
