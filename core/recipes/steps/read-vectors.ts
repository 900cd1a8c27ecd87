import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { joinSentence } from '../../formats/idJoin.ts'
import { inFileThread } from '../../formats/resultFiles.ts'
import { idsBeside } from '../../formats/rowIds.ts'
import { readImages, writeVectorRows } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'read-vectors',
  title: 'Read vectors',
  about:
    'Reads vectors from a file (npy, npz, HDF5, Parquet, CSV, flat faiss index, raw float32) and finds the image of each by path, file name, stem or content hash. The report says which ids found no image.',
  source: '',
  version: 1,
  params: z.object({
    file: z.string().min(1).describe('The file of vectors. ISC descriptor files are read whole: query and reference.'),
    idsFile: z.string().min(1).optional().describe('One id a row, in the order of the vectors: .txt, .csv or .npy. Looked for beside the file where it is not said (STEM.ids.csv, STEM_ids.npy…).'),
    vectors: z.string().min(1).optional().describe('Which dataset, array or column holds the vectors, where there are several.'),
    ids: z.string().min(1).optional().describe('Which holds the ids.'),
    dim: z.int().min(1).max(65_536).optional().describe('Values of a vector; only for raw float32 (.dat, .bin).'),
    normalise: z.boolean().default(true).describe('Scale every vector to length 1.'),
    strict: z.enum(['no', 'rows', 'both']).default('no').describe('no: report only. rows: every id must find its image, once. both: and every image must have a vector.'),
    model: z.string().min(1).optional().describe('The model that the vectors come from, for constants that were found with one.')
  }),
  inputs: { images: { kinds: ['images'], about: 'the images that ids may name' } },
  output: 'vectors',
  runsIn: 'engine',
  files: ['file', 'idsFile'],
  origin: ({ model, file }) => ({ descriptor: originOf(model, file) })
})

/** The model that somebody named, or the file itself: vectors that nobody knows the model of are like those of no other. */
function originOf(model: unknown, file: unknown): string {
  return typeof model === 'string' ? model : `file:${basename(String(file))}`
}

/** Images are found by name, and names change. Ids that were found beside the file are read too, and no param names them. */
export const fingerprint: Fingerprint<typeof definition> = async ({ project }, { file, idsFile }) => {
  const beside = idsFile === undefined ? idsBeside(file) : undefined
  const found = beside === undefined ? null : await stat(beside).catch(() => null)
  return `${await project.read.recipeInputs.namesHash()} ${found ? `${beside} ${found.size} ${found.mtimeMs}` : ''}`
}

export const run: EngineRun<typeof definition> = async ({ out, job, signal, note, report }, { images }, { model, ...params }) => {
  const request = { ...params, database: join(job.project.folder, 'project.db'), images: await readImages(images), folder: out.folder }
  const read = await inFileThread(signal, async (thread) => await thread.call('vectors', [request], { signal, onNotify: (message) => report((message as { rows: number }).rows, null) }))
  if (read.zeros > 0) note(`${read.zeros.toLocaleString('en')} vectors hold nothing but zeros and are like nothing.`)
  note(joinSentence(read.report))
  await writeVectorRows(out, { file: 'vectors.bin', dim: read.dim, dtype: 'float32' }, read.rows, read.images, read.parts, {
    models: [originOf(model, params.file)],
    summary: `${read.rows.length.toLocaleString('en')} vectors of ${read.dim} values. ${joinSentence(read.report)}`,
    facts: { join: read.report }
  })
}
