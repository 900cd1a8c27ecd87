import { basename } from 'node:path'
import type { GenerateSpec } from '../contract/generator.ts'
import type { PlannedFile, SetPlan } from './plan.ts'
import type { ManifestRecord } from './records.ts'
import { writeLines } from './writeLines.ts'

export interface SetSummary {
  /** Files of the set, by role. */
  readonly files: Readonly<Record<string, number>>
  readonly pairs: number
  /** Files that were made but do not count, because what they are a copy of could not be read: to be removed. */
  readonly left: string[]
}

/** The name of a file as truth files call it: without folder and extension. */
const stem = (file: string): string => basename(file, '.jpg')

type Row = readonly string[]

/** All that any set has. */
export const truthFileNames = ['truth.csv', 'train.csv', 'cleaning_truth.csv', 'retrieval_solution.csv', 'recognition_solution.csv', 'pairs.csv', 'pairs_truth.csv'] as const

/** Ids, numbers and folders of our own making: nothing to quote. */
const writeCsv = async (folder: string, name: (typeof truthFileNames)[number], header: Row, rows: Iterable<Row>): Promise<void> => await writeLines(folder, name, csvLines(header, rows))

function* csvLines(header: Row, rows: Iterable<Row>): Generator<string> {
  yield `${header.join(',')}\n`
  for (const row of rows) yield `${row.join(',')}\n`
}

/** Writes what is known of a set, of the files that were really made. Layouts are those that the recipe step "truth" reads. */
export async function writeTruth(folder: string, { set }: GenerateSpec, { files, pairs }: SetPlan, made: ReadonlyMap<number, ManifestRecord>): Promise<SetSummary> {
  const counts: Record<string, number> = {}
  const left: string[] = []
  const there: PlannedFile[] = []
  for (const [number, planned] of files.entries()) {
    if (!made.has(number)) continue
    if (planned.copyOf !== null && !made.has(planned.copyOf)) {
      left.push(planned.file)
      continue
    }
    there.push(planned)
    counts[planned.role] = (counts[planned.role] ?? 0) + 1
  }
  if (set === 'copies') await writeCopies(folder, files, there)
  if (set === 'instances') await writeInstances(folder, there)
  const judged = set === 'identities' ? await writeIdentities(folder, files, pairs, there, made) : 0
  return { files: counts, pairs: judged, left }
}

/** truth.csv: query_id,reference_id; an empty reference for a distractor (ISC21). */
async function writeCopies(folder: string, files: readonly PlannedFile[], there: readonly PlannedFile[]): Promise<void> {
  const rows = there.filter(({ role }) => role === 'query' || role === 'distractor').map(({ file, copyOf }): Row => [stem(file), copyOf === null ? '' : stem((files[copyOf] as PlannedFile).file)])
  await writeCsv(folder, 'truth.csv', ['query_id', 'reference_id'], rows)
}

/**
 * train.csv (id,landmark_id: as given, with the foreign ones), cleaning_truth.csv (image,foreign), retrieval_solution.csv (id,images,Usage),
 * recognition_solution.csv (id,landmarks,Usage), and truth.csv: each test image with each index image of its landmark.
 */
async function writeInstances(folder: string, there: readonly PlannedFile[]): Promise<void> {
  const train = there.filter(({ role }) => role === 'train')
  const test = there.filter(({ role }) => role === 'test')
  const index = Map.groupBy(there.filter(({ role, trueLabel }) => role === 'index' && trueLabel !== null), ({ trueLabel }) => trueLabel)
  const answers = (query: PlannedFile): string[] => (query.trueLabel === null ? [] : (index.get(query.trueLabel) ?? []).map(({ file }) => stem(file)))
  await writeCsv(folder, 'train.csv', ['id', 'landmark_id'], train.map(({ file, label }) => [stem(file), label ?? '']))
  await writeCsv(folder, 'cleaning_truth.csv', ['image', 'foreign'], train.map(({ file, label, trueLabel }) => [stem(file), label === trueLabel ? '0' : '1']))
  await writeCsv(folder, 'retrieval_solution.csv', ['id', 'images', 'Usage'], test.map((query) => [stem(query.file), answers(query).join(' ') || 'None', answers(query).length > 0 ? 'Private' : 'Ignored']))
  await writeCsv(folder, 'recognition_solution.csv', ['id', 'landmarks', 'Usage'], test.map(({ file, trueLabel }) => [stem(file), trueLabel ?? '', 'Private']))
  await writeCsv(folder, 'truth.csv', ['query_id', 'reference_id'], test.flatMap((query): Row[] => {
    const found = answers(query)
    return found.length > 0 ? found.map((answer) => [stem(query.file), answer]) : [[stem(query.file), '']]
  }))
}

/** train.csv (image,label of the individuals that are given), pairs.csv (imageA,imageB), pairs_truth.csv (imageA,imageB,label), truth.csv (image,label of all). */
async function writeIdentities(folder: string, files: readonly PlannedFile[], pairs: SetPlan['pairs'], there: readonly PlannedFile[], made: ReadonlyMap<number, ManifestRecord>): Promise<number> {
  const name = (number: number): string => stem((files[number] as PlannedFile).file)
  const judged = pairs.filter(({ a, b }) => made.has(a) && made.has(b))
  await writeCsv(folder, 'train.csv', ['image', 'label'], there.filter(({ label }) => label !== null).map(({ file, label }) => [stem(file), label ?? '']))
  await writeCsv(folder, 'pairs.csv', ['imageA', 'imageB'], judged.map(({ a, b }) => [name(a), name(b)]))
  await writeCsv(folder, 'pairs_truth.csv', ['imageA', 'imageB', 'label'], judged.map(({ a, b, same }) => [name(a), name(b), same ? '1' : '0']))
  await writeCsv(folder, 'truth.csv', ['image', 'label'], there.map(({ file, trueLabel }) => [stem(file), trueLabel ?? '']))
  return judged.length
}
