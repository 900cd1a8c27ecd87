import type { Command } from 'commander'
import type { ContractClient } from '../../server/router.ts'
import type { ActResult } from '../../contract/decisions.ts'
import { imageRole, type ImageRole } from '../../contract/common.ts'
import { WinnowError } from '../../domain/errors.ts'
import { exactly, fraction, numberText, wholeNumber } from '../arguments.ts'
import { findClass } from '../findClass.ts'
import { findImages } from '../findImages.ts'
import { onProject } from '../run.ts'
import type { Session } from '../session.ts'
import { table } from '../words.ts'

type Act = Parameters<ContractClient['decisions']['apply']>[0]

interface Options {
  readonly acceptDuplicates?: boolean
  readonly threshold?: number
  readonly radius?: number
  readonly acceptPredictions?: boolean
  readonly minScore?: number
  readonly run?: number
  readonly keep?: string[]
  readonly drop?: string[]
  readonly unsure?: string[]
  readonly clear?: string[]
  readonly reason?: string
  readonly label?: string[]
  readonly newClass?: boolean
  readonly none?: string[]
  readonly different?: string[]
  readonly variant?: string[]
  readonly protect?: string[]
  readonly unprotect?: string[]
  readonly role?: string[]
  readonly identity?: string[]
  readonly fold?: string[]
}

/** decide, undo, redo and log. */
export function addDecisionCommands(program: Command): void {
  program
    .command('decide')
    .argument('<project>', 'a project folder, or - for the one open in --engine')
    .description('accept what the machine proposes, or say it image by image')
    .option('--accept-duplicates', 'in every open group the keeper stays and the others go')
    .option('--threshold <similarity>', 'for --accept-duplicates: cosine from which images count as near-duplicates', fraction)
    .option('--radius <bits>', 'for --accept-duplicates: Hamming distance of the perceptual hash, 0 to 16', wholeNumber)
    .option('--accept-predictions', 'the first candidate becomes the label of every unanswered image')
    .option('--min-score <score>', 'for --accept-predictions: only from this score on', numberText)
    .option('--run <id>', 'for --accept-predictions: of this run (otherwise the last one)', wholeNumber)
    .option('--keep <image...>', 'these stay')
    .option('--drop <image...>', 'these go')
    .option('--unsure <image...>', 'look at these again')
    .option('--clear <image...>', 'as if nobody had said keep, drop or unsure')
    .option('--reason <text>', 'why, for --keep, --drop and --unsure')
    .option('--label <class-and-images...>', 'give a class to images: the class first, then the images')
    .option('--new-class', 'for --label: make the class if there is none of that name')
    .option('--none <image...>', 'these belong to none of the classes')
    .option('--different <image...>', 'these are no duplicates of each other; remembered by content')
    .option('--variant <image...>', 'these are related, but each stays')
    .option('--protect <image...>', 'never propose to drop these')
    .option('--unprotect <image...>', 'propose to drop these as any other, also in a protected folder')
    .option('--role <role-and-images...>', `what images are for: the role (${imageRole.options.join(', ')}) first, then the images`)
    .option('--identity <name-and-images...>', 'who or what is in these images: the name first (- for none), then the images')
    .option('--fold <number-and-images...>', 'which fold of a cross-validation images are in: the number first (- for none), then the images')
    .addHelpText(
      'after',
      `
Images are named by id, by their path below their folder, or by an end of it that only one image has.
Each option is one step of undo, however many images it touches; nothing on disk changes.

Examples:
  winnow decide monkeys.winnow --accept-duplicates --threshold 0.95
  winnow decide monkeys.winnow --accept-predictions --min-score 0.9
  winnow decide monkeys.winnow --drop blurred/a.jpg 1042 --reason "motion blur"
  winnow decide monkeys.winnow --label howler new/17.jpg new/18.jpg
  winnow decide monkeys.winnow --identity "Bo, left ear torn" 17 18 --fold 3 17 18
  winnow undo monkeys.winnow`
    )
    .action(async (project: string, options: Options, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const acts = await actsOf(session, options)
        if (acts.length === 0) throw new WinnowError('BAD_INPUT', 'Say what to decide, for example --accept-duplicates or --drop IMAGE. See winnow decide --help.')
        const results: ActResult[] = []
        for (const act of acts) results.push(await session.client.decisions.apply(act))
        return { json: { acts: results }, text: results.map((result) => result.summary).join('\n') }
      })
    })

  for (const [name, description] of [['undo', 'take the last decision back'], ['redo', 'do again what was undone last']] as const) {
    program
      .command(name)
      .argument('<project>', 'a project folder, or - for the one open in --engine')
      .description(description)
      .option('--steps <number>', 'so many times', wholeNumber, 1)
      .action(async (project: string, { steps }: { steps: number }, command: Command) => {
        await onProject(command, project, async ({ session }) => {
          const results: ActResult[] = []
          for (let step = 0; step < steps; step++) {
            const result = await session.client.decisions[name]()
            results.push(result)
            if (result.actId === null) break
          }
          return { json: { acts: results }, text: results.map((result) => result.summary).join('\n') }
        })
      })
  }

  program
    .command('log')
    .argument('<project>', 'a project folder, or - for the one open in --engine')
    .description('what was decided, the newest first')
    .option('--limit <number>', 'so many at most', wholeNumber, 50)
    .action(async (project: string, { limit }: { limit: number }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const entries = await session.client.decisions.log({ limit: Math.min(200, Math.max(1, limit)) })
        return {
          json: { log: entries },
          text: entries.length > 0 ? table(['when', 'what', 'images', ''], entries.map((entry) => [new Date(entry.at).toLocaleString('sv-SE'), entry.summary, entry.count, entry.turns === null && !entry.stands ? 'undone' : ''])) : 'Nothing has been decided yet.'
        }
      })
    })
}

