import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { GenerateSpec } from '../../core/contract/generator.ts'
import type { OptionValues } from '../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../core/engine.ts'
import { generate, projectOver, type Root, runJob } from '../support/recipeProjects.ts'
import { photosIn } from './photos.ts'
import type { BenchResult } from './result.ts'
import { writeBetween } from './table.ts'

/** What is measured: a recipe over a set, the number that counts, and what it is compared with. */
interface Case {
  readonly recipe: string
  readonly set: SetName
  readonly truth: string
  readonly metric: string
  /** The same number without what the recipe adds; none where nothing simpler is in the recipe. */
  readonly plain?: string
  /** Further numbers that are told. */
  readonly also?: readonly string[]
  readonly options?: (set: string) => OptionValues
  /** Where nothing plain stands beside it: what it should reach. */
  readonly least?: number
}

type SetName = 'copies' | 'hard copies' | 'leaks' | 'places' | 'animals'

interface SetSpec {
  readonly spec: Partial<GenerateSpec>
  readonly roots: (folder: string) => Root[]
  /** The set whose pictures these are. */
  readonly of?: SetName
}

const roles = (...pairs: readonly (readonly [string, Root['role']])[]) => (folder: string): Root[] => pairs.map(([name, role]) => ({ path: join(folder, name), role }))
const copySpec = { set: 'copies', count: 150, references: 300, training: 500 } as const
const sets: Readonly<Record<SetName, SetSpec>> = {
  copies: { spec: { ...copySpec, strength: 'moderate' }, roots: roles(['queries', 'query'], ['references', 'reference'], ['training', 'negative']) },
  'hard copies': { spec: { ...copySpec, strength: 'hard' }, roots: roles(['queries', 'query'], ['references', 'reference'], ['training', 'negative']) },
  leaks: { of: 'copies', spec: {}, roots: roles(['queries', 'test'], ['references', 'train']) },
  places: { spec: { set: 'instances', count: 100, views: 20, strength: 'moderate' }, roots: (folder) => [{ path: join(folder, 'train'), role: 'train', labels: true }, ...roles(['index', 'reference'], ['test', 'query'])(folder)] },
  animals: { spec: { set: 'identities', count: 120, views: 4, strength: 'moderate' }, roots: roles(['images', 'train']) }
}

const copyCases = (set: SetName): Case[] => [
  { recipe: 'isc21-descriptor', set, truth: 'truth.csv', metric: 'uAP', plain: 'plain uAP', also: ['R@P90'] },
  { recipe: 'isc21-matching-visionforce', set, truth: 'truth.csv', metric: 'uAP', plain: 'plain uAP', also: ['R@P90', 'recall@10'] },
  { recipe: 'new-against-old', set, truth: 'truth.csv', metric: 'uAP', plain: 'by-descriptor uAP', also: ['R@P90'] }
]
const cases: readonly Case[] = [
  ...copyCases('copies'),
  { recipe: 'near-duplicates', set: 'copies', truth: 'truth.csv', metric: 'uAP', plain: 'by-descriptor uAP', also: ['R@P90'] },
  ...copyCases('hard copies'),
  { recipe: 'train-test-leakage', set: 'leaks', truth: 'truth.csv', metric: 'uAP', plain: 'by-descriptor uAP', also: ['R@P90'] },
  { recipe: 'gldv2-clean', set: 'places', truth: 'cleaning_truth.csv', metric: 'dropped recall', also: ['precision', 'recall', 'dropped precision'], least: 0.9 },
  { recipe: 'landmark-retrieval', set: 'places', truth: 'retrieval_solution.csv', metric: 'mAP@100', plain: 'plain mAP@100', also: ['expanded-only mAP@100', 'by-diffusion mAP@100', 'by-egt mAP@100'], options: () => ({ diffusion: true, egt: true }) },
  { recipe: 'landmark-recognition', set: 'places', truth: 'recognition_solution.csv', metric: 'GAP', plain: 'plain GAP', also: ['accuracy'] },
  { recipe: 'label-check', set: 'places', truth: 'labels_truth.csv', metric: 'accuracy', plain: 'given accuracy' },
  { recipe: 'pet-biometrics', set: 'animals', truth: 'pairs_truth.csv', metric: 'AUC', plain: 'plain AUC', also: ['EER'], options: (set) => ({ pairs: join(set, 'pairs.csv') }) },
  { recipe: 'pseudo-label-round', set: 'animals', truth: 'truth.csv', metric: 'all accuracy', also: ['all GAP', 'precision'], least: 0.3 }
]

