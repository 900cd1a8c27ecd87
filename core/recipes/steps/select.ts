import { z } from 'zod'
import { imageRole } from '../../contract/common.ts'
import { imageFilter } from '../../contract/images.ts'
import { WinnowError } from '../../domain/errors.ts'
import { writeImages } from '../kinds.ts'
import { type EngineRun, type Fingerprint, defineStep } from '../step.ts'

export const definition = defineStep({
  use: 'select',
  title: 'Choose images',
  about: 'The images of the project that play a role or pass a filter. What was dropped is left out.',
  source: '',
  version: 3,
  params: z.object({
    role: z.array(imageRole).optional().describe('Images of these roles; all roles where it is left out.'),
    filter: imageFilter.prefault({}).describe('Any filter of the library: class, folder, text, label state…'),
    keepDropped: z.boolean().default(false).describe('Also take images that were dropped.'),
    keepVetoed: z.boolean().default(false).describe('Also take images that an applied veto list names.'),
    mayBeEmpty: z.boolean().default(false).describe('Go on where no image is chosen; otherwise that is an error.'),
    sample: z.int().min(1).optional().describe('At most so many, drawn evenly over the ids.'),
    orAll: z.boolean().default(false).describe('Take every image where none has the role: for a project whose folders have no roles yet.')
  }),
  inputs: {},
  output: 'images',
  runsIn: 'engine',
  cheap: true
})

type Step = typeof definition

async function selected({ project }: { project: Parameters<Fingerprint<Step>>[0]['project'] }, { role, filter, keepDropped, keepVetoed, orAll }: Parameters<Fingerprint<Step>>[1]): Promise<{ ids: Int32Array; hash: string; all: boolean }> {
  const without = { withoutDropped: !keepDropped, withoutVetoed: !keepVetoed }
  const found = await project.read.recipeInputs.select(role ? { ...filter, role } : filter, without)
  const all = found.ids.length === 0 && orAll
  return { ...(all ? await project.read.recipeInputs.select(filter, without) : found), all }
}

export const fingerprint: Fingerprint<Step> = async (job, params) => (await selected(job, params)).hash

export const run: EngineRun<Step> = async ({ out, job, note }, _inputs, params) => {
  const { ids, all } = await selected(job, params)
  const roles = params.role?.join(' or ') ?? ''
  if (all) note(`No image has the role ${roles}: all images were taken. Give folders their roles in the library.`)
  if (ids.length === 0 && !params.mayBeEmpty) {
    const wanted = roles ? `No image that was read has the role ${roles}. Give a folder that role in the library (or: winnow roots update PROJECT ID --role …), scan it` : 'No image passes the filter of this step. Look at it in the library'
    throw new WinnowError('BAD_INPUT', `${wanted}, and run the recipe again.`)
  }
  const { sample } = params
  const kept = sample !== undefined && sample < ids.length ? Int32Array.from({ length: sample }, (_, i) => ids[Math.floor((i * ids.length) / sample)] as number) : ids
  await writeImages(out, kept, `${kept.length.toLocaleString('en')} ${roles && !all ? `${roles} ` : ''}images`, { of: ids.length })
}
