import { join } from 'node:path'
import { z } from 'zod'
import { joinSentence } from '../../formats/idJoin.ts'
import { inFileThread } from '../../formats/resultFiles.ts'
import { readImages, writeLabels } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'read-labels',
  title: 'Read labels from a file',
  about:
    'Reads labels and finds their images: GLDv2’s train.csv (id,url,landmark_id), a cleaned set (landmark_id,images), a recognition submission (id,landmarks) or solution (with Usage), or any table with an image and a label column. The project’s own labels do not change.',
  source: '',
  version: 1,
  params: z.object({
    file: z.string().min(1).describe('The file of labels.'),
    id: z.string().min(1).optional().describe('Which column names the image, where it cannot be told.'),
    label: z.string().min(1).optional().describe('Which column is the label.'),
    usage: z.string().min(1).optional().describe('Only rows with this word in the column Usage: Public or Private.'),
    strict: z.enum(['no', 'rows', 'both']).default('no').describe('no: report only. rows: every id must find its image. both: and every image must have a label.')
  }),
  inputs: { images: { kinds: ['images'], about: 'the images that ids may name' } },
  output: 'labels',
  runsIn: 'engine',
  files: ['file']
})

/** Images and classes are found by name, and names change. */
export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => await project.read.recipeInputs.namesHash()

export const run: EngineRun<typeof definition> = async ({ out, job, signal, note, report }, { images }, params) => {
  const request = { ...params, database: join(job.project.folder, 'project.db'), images: await readImages(images) }
  const read = await inFileThread(signal, async (thread) => await thread.call('labels', [request], { signal, onNotify: (message) => report((message as { rows: number }).rows, null) }))
  note(joinSentence(read.report))
  await writeLabels(out, read, `${read.labels.length.toLocaleString('en')} labels of ${read.names.length.toLocaleString('en')} classes. ${joinSentence(read.report)}`, { names: read.names, classes: read.names.length, join: read.report, layout: read.layout })
}
