import { z } from 'zod'
import { bestRows, type PairTable } from '../../descriptors/pairTable.ts'
import { partRanges } from '../../descriptors/partRanges.ts'
import { keepAgreed, PartSet, penaliseParts, withoutImages, withoutQueryParts } from '../../descriptors/tableFusion.ts'
import { WinnowError } from '../../domain/errors.ts'
import { counted } from '../../review/sentences.ts'
import type { Artefact } from '../artefact.ts'
import { readImages, readParts, writePairs } from '../kinds.ts'
import { asPairs, readTables } from '../pairTables.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOfAll } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'fuse-pairs',
  title: 'Fuse tables of pairs',
  about:
    'Puts the pairs of several models together: keeps those that enough of them list, each row with its own score; leaves out small crops and vetoed images; takes a little off the scores of crops. ' +
    'Follow it with "best-parts" to get one score for each pair of images.',
  source: 'VisionForce (WangWenhao0716), Test/final: 2 of 3 backbones, crops under 100 to 200 pixels, 0.05 off',
  version: 1,
  params: z.object({
    least: z.int().min(1).max(1000).default(1).describe('How many of the tables must list a pair.'),
    minSide: z.int().min(0).max(100_000).default(0).describe('Query crops narrower or lower than so many pixels are left out; needs the parts as input. Whole images stay.'),
    penalty: z.number().min(0).max(10).default(0).describe('Taken off the score of every query part that is not exempt.'),
    exempt: z.string().default('0').describe('Parts without a penalty: numbers and ranges, such as "0, 1000-1019". Empty: none is exempt.'),
    best: z.int().min(1).optional().describe('At most so many rows, the best.')
  }),
  inputs: {
    pairs: { kinds: ['pairs', 'lists'], about: 'the table of each model', many: true },
    parts: { kinds: ['parts'], about: 'the query parts with their boxes', optional: true },
    withoutQueries: { kinds: ['images'], about: 'queries that are left out', optional: true },
    withoutReferences: { kinds: ['images'], about: 'references that are left out (faces, logos)', optional: true }
  },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ note, out }, inputs, { least, minSide, penalty, exempt, best }) => {
  const isExempt = partRanges(exempt)
  if (least > inputs.pairs.length) throw new WinnowError('BAD_INPUT', `A pair cannot be in ${least} of ${counted(inputs.pairs.length, 'table')}. Set least to at most ${inputs.pairs.length}.`)
  const tables = await readTables(inputs.pairs)
  const rows = tables.reduce((sum, { a }) => sum + a.length, 0)
  const agreed = keepAgreed(tables, least)
  const large = withoutQueryParts(agreed, await smallParts(inputs.parts, minSide))
  const allowed = withoutImages(large, await imageSet(inputs.withoutQueries), await imageSet(inputs.withoutReferences))
  if (large.a.length < agreed.a.length) note(`${counted(agreed.a.length - large.a.length, 'row')} of crops under ${minSide} pixels left out.`)
  if (allowed.a.length < large.a.length) note(`${counted(large.a.length - allowed.a.length, 'row')} of vetoed images left out.`)
  const table: PairTable = bestRows(penalty > 0 ? penaliseParts(allowed, penalty, isExempt) : allowed, best)
  await writePairs(out, asPairs(table), `${counted(table.a.length, 'row')} of ${rows.toLocaleString('en')} in ${counted(tables.length, 'table')}${least > 1 ? `, listed by at least ${least}` : ''}`, {
    rows, tables: tables.length, disagreed: rows - agreed.a.length, small: agreed.a.length - large.a.length, vetoed: large.a.length - allowed.a.length, models: modelsOfAll(inputs.pairs)
  })
}

async function smallParts(artefact: Artefact | undefined, minSide: number): Promise<PartSet> {
  const small = new PartSet()
  if (minSide === 0) return small
  if (!artefact) throw new WinnowError('BAD_INPUT', `Which crops are under ${minSide} pixels is known only from their boxes: give the parts as an input, or set minSide to 0.`)
  const { images, parts, boxes } = await readParts(artefact)
  for (const [i, image] of images.entries()) {
    const [width, height] = [boxes[i * 4 + 2] as number, boxes[i * 4 + 3] as number]
    if (width > 0 && (width < minSide || height < minSide)) small.add(image, parts[i] as number)
  }
  return small
}

const imageSet = async (artefact: Artefact | undefined): Promise<Set<number>> => new Set(artefact ? await readImages(artefact) : [])
