import { join } from 'node:path'
import { z } from 'zod'
import type { TruthThread } from '../../importers/truth.thread.ts'
import { plural } from '../../metrics/report.ts'
import { truthLayouts } from '../../metrics/truthColumns.ts'
import { startThread } from '../../workers/thread.ts'
import type { Artefact } from '../artefact.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'truth',
  title: 'Read ground truth',
  about:
    'Reads a CSV of ground truth and finds its images by path, file name, stem or content hash: query_id,reference_id (no reference: a distractor); id,images,Usage and id,landmarks,Usage of Google Landmarks; query,image,grade; image,label; landmark_id,images; imageA,imageB,label; image,clean.',
  source: '',
  version: 1,
  params: z.object({
    file: z.string().min(1).describe('The CSV file, UTF-8, with a header.'),
    layout: z.enum(['auto', ...truthLayouts]).default('auto').describe('What the file holds; auto goes by the header.')
  }),
  inputs: {
    queries: { kinds: ['images'], about: 'the images that the file may name (of pairs: the queries)', many: true },
    references: { kinds: ['images'], about: 'the images that references may be; the same where it is left out', many: true, optional: true }
  },
  output: 'truth',
  runsIn: 'engine',
  files: ['file']
})

/** Images and classes are found by name, and names change. */
export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => await project.read.recipeInputs.namesHash()

export const run: EngineRun<typeof definition> = async ({ out, job, signal, note, report }, { queries, references }, { file, layout }) => {
  const { connection, end } = startThread<TruthThread>(new URL('../../importers/truth.thread.ts', import.meta.url))
  try {
    const folders = (artefacts: readonly Artefact[]): string[] => artefacts.map(({ folder }) => folder)
    const request = { database: join(job.project.folder, 'project.db'), file, layout, queries: folders(queries), references: folders(references), out: out.folder }
    const { missingNames, duplicated, ignored, problems } = await connection.call('read', [request], { signal, onNotify: (message) => report((message as { rows: number }).rows, null) })
    if (missingNames > 0) note(`${plural(missingNames, 'name')} of the ground truth found no image; the first: ${problems[0] ? `line ${problems[0].line}: ${problems[0].message}` : ''}`)
    if (duplicated > 0) note(`${plural(duplicated, 'row')} of the ground truth repeat${duplicated === 1 ? 's' : ''} an earlier one and count${duplicated === 1 ? 's' : ''} once.`)
    if (ignored > 0) note(`${plural(ignored, 'row is', 'rows are')} marked Ignored and not scored.`)
  } finally {
    await end()
  }
}
