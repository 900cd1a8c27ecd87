import { z } from 'zod'
import { bestParts, partRules } from '../../descriptors/bestParts.ts'
import { joinTables } from '../../descriptors/pairTable.ts'
import { counted } from '../../review/sentences.ts'
import { writePairColumns } from '../kinds.ts'
import { readTables } from '../pairTables.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOfAll } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'best-parts',
  title: 'One score a pair',
  about: 'Makes one score for each pair of images out of those of all its parts, models and scales: the mean of the best and the second best, the best, or the mean of all. Which parts were the best stands beside it.',
  source: 'VisionForce (WangWenhao0716), Test/top2.py: mean of best and second best, the best 500,000 pairs',
  version: 1,
  params: z.object({
    rule: z.enum(partRules).default('best-two').describe('best-two: mean of the best and the second best (a score that two rows share is no second). max: the best. mean: of all.'),
    best: z.int().min(1).max(100_000_000).default(500_000).describe('At most so many pairs, the best.')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'scored pairs of parts; several tables are put together', many: true } },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { pairs }, { rule, best }) => {
  const all = joinTables(await readTables(pairs))
  const { table, rows } = bestParts(all, rule, best)
  const whole = new Int32Array(table.a.length)
  await writePairColumns(out, { a: table.a, aParts: whole, b: table.b, bParts: whole, scores: Float32Array.from(table.scores) })
  await out.column('bestAPart', table.aParts)
  await out.column('bestBPart', table.bParts)
  await out.column('rows', rows)
  await out.finish('pairs', `${counted(table.a.length, 'pair')} of images, from ${counted(all.a.length, 'row')}`, { pairs: table.a.length, rows: all.a.length, rule, models: modelsOfAll(pairs) })
}
