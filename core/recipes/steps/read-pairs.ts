import { join } from 'node:path'
import { z } from 'zod'
import { joinSentence } from '../../formats/idJoin.ts'
import { inFileThread } from '../../formats/resultFiles.ts'
import type { Artefact } from '../artefact.ts'
import { readImages, writePairs } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'read-pairs',
  title: 'Read pairs',
  about:
    'Reads scored pairs from a file and finds their images: query_id,reference_id,score of the ISC matching track (header or none), imageA,imageB,prediction, from,to,distance, id,images of a retrieval submission, or columns of those names in npz, HDF5 and Parquet.',
  source: '',
  version: 1,
  params: z.object({
    file: z.string().min(1).describe('The file of pairs.'),
    query: z.string().min(1).optional().describe('Which column names the query, where it cannot be told.'),
    reference: z.string().min(1).optional().describe('Which column names the reference.'),
    score: z.string().min(1).optional().describe('Which column is the score; higher is more alike.'),
    smallerIsBetter: z.boolean().optional().describe('The score is a distance: its sign is turned. Left out: so for a column called distance, but for fastdup’s from,to,distance, which is a similarity.'),
    strict: z.enum(['no', 'rows']).default('no').describe('no: report only. rows: every id must find its image, and every pair be there once.')
  }),
  inputs: {
    queries: { kinds: ['images'], about: 'the images that queries may be', many: true },
    references: { kinds: ['images'], about: 'the images that references may be; the same where it is left out', many: true, optional: true }
  },
  output: 'pairs',
  runsIn: 'engine',
  files: ['file']
})

/** Images are found by name, and names change. */
export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => await project.read.recipeInputs.namesHash()

export const run: EngineRun<typeof definition> = async ({ out, job, signal, note, report }, { queries, references }, params) => {
  const request = {
    ...params, database: join(job.project.folder, 'project.db'),
    queries: await together(queries), references: references.length > 0 ? await together(references) : null
  }
  const read = await inFileThread(signal, async (thread) => await thread.call('pairs', [request], { signal, onNotify: (message) => report((message as { rows: number }).rows, null) }))
  if (!read.hasScores) note(`${read.report.file} has no scores (${read.layout}).`)
  if (read.scoresTurned) note('The score is a distance: its sign was turned, so that higher is more alike.')
  if (read.selves > 0) note(`${read.selves.toLocaleString('en')} pairs of an image with itself were left out.`)
  note(joinSentence(read.report))
  await writePairs(out, { a: read.a, aParts: new Int32Array(read.a.length), b: read.b, bParts: new Int32Array(read.a.length), scores: read.scores }, `${read.a.length.toLocaleString('en')} pairs. ${joinSentence(read.report)}`, { join: read.report, layout: read.layout })
}

async function together(artefacts: readonly Artefact[]): Promise<Int32Array> {
  const [only] = artefacts
  if (only && artefacts.length === 1) return await readImages(only)
  const all = new Set<number>()
  for (const artefact of artefacts) for (const image of await readImages(artefact)) all.add(image)
  return Int32Array.from(all).sort()
}
