import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { VectorSource } from '../search/vectorSource.ts'

/**
 * The vectors of a descriptor, of all ready images or of `imageIds` only, as plain data for a search process. Images that were not
 * embedded are left out. Throws NOT_FOUND for a descriptor that is not in this project.
 */
export async function vectorSource(project: Project, descriptorId: number, imageIds?: Int32Array): Promise<VectorSource> {
  const descriptor = await project.read.descriptors.byId(descriptorId)
  if (!descriptor) throw new WinnowError('NOT_FOUND', `There is no descriptor ${descriptorId} in this project. Embed the images first.`)
  const found = imageIds ? await project.read.descriptors.rowsOf(descriptorId, imageIds) : await project.read.descriptors.rows(descriptorId)
  return { file: join(project.vectorsFolder, descriptor.file), dim: descriptor.dim, dtype: descriptor.dtype, ...found }
}

/** The project setting that names the descriptor to search by. */
const descriptorSetting = 'descriptor'

/**
 * The descriptor that searches use when none is named: the one chosen in the project's settings, else the one that covers most images
 * (of equals one of plain views, then the newest); null where nothing has been embedded.
 */
export async function defaultDescriptor(project: Project): Promise<number | null> {
  const chosen = await project.read.meta.setting(descriptorSetting)
  const descriptors = await project.read.descriptors.list()
  if (descriptors.some(({ id }) => id === chosen)) return chosen as number
  const counts = await Promise.all(descriptors.map(async ({ id, views }) => ({ id, plain: views === null ? 1 : 0, rows: await project.read.descriptors.rowCount(id) })))
  const best = counts.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows || b.plain - a.plain || b.id - a.id)[0]
  return best?.id ?? null
}
