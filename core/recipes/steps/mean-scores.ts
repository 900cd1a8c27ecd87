import { z } from 'zod'
import { meanScores } from '../../descriptors/meanScores.ts'
import { counted } from '../../review/sentences.ts'
import { writePairs } from '../kinds.ts'
import { asPairs, readTables } from '../pairTables.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOf, modelsOfAll } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'mean-scores',
  title: 'Mean of scores',
  about: 'The mean of several models’ scores of the same pairs (or of plain and degraded views), joined by pair and never by row.',
  source: 'Pet biometrics (flyingsheepbin/pet-biometrics), fusion.py: the mean of four models; test-time views: the mean of plain and degraded',
  version: 1,
  params: z.object({
    weights: z.array(z.number().min(0)).optional().describe('One a table, in the order of the inputs. Left out: all 1.'),
    missing: z.enum(['error', 'leave-out', 'mean-of-present']).default('leave-out').describe('A pair that not every table lists: stop and name it, leave it out, or take the mean of those that list it.')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'the scored pairs of each model', many: true } },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ note, out }, { pairs }, { weights, missing }) => {
  const tableName = (table: number): string => {
    const models = pairs[table] ? modelsOf(pairs[table]).join(' + ') : ''
    return `Table ${table + 1}${models ? ` (${models})` : ''}`
  }
  const { table, incomplete } = meanScores(await readTables(pairs), { ...(weights ? { weights } : {}), missing, tableName, imageName: (image) => `image ${image}` })
  if (incomplete > 0) note(`${counted(incomplete, 'pair is', 'pairs are')} not in every table${missing === 'leave-out' ? ' and left out' : ': the mean of those that list it'}.`)
  await writePairs(out, asPairs(table), `${counted(table.a.length, 'pair')}, the mean of ${counted(pairs.length, 'table')}`, { tables: pairs.length, incomplete, models: modelsOfAll(pairs) })
}