/** Raised when the sets would come out otherwise. */
const version = 2

/** A recipe may cost this much of what it is compared with before it counts as missed. */
const margin = 0.97

interface Measured {
  readonly recipe: string
  readonly set: SetName
  readonly model: string
  readonly metric: string
  readonly value: number
  readonly plain: number | null
  readonly also: Readonly<Record<string, number>>
}

/** The recipes that take several models name their option so. */
const ensembles = new Set(['isc21-matching-visionforce', 'landmark-retrieval', 'landmark-recognition', 'pet-biometrics'])

/**
 * Every recipe over sets with known truth that are made of the images: its number beside what it is without what the recipe adds. Sets, projects and results stay in the
 * temporary folder of this machine, so that a second run, or one that was killed, makes only what is missing. `models`: ONNX files of models beside those that come with Winnow, each with
 * its card beside it (NAME.json), or normalised to -1..1 where there is none.
 */
export async function benchRecipes({ images, models = [] }: { readonly images: string; readonly models?: readonly string[] }): Promise<BenchResult[]> {
  const files = photosIn(images)
  const name = createHash('sha256').update(JSON.stringify([version, sets, files.map((file) => [basename(file), statSync(file).size])])).digest('hex').slice(0, 12)
  const folder = join(tmpdir(), `winnow-bench-recipes-${name}`)
  mkdirSync(folder, { recursive: true })
  const engine = new Engine({ home: join(folder, 'home'), program: 'Winnow bench' })
  try {
    const ids = ['winnow-s', 'basic', ...(await Promise.all(models.map(async (file) => await modelOf(engine, file))))]
    const measured: Measured[] = []
    for (const set of Object.keys(sets) as SetName[]) {
      const { open, made } = await projectOf(engine, folder, images, set)
      for (const each of cases.filter((one) => one.set === set)) {
        for (const model of ids) {
          measured.push(await measure(open, made, each, model))
          console.log(`  ${each.recipe}, ${set}, ${model}: ${told(measured.at(-1) as Measured)}`)
        }
      }
    }
    return measured.map(asResult)
  } finally {
    await engine.close()
  }
}

