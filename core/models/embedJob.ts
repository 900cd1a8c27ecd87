import { oneView } from '../descriptors/viewPlans.ts'
import type { JobContext, JobHandler, JobResult } from '../jobs/job.ts'
import type { DescriptorRecord } from '../project/repositories/descriptors.ts'
import type { VectorFile } from '../search/vectorFile.ts'
import { findOrCreateDescriptor, withVectors } from './descriptorFile.ts'
import type { EmbedModel } from './embedBatch.ts'
import { EmbedRun, type EmbedWork, providerNote, withProviders } from './embedRun.ts'

/**
 * Gives every ready image without one a vector of the model (or `ids` again). What is done is in the project after each chunk, and a new run
 * goes on.
 */
export const embedJob: JobHandler<'embed'> = async ({ modelId, providers, dtype, ids }, context) => {
  const { engine, project, note } = context
  const model = await engine.models.resolve(modelId)
  const descriptor = await findOrCreateDescriptor(project, model.card, dtype)
  try {
    return await withVectors(project, descriptor, note, (file) => embedInto(context, model, descriptor, file, providers, ids))
  } finally {
    project.emit({ topic: 'models' })
  }
}

async function embedInto(context: JobContext, model: Omit<EmbedModel, 'providers'>, descriptor: DescriptorRecord, file: VectorFile, providers: readonly string[] | undefined, ids: readonly number[] | undefined): Promise<JobResult> {
  const { engine, project, signal, report } = context
  const total = ids ? ids.length : await project.read.descriptors.waitingCount(descriptor.id)
  if (total === 0) {
    const rows = await project.read.descriptors.rowCount(descriptor.id)
    return { result: rows === 0 ? 'There are no images to embed yet. Scan a folder first.' : `All ${count(rows, 'image')} already have a vector of ${model.card.name}.`, data: { descriptorId: descriptor.id, embedded: 0, failed: 0 } }
  }
  report('embedding', 0, total, 'Trying execution providers')
  const choice = await engine.models.choose(model, { asked: providers, signal })
  context.note(providerNote(choice))
  const run = new EmbedRun({ ...context, report: (done, all) => report('embedding', done, all) }, { model: withProviders(model, choice), plan: oneView, descriptor, file, total }, choice)
  await run.all(pages(context, descriptor.id, run, ids))
  const speed = run.imagesPerSecond
  return {
    result: sentence(run, model.card.name, choice.provider, speed),
    data: { descriptorId: descriptor.id, embedded: run.embedded, failed: run.failed, provider: choice.provider, imagesPerSecond: speed }
  }
}

/** Whole images, a call's worth at a time. */
async function* pages({ project }: JobContext, descriptorId: number, run: EmbedRun, ids: readonly number[] | undefined): AsyncGenerator<EmbedWork[]> {
  const { descriptors } = project.read
  if (ids) {
    for (let first = 0; first < ids.length; first += run.perCall) {
      const wanted = ids.slice(first, first + run.perCall)
      const files = await descriptors.files(wanted)
      // An image that is not ready (any more) has nothing to embed.
      run.skip(wanted.length - files.length)
      if (files.length > 0) yield files.map((file) => ({ file }))
    }
    return
  }
  for (let after = 0; ;) {
    const files = await descriptors.waiting(descriptorId, after, run.perCall)
    const last = files.at(-1)
    if (!last) return
    yield files.map((file) => ({ file }))
    after = last.imageId
  }
}

const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`

function sentence({ embedded, failed }: { embedded: number; failed: number }, model: string, provider: string, speed: number | null): string {
  const rate = speed === null ? '' : `, ${speed < 10 ? speed.toFixed(1) : Math.round(speed)} a second`
  const failures = failed === 0 ? '' : ` ${count(failed, 'image')} could not be embedded.`
  return `${count(embedded, 'image')} embedded with ${model} on ${provider}${rate}.${failures}`
}
