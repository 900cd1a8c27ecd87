import type { Command } from 'commander'
import type { CleanCell, CleanGrid } from '../../contract/clean.ts'
import { WinnowError } from '../../domain/errors.ts'
import { exactly, wholeNumber } from '../arguments.ts'
import { onProject } from '../run.ts'
import type { Session } from '../session.ts'
import { count, counted, table } from '../words.ts'

interface SweepOptions {
  readonly sweep?: number
}
interface CellOptions extends SweepOptions {
  readonly v?: number
  readonly f?: number
}

const measures = ['images', 'classes', 'precision', 'recall'] as const
type Measure = (typeof measures)[number]

const projectArgument = ['<project>', 'a project folder, or - for the one open in --engine'] as const
const sweepOption = ['--sweep <number>', 'which sweep (see "winnow clean grids"; otherwise the newest)', wholeNumber] as const

/** The sweep that is meant. Throws NOT_FOUND where there is none. */
async function gridOf({ client }: Session, sweep: number | undefined): Promise<CleanGrid> {
  if (sweep !== undefined) return await client.clean.grid({ resultId: sweep })
  const [newest] = await client.clean.grids()
  if (!newest) throw new WinnowError('NOT_FOUND', 'This project has no sweep of the cleaning rule yet. Make one: winnow run gldv2-clean PROJECT.')
  return await client.clean.grid({ resultId: newest.resultId })
}

/** The cell that is meant: as given, otherwise the recipe's own. */
function cellOf({ recipeCell, values, frequencies }: CleanGrid, { v, f }: CellOptions): { v: number; f: number } {
  const at = { v: v ?? recipeCell?.v, f: f ?? recipeCell?.f }
  if (at.v === undefined || at.f === undefined) throw new WinnowError('BAD_INPUT', `Say which cell: --v (${values.join(', ')}) and --f (${frequencies.join(', ')}).`)
  return { v: at.v, f: at.f }
}

const bound = ({ evidence }: Pick<CleanGrid, 'evidence'>, v: number): string => (evidence === 'inliers' ? `v >= ${v}` : `rank <= ${v}`)
const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(4))

/** The grid as a table: a line for each v, from mild to strict. Throws BAD_INPUT where a truth is needed and there is none. */
function gridText(grid: CleanGrid, measure: Measure): string {
  const { values, frequencies, cells, truth } = grid
  if (!truth && (measure === 'precision' || measure === 'recall')) throw new WinnowError('BAD_INPUT', `The run of this sweep had no ground truth: there is no ${measure}. Run the recipe with --truth FILE.`)
  const text = (at: number): string => {
    if (measure === 'images' || measure === 'classes') return count(cells[measure][at] ?? 0)
    const right = truth?.right[at] ?? 0
    return measure === 'precision' ? share(right, truth?.judged[at] ?? 0) : share(right, truth?.clean ?? 0)
  }
  return table(['', ...frequencies.map((f) => `f >= ${f}`)], values.map((v, i) => [bound(grid, v), ...frequencies.map((_, j) => text(i * frequencies.length + j))]))
}

function cellText(grid: CleanGrid, { v, f, images, classes, choice }: CleanCell): string {
  const at = grid.values.indexOf(v) * grid.frequencies.length + grid.frequencies.indexOf(f)
  const { truth } = grid
  return [
    `${bound(grid, v)}, f >= ${f}: keeps ${counted(images.kept, 'image')} of ${count(grid.images)} and ${counted(classes.kept, 'class', 'classes')} of ${count(grid.classes)}.`,
    `Not kept: ${count(images.tooFewPairs)} with too few pairs, ${count(images.classTooSmall)} clean ones of classes with fewer than ${grid.leastImages}.`,
    ...(truth ? [`Against the truth: precision ${share(truth.right[at] ?? 0, truth.judged[at] ?? 0)}, recall ${share(truth.right[at] ?? 0, truth.clean)}.`] : []),
    `Choosing it would drop ${counted(choice.drops, 'image')}; ${count(choice.droppedAlready)} are dropped already, ${count(choice.spared)} stay because a person kept or protected them.`,
    ...(choice.returns > 0 ? [`${counted(choice.returns, 'image')} that a cell chosen before had dropped would come back.`] : []),
    ...(choice.keptButDropped > 0 ? [`${counted(choice.keptButDropped, 'image')} that it keeps were dropped otherwise: choosing does not bring them back.`] : [])
  ].join('\n')
}

