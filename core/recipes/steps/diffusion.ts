import { z } from 'zod'
import { searchDiffused } from '../../rerank/diffusionSearch.ts'
import { readGraph } from '../../rerank/graphArtefact.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { counted } from '../../review/sentences.ts'
import { readLists } from '../kinds.ts'
import { namedLists, RowBook, writeReranked } from '../namedRows.ts'
import { beforeByQuery } from '../beforeByQuery.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOfAll } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'diffusion',
  ...rerankMethods.diffusion,
  about: 'Ranks references by how much of what they reach on the graph the query reaches too: it finds pictures that are like the query only by way of others. Takes the offline part.',
  version: 1,
  params: z.object({
    length: z.int().min(1).max(100_000).default(100).describe('Length of the lists.'),
    unreached: z.boolean().default(false).describe('Also list references that the graph does not connect to the query: they score 0 and stand in no particular order (as the original has it).')
  }),
  inputs: {
    offline: { kinds: ['graph'], about: 'the offline part: diffusion-offline' },
    lists: { kinds: ['lists'], about: 'the lists before, to show beside', optional: true }
  },
  output: 'lists',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ out, signal }, inputs, { length, unreached }) => {
  const { images, parts, queries: count, rows } = await readGraph(inputs.offline)
  const queries = { images: images.slice(0, count), parts: parts.slice(0, count) }
  const references = { images: images.slice(count), parts: parts.slice(count) }
  const found = searchDiffused(rows, count, { length, unreached, exclude: { queries: queries.images, references: references.images }, signal })
  const book = RowBook.of(references)
  const before = inputs.lists ? beforeByQuery(found, queries, await readLists(inputs.lists), book) : null
  const empty = found.indices.reduce((sum, row, at) => sum + (at % length === 0 && row < 0 ? 1 : 0), 0)
  await writeReranked(out, namedLists(found, queries, references), before, `${counted(count, 'query', 'queries')}, ${length} references each${empty > 0 ? `; nothing within reach of ${empty.toLocaleString('en')}` : ''}`, { models: modelsOfAll([inputs.offline]), reachNone: empty, transductive: true })
}
