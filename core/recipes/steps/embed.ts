import { join, relative } from 'node:path'
import { z } from 'zod'
import { viewPlan, type ViewPlan } from '../../contract/views.ts'
import type { ModelCard } from '../../contract/models.ts'
import { isOneView, viewPresets, viewPresetNames, viewsOf } from '../../descriptors/viewPlans.ts'
import { WinnowError } from '../../domain/errors.ts'
import { cardFingerprint } from '../../models/card.ts'
import { embedParts, vectorSourceOfParts, wholeImages } from '../../models/embedParts.ts'
import { readImages, readParts, writeVectorRows } from '../kinds.ts'
import { partialHash } from '../partialHash.ts'
import { defineStep, type EngineRun, type Fingerprint, type ParamsOf } from '../step.ts'

export const definition = defineStep({
  use: 'embed',
  title: 'Embed',
  about: 'Gives every image, or every part of one, a vector of a model. What the project has already is taken; what is missing is made, several parts of a picture from one decoding.',
  source: '',
  version: 1,
  params: z.object({
    model: z.string().default('default').describe('Id of the model, or id@size for another input size than its card names (models of free height and width only).'),
    size: z.int().min(8).max(4096).optional().describe('Side of the input, in pixels, instead of the one on the card; the same as id@size.'),
    views: z.enum(viewPresetNames).default('one').describe('Test-time views: one; isc21 (three sizes, mirrored); landmark (size by aspect ratio, three scales); roxford (longest side 1024, three scales); pet (plain and through 60 x 60).'),
    plan: viewPlan.optional().describe('Test-time views in full, instead of a named set.'),
    dtype: z.enum(['float32', 'float16']).default('float32').describe('How vectors are stored; float16 halves the file.'),
    providers: z.array(z.string()).optional().describe('Execution providers to try, in this order; the best that works where it is left out.')
  }),
  inputs: { images: { kinds: ['images', 'parts'], about: 'images, or parts of images, to embed' } },
  output: 'vectors',
  runsIn: 'engine',
  models: ['model'],
  origin: ({ model }) => ({ descriptor: String(model).split('@')[0] as string })
})

type Params = ParamsOf<typeof definition>

/** The model's id, and the views with its size put in. Throws BAD_INPUT where the params contradict each other. */
function askedFor({ model, size, views, plan }: Params): { id: string; planFor: (card: ModelCard) => ViewPlan } {
  const [id = '', said, ...more] = model.split('@')
  const named = said === undefined ? size : Number(said)
  if (more.length > 0 || (said !== undefined && (!Number.isInteger(named) || (named as number) < 8 || (named as number) > 4096))) throw new WinnowError('BAD_INPUT', `"${model}" names no model: write its id, or id@size with a size of 8 to 4096 pixels.`)
  if (said !== undefined && size !== undefined && named !== size) throw new WinnowError('BAD_INPUT', `The model "${model}" and the size ${size} contradict each other. Leave one out.`)
  const chosen = plan ?? viewPresets[views]
  if (named !== undefined && chosen.base.kind !== 'card') throw new WinnowError('BAD_INPUT', `The views choose the size of pictures themselves, so ${named} pixels cannot be asked for as well. Leave the size out, or choose views whose base is the card.`)
  return {
    id,
    planFor: ({ input }) => named === undefined || (named === input.width && named === input.height) ? chosen : { ...chosen, base: { kind: 'size', width: named, height: named } }
  }
}

export const fingerprint: Fingerprint<typeof definition> = async ({ engine }, params) => {
  const { id, planFor } = askedFor(params)
  const { card } = await engine.models.resolve(id === 'default' ? undefined : id)
  return cardFingerprint(card, params.dtype, planFor(card))
}

export const run: EngineRun<typeof definition> = async (context, { images: input }, params) => {
  const { job, signal, note, report, out } = context
  const { engine, project } = job
  const { id, planFor } = askedFor(params)
  const model = await engine.models.resolve(id === 'default' ? undefined : id)
  const plan = planFor(model.card)
  const list = input.kind === 'parts' ? await readParts(input) : wholeImages(await readImages(input))
  const embedding = { engine, project, signal, note, fail: job.fail, report: (done: number, total: number) => report(done, total, 'embedding') }
  const { descriptorId, kept, embedded, failed } = await embedParts(embedding, { model, plan, dtype: params.dtype, providers: params.providers, list })
  const { file, dim, dtype, rows, imageIds, parts } = await vectorSourceOfParts(project, descriptorId, list.images, list.parts)
  if (failed > 0) note(`${failed.toLocaleString('en')} of ${list.images.length.toLocaleString('en')} could not be embedded and are left out.`)
  const what = input.kind === 'parts' ? 'parts' : 'images'
  const views = isOneView(plan) ? '' : `, ${viewsOf(plan)} views each`
  // Relative to the result's folder, one below the results: the project may move.
  const place = { file: relative(join(project.resultsFolder, 'result'), file), dim, dtype }
  await writeVectorRows(out, place, rows, imageIds, parts, {
    models: [model.card.id],
    summary: `${rows.length.toLocaleString('en')} ${what} embedded with ${model.card.name}${views} (${dim} values)`,
    facts: {
      descriptorId, fingerprint: cardFingerprint(model.card, dtype, plan), views: viewsOf(plan), kept, embedded, failed,
      ...(failed > 0 ? { partial: partialHash(imageIds, parts) } : {})
    }
  })
}
