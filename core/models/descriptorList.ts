import type { Descriptor } from '../contract/models.ts'
import { viewsOf } from '../descriptors/viewPlans.ts'
import type { Project } from '../project/project.ts'
import { nearDuplicateOf } from './card.ts'

/** What has been embedded in a project, by which model, and how many ready images still wait. Ordered by id. */
export async function listDescriptors(project: Project): Promise<Descriptor[]> {
  const records = await project.read.descriptors.list()
  return await Promise.all(records.map(async ({ id, model, card, views, dim, dtype, provider, imagesPerSecond }) => ({
    id,
    model,
    // Two descriptors of one model would look the same.
    modelName: views ? `${card.name} (${viewsOf(views)} ${viewsOf(views) === 1 ? 'view of its own' : 'views'})` : card.name,
    dim,
    dtype,
    rows: await project.read.descriptors.rowCount(id),
    waiting: await project.read.descriptors.waitingCount(id),
    provider,
    imagesPerSecond,
    nearDuplicate: nearDuplicateOf(card)
  })))
}