/** clean: the v x f grid that a cleaning recipe made, and choosing a cell of it. */
export function addCleanCommands(program: Command): void {
  const clean = program.command('clean').description('what a cleaning recipe found: the grid of both thresholds, its cells, and choosing one')
  clean
    .command('grids')
    .argument(...projectArgument)
    .description('the sweeps that recipes made, the newest first')
    .action(async (project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const grids = await session.client.clean.grids()
        const text = grids.length === 0
          ? 'No sweep yet. Make one: winnow run gldv2-clean PROJECT'
          : table(['sweep', 'run', 'recipe', 'evidence', 'images', 'classes'], grids.map(({ resultId, runId, recipe, evidence, images, classes }) => [String(resultId), String(runId), recipe, evidence, images, classes]))
        return { json: { grids }, text }
      })
    })
  clean
    .command('grid')
    .argument(...projectArgument)
    .option(...sweepOption)
    .option('--measure <name>', `what the cells show: ${measures.join(', ')}`, exactly(measures), 'images')
    .description('one sweep as a table: what each pair of thresholds keeps')
    .action(async (project: string, { sweep, measure }: SweepOptions & { measure: Measure }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const grid = await gridOf(session, sweep)
        return { json: { grid }, text: gridText(grid, measure) }
      })
    })
  clean
    .command('cell')
    .argument(...projectArgument)
    .option(...sweepOption)
    .option('--v <number>', "evidence that a pair needs (otherwise the recipe's own)", wholeNumber)
    .option('--f <number>', "such pairs that an image needs (otherwise the recipe's own)", wholeNumber)
    .option('--classes <number>', 'also so many classes, those that vanish first', wholeNumber, 10)
    .description('what one cell keeps and drops, and what choosing it would do')
    .addHelpText('after', '\nExample:\n  winnow clean cell places.winnow --v 30 --f 3')
    .action(async (project: string, options: CellOptions & { classes: number }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const grid = await gridOf(session, options.sweep)
        const at = { resultId: grid.resultId, ...cellOf(grid, options) }
        const cell = await session.client.clean.cell({ ...at, sample: 0 })
        const { rows } = options.classes === 0 ? { rows: [] } : await session.client.clean.classes({ ...at, order: 'vanishing', limit: Math.min(200, options.classes) })
        const text = [cellText(grid, cell), ...(rows.length > 0 ? ['', table(['class', 'images', 'kept', 'dropped'], rows.map(({ name, images, kept }) => [name, images, kept, images - kept]))] : [])]
        return { json: { sweep: grid.resultId, cell, classes: rows }, text: text.join('\n') }
      })
    })
  clean
    .command('choose')
    .argument(...projectArgument)
    .option(...sweepOption)
    .option('--v <number>', "evidence that a pair needs (otherwise the recipe's own)", wholeNumber)
    .option('--f <number>', "such pairs that an image needs (otherwise the recipe's own)", wholeNumber)
    .option('--dry-run', 'only say what would be dropped')
    .description('drop what a cell does not keep, as one step that "winnow undo" takes back')
    .addHelpText('after', '\nExample:\n  winnow clean choose places.winnow --v 30 --f 3 --dry-run')
    .action(async (project: string, options: CellOptions & { dryRun?: boolean }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const grid = await gridOf(session, options.sweep)
        const at = { resultId: grid.resultId, ...cellOf(grid, options) }
        const cell = await session.client.clean.cell({ ...at, sample: 0 })
        if (options.dryRun) return { json: { sweep: grid.resultId, cell }, text: cellText(grid, cell) }
        const act = await session.client.clean.choose(at)
        return { json: { sweep: grid.resultId, cell, act }, text: act.count === 0 ? 'Nothing to change: the project stands as this cell says.' : `${act.summary} Undo: winnow undo.` }
      })
    })
}
