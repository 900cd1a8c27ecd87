import type { Descriptor } from '../contract/models.ts'
import type { Project } from '../project/project.ts'
import { nearDuplicateOf } from './card.ts'

/** What has been embedded in a project, by which model, and how many ready images still wait. Ordered by id. */
export async function listDescriptors(project: Project): Promise<Descriptor[]> {
  const records = await project.read.descriptors.list()
  return await Promise.all(records.map(async ({ id, model, card, dim, dtype, provider, imagesPerSecond }) => ({
    id,
    model,
    modelName: card.name,
    dim,
    dtype,
    rows: await project.read.descriptors.rowCount(id),
    waiting: await project.read.descriptors.waitingCount(id),
    provider,
    imagesPerSecond,
    nearDuplicate: nearDuplicateOf(card)
  })))
}