/** The id under which the model is in the library, where it is put if it is not there yet. */
async function modelOf(engine: Engine, file: string): Promise<string> {
  const id = basename(file, '.onnx').toLowerCase()
  if ((await engine.models.list()).some(({ card }) => card.id === id)) return id
  const scratch = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  try {
    // Not in place: what lies in the folders of others is only read.
    const copy = join(scratch, basename(file))
    copyFileSync(file, copy)
    const { draft } = await engine.models.inspect({ file: copy })
    const beside = file.replace(/\.onnx$/, '.json')
    const said = existsSync(beside) ? (JSON.parse(readFileSync(beside, 'utf8')) as object) : { scale: 2, mean: [1, 1, 1], licence: 'unknown', source: file }
    await engine.models.add({ file: copy, card: { ...draft, ...said, id } } as Parameters<typeof engine.models.add>[0])
    return id
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function projectOf(engine: Engine, folder: string, images: string, set: SetName): Promise<{ open: OpenProject; made: string }> {
  const { spec, roots, of } = sets[set]
  const made = join(folder, of ?? set.replace(' ', '-'))
  const project = join(folder, `${set.replace(' ', '-')}.winnow`)
  if (existsSync(join(project, 'ready'))) return { open: await engine.openProject(project), made }
  rmSync(project, { recursive: true, force: true })
  if (of === undefined) {
    const photos = join(folder, 'photos.winnow')
    const source = existsSync(photos) ? await engine.openProject(photos) : await projectOver(engine, photos, [{ path: images, role: 'train' }])
    await runJob(source, { kind: 'scan' })
    if ((await source.project.read.images.counts()).dropped === 0) await dropNearDuplicates(source)
    await generate(source, made, spec)
  }
  const open = await projectOver(engine, project, roots(made))
  if (set === 'animals') await labelHalf(open, made)
  writeFileSync(join(project, 'ready'), '')
  return { open, made }
}

/** Of photos that show the same, one stays: the truth of a set knows nothing of the others, and what finds them would seem wrong. */
async function dropNearDuplicates(source: OpenProject): Promise<void> {
  const { runId } = (await runJob(source, { kind: 'recipe', recipe: 'near-duplicates', options: { model: 'basic' }, set: { 'alike.minScore': 0.8 } })) as { runId: number }
  const { steps } = await source.recipes.run({ runId })
  const resultId = steps.find(({ step }) => step === 'sure')?.result?.resultId ?? 0
  const again = new Set<number>()
  for (let offset = 0; ; offset += 200) {
    const { rows, columns, total } = await source.recipes.rows({ resultId, offset, limit: 200 })
    const [a, b] = ['a', 'b'].map((side) => columns.findIndex(({ name }) => name === side)) as [number, number]
    for (const row of rows) again.add(Math.max(row[a] as number, row[b] as number))
    if (offset + rows.length >= total || rows.length === 0) break
  }
  if (again.size > 0) await source.decisions.apply({ kind: 'verdict', selection: { ids: [...again] }, value: 'drop', reason: 'near-duplicate' })
}

/** Every second view of an individual is given with its label; the others are what a round of pseudo-labels predicts. */
async function labelHalf(open: OpenProject, made: string): Promise<void> {
  const known = join(made, '..', 'known.csv')
  const [header, ...rows] = readFileSync(join(made, 'truth.csv'), 'utf8').trim().split('\n')
  writeFileSync(known, `${[header, ...rows.filter((_, i) => i % 2 === 0)].join('\n')}\n`)
  await open.labels.importCsv({ file: known })
}

/** The true classes of train/: planted images have none of the classes, which a class of its own says. */
function labelsTruth(made: string): void {
  const rows = (name: string): string[][] => readFileSync(join(made, name), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','))
  const foreign = new Set(rows('cleaning_truth.csv').filter(([, flag]) => flag === '1').map(([image]) => image))
  const labels = rows('train.csv').map(([image, label]) => `${image},${foreign.has(image) ? 'none of them' : label}`)
  writeFileSync(join(made, '..', 'labels_truth.csv'), `image,label\n${labels.join('\n')}\n`)
}

async function measure(open: OpenProject, made: string, { recipe, set, truth, metric, plain, also = [], options }: Case, model: string): Promise<Measured> {
  if (truth === 'labels_truth.csv') labelsTruth(made)
  const file = truth === 'labels_truth.csv' ? join(made, '..', truth) : join(made, truth)
  const { runId } = (await runJob(open, { kind: 'recipe', recipe, options: { truth: file, ...(ensembles.has(recipe) ? { models: [model] } : { model }), ...options?.(made) } })) as { runId: number }
  const { metrics } = await open.recipes.run({ runId })
  const value = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN
  return { recipe, set, model, metric, value: value(metric), plain: plain === undefined ? null : value(plain), also: Object.fromEntries(also.map((name) => [name, value(name)])) }
}

const told = ({ metric, value, plain, also }: Measured): string => [`${metric} ${value.toFixed(4)}`, ...(plain === null ? [] : [`plain ${plain.toFixed(4)}`]), ...Object.entries(also).map(([name, one]) => `${name} ${one.toFixed(4)}`)].join(', ')

function asResult({ recipe, set, model, metric, value, plain, also }: Measured): BenchResult {
  const { least = 0 } = cases.find((one) => one.recipe === recipe && one.set === set) ?? {}
  return {
    bench: 'recipes', what: `${recipe}, ${set}, ${model}: ${metric}${plain === null ? '' : ', of what it is without'}`,
    ratio: plain === null ? value : value / plain, target: { atLeast: plain === null ? least : margin }, unit: plain === null ? '' : 'x',
    figures: { [metric]: value, ...(plain === null ? {} : { without: plain }), ...also }
  }
}

/** The table of what recipes reach, for a page of documentation. */
export function recipeTable(results: readonly BenchResult[]): string {
  const cell = (figure: number | string | undefined): string => (typeof figure !== 'number' ? '' : Number.isNaN(figure) ? '–' : figure.toFixed(4))
  const rows = results.map(({ what, figures }) => {
    const [recipe = '', set = '', rest = ''] = what.split(', ')
    const [model = '', metric = ''] = rest.split(': ')
    const also = Object.entries(figures).filter(([name]) => name !== metric && name !== 'without')
    return `| ${recipe} | ${set} | ${model} | ${metric} | ${cell(figures['without'])} | **${cell(figures[metric])}** | ${also.map(([name, figure]) => `${name} ${cell(figure)}`).join(', ')} |`
  })
  return ['| recipe | set | model | metric | without | with the recipe | besides |', '| --- | --- | --- | --- | --- | --- | --- |', ...rows].join('\n')
}

/** Puts the table between its marks. */
export function writeRecipeTable(page: string, results: readonly BenchResult[]): void {
  writeBetween(page, 'recipes', recipeTable(results))
}
