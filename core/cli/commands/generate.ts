import type { Command } from 'commander'
import { resolve } from 'node:path'
import { type EditName, editNames, type EditStrength, editStrength, type GeneratedSet, generatedSet } from '../../contract/generator.ts'
import { exactly, fraction, wholeNumber } from '../arguments.ts'
import { outcomeOf, runJob } from '../follow.ts'
import { onNothing, onProject } from '../run.ts'
import { table } from '../words.ts'

interface Options {
  readonly out: string
  readonly set?: GeneratedSet
  readonly count?: number
  readonly seed?: number
  readonly strength?: EditStrength
  readonly only?: EditName[]
  readonly distractors?: number
  readonly references?: number
  readonly training?: number
  readonly views?: number
  readonly foreign?: number
  readonly pairs?: number
  readonly labelled?: number
  readonly longestSide?: number
}

/** generate: sets of edited pictures with known truth; edits: what can be done to a picture. */
export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .argument('<project>', 'a project folder, or - for the one open in --engine')
    .description('make a set of edited pictures with known truth out of the images of a project')
    .requiredOption('--out <folder>', 'the folder to make; outside of every image folder, and not there yet')
    .option('--set <kind>', `${generatedSet.options.join(', ')} (otherwise copies)`, exactly(generatedSet.options))
    .option('--count <number>', 'copies: queries; instances: photos; identities: individuals (otherwise 100)', wholeNumber)
    .option('--seed <number>', 'the same seed makes the same set of the same images (otherwise 7)', wholeNumber)
    .option('--strength <strength>', `${editStrength.options.join(' or ')} (otherwise hard)`, exactly(editStrength.options))
    .option('--only <edit...>', 'only these edits: one of them (moderate) or all of them (hard)', (text: string, former: EditName[] | undefined) => [...(former ?? []), exactly(editNames)(text)])
    .option('--distractors <share>', 'copies: share of the queries that are copies of nothing in the set (otherwise 0.2)', fraction)
    .option('--references <number>', 'copies: how many references (otherwise all images that are not kept out)', wholeNumber)
    .option('--training <number>', 'copies: how many further images for negatives and normalisation (otherwise none)', wholeNumber)
    .option('--views <number>', 'instances, identities: views of each photo (otherwise 20)', wholeNumber)
    .option('--foreign <share>', 'instances: share of foreign images planted into the classes (otherwise 0.1)', fraction)
    .option('--pairs <number>', 'identities: pairs to judge (otherwise ten an individual)', wholeNumber)
    .option('--labelled <share>', 'identities: share of the individuals given with their label (otherwise 0.3)', fraction)
    .option('--longest-side <pixels>', 'photos are shrunk to this before they are edited (otherwise 1024)', wholeNumber)
    .addHelpText('after', `
Edits: ${editNames.join(', ')} (what each does: winnow edits)

What comes out:
  copies      queries/, references/, training/; truth.csv (query_id,reference_id; no reference: a distractor)
  instances   train/LANDMARK/, index/, test/; train.csv, cleaning_truth.csv, retrieval_solution.csv, recognition_solution.csv, truth.csv
  identities  images/; train.csv, pairs.csv, pairs_truth.csv, truth.csv
and manifest.jsonl: for each file its source, seed, edits with their parameters, the homography from source to file, and how much of the source it shows.

Examples:
  winnow generate photos.winnow --out ~/sets/copies --count 500 --training 200
  winnow generate photos.winnow --out ~/sets/places --set instances --count 100 --views 20
  winnow create copies.winnow && winnow roots add copies.winnow ~/sets/copies/queries --role query
  winnow roots add copies.winnow ~/sets/copies/references --role reference
Images that were dropped are left out: drop near-duplicates first, or a query truly matches more than its truth says.
Killed half way, it goes on where it stopped.`)
    .action(async (project: string, { out, ...options }: Options, command: Command) => {
      await onProject(command, project, async ({ session, terminal }) => await outcomeOf(session, await runJob(session, { kind: 'generate', spec: { out: resolve(out), ...options } }, terminal)))
    })

  program
    .command('edits')
    .description('the edits that generate draws from, with the ranges of their parameters')
    .action(async (_options: unknown, command: Command) => {
      await onNothing(command, async () => {
        // Loaded here: every other command does without the drawing.
        const { operations } = await import('../../generator/operationList.ts')
        const edits = editNames.map((name) => ({ name, about: operations[name].about }))
        return { json: { edits }, text: table(['edit', 'what it does'], edits.map(({ name, about }) => [name, about])) }
      })
    })
}