/** The options as acts, in the order of the help; every image is looked up before the first act is done. */
async function actsOf(session: Session, options: Options): Promise<Act[]> {
  const { client } = session
  const acts: Act[] = []
  if (options.acceptDuplicates) {
    const settings = await client.duplicates.settings()
    acts.push({
      kind: 'accept-groups',
      settings: { ...settings, ...(options.threshold === undefined ? {} : { threshold: options.threshold }), ...(options.radius === undefined ? {} : { radius: options.radius }) },
      groups: 'all',
      filter: { state: 'open' }
    })
  }
  if (options.acceptPredictions) {
    const runId = options.run ?? (await lastRun(client))
    const { viewId } = await client.labels.queue({ runId, state: 'open' })
    acts.push({ kind: 'accept-predictions', runId, selection: { viewId }, ...(options.minScore === undefined ? {} : { minScore: options.minScore }) })
  }
  const selected = async (names: readonly string[]) => ({ ids: await findImages(session, names) })
  for (const [names, value] of [[options.keep, 'keep'], [options.drop, 'drop'], [options.unsure, 'unsure'], [options.clear, null]] as const) {
    if (names) acts.push({ kind: 'verdict', selection: await selected(names), value, ...(options.reason === undefined || value === null ? {} : { reason: options.reason }) })
  }
  if (options.label) {
    const [className, names] = firstOf(options.label, '--label needs a class and at least one image: --label howler a.jpg b.jpg.')
    const selection = await selected(names)
    acts.push({ kind: 'label', selection, state: 'class', classId: await findClass(client, className, { make: options.newClass === true }) })
  }
  if (options.none) acts.push({ kind: 'label', selection: await selected(options.none), state: 'none' })
  for (const [names, value] of [[options.different, 'different'], [options.variant, 'variant']] as const) {
    if (!names) continue
    const images = await findImages(session, names)
    if (images.length < 2) throw new WinnowError('BAD_INPUT', `--${value} needs at least two images.`)
    acts.push({ kind: 'relation', images, value })
  }
  for (const [names, value] of [[options.protect, true], [options.unprotect, false]] as const) {
    if (names) acts.push({ kind: 'protect', selection: await selected(names), protected: value })
  }
  if (options.role) {
    const [role, names] = firstOf(options.role, '--role needs a role and at least one image: --role test a.jpg b.jpg.')
    acts.push({ kind: 'role', selection: await selected(names), role: exactly<ImageRole>(imageRole.options)(role) })
  }
  if (options.identity) {
    const [identity, names] = firstOf(options.identity, '--identity needs a name and at least one image: --identity Bo a.jpg b.jpg.')
    acts.push({ kind: 'identity', selection: await selected(names), identity: identity === '-' ? null : identity })
  }
  if (options.fold) {
    const [fold, names] = firstOf(options.fold, '--fold needs a number and at least one image: --fold 3 a.jpg b.jpg.')
    acts.push({ kind: 'fold', selection: await selected(names), fold: fold === '-' ? null : wholeNumber(fold) })
  }
  return acts
}

/** What an option says of images, and the images. Throws BAD_INPUT where either is missing. */
function firstOf([what, ...images]: readonly string[], otherwise: string): [what: string, images: readonly string[]] {
  if (what === undefined || images.length === 0) throw new WinnowError('BAD_INPUT', otherwise)
  return [what, images]
}

async function lastRun(client: ContractClient): Promise<number> {
  const runs = (await client.labels.runs()).filter((run) => run.kind === 'knn').sort((a, b) => b.id - a.id)
  const [last] = runs
  if (!last) throw new WinnowError('NOT_FOUND', 'There are no predictions yet. Run "winnow pseudo" first.')
  return last.id
}
