import { readFile } from 'node:fs/promises'
import { imagesOfGroups } from '../dedupe/groupColumns.ts'
import { WinnowError } from '../domain/errors.ts'
import type { OpenProject } from '../engine.ts'
import { sampleTruth, type EditKind, type SampleTruth } from './truth.ts'

/** How well a prepared sample was understood. Shares are 0..1; null where there was nothing to judge. */
export interface SampleScore {
  /** Pairs of images in one group: how many of those found were planted, and how many of those planted were found. */
  readonly pairs: { readonly found: number; readonly planted: number; readonly right: number; readonly precision: number | null; readonly recall: number | null }
  /** Of the copies of each kind, how many are in one group with their original or with another copy of it. */
  readonly byEdit: Readonly<Record<string, { readonly planted: number; readonly found: number }>>
  /** First candidates against the truth. */
  readonly predictions: { readonly judged: number; readonly right: number; readonly accuracy: number | null }
  /** Images of a wrong class folder. */
  readonly wrongLabels: number
}

/** What the engine said: groups of paths (relative to the images folder), and a class for each path it predicted one for. */
export interface SampleAnswers {
  readonly groups: readonly (readonly string[])[]
  readonly predictions: ReadonlyMap<string, string>
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const pairsIn = (n: number): number => (n * (n - 1)) / 2

/** Compares answers with the truth. */
export function scoreAnswers(truth: SampleTruth, { groups, predictions }: SampleAnswers): SampleScore {
  const byPath = new Map(truth.images.filter(({ corrupt }) => !corrupt).map((image) => [image.path, image]))
  const familyOf = (path: string): string => byPath.get(path)?.copyOf ?? path
  const families = Map.groupBy(byPath.keys(), familyOf)
  const planted = [...families.values()].reduce((sum, members) => sum + pairsIn(members.length), 0)
  let found = 0
  let right = 0
  const together = new Set<string>()
  for (const group of groups) {
    found += pairsIn(group.length)
    for (const members of Map.groupBy(group, familyOf).values()) {
      right += pairsIn(members.length)
      if (members.length > 1) for (const path of members) together.add(path)
    }
  }
  const byEdit: Partial<Record<EditKind, { planted: number; found: number }>> = {}
  for (const { path, edit } of byPath.values()) {
    if (!edit) continue
    const count = (byEdit[edit] ??= { planted: 0, found: 0 })
    count.planted++
    if (together.has(path)) count.found++
  }
  const judged = [...predictions].filter(([path]) => byPath.has(path))
  const correct = judged.filter(([path, name]) => byPath.get(path)?.class === name).length
  return {
    pairs: { found, planted, right, precision: share(right, found), recall: share(right, planted) },
    byEdit,
    predictions: { judged: judged.length, right: correct, accuracy: share(correct, judged.length) },
    wrongLabels: truth.images.filter(({ class: name, folder }) => folder !== null && folder !== name).length
  }
}

/** Scores a prepared sample project at its current duplicate settings. The one reader of the truth file. Throws NOT_FOUND or CORRUPT where that cannot be read. */
export async function scoreSample({ project, duplicates, images }: OpenProject, truthFile: string): Promise<SampleScore> {
  const text = await readFile(truthFile, 'utf8').catch(() => null)
  if (text === null) throw new WinnowError('NOT_FOUND', `There is no truth at ${truthFile}. Draw the sample again.`)
  const truth = await Promise.resolve(text).then((json) => sampleTruth.parse(JSON.parse(json))).catch((error: unknown) => {
    throw new WinnowError('CORRUPT', `${truthFile} is not the truth of a sample (${(error as Error).message}).`)
  })
  const run = await project.read.predictions.liveRun()
  const groups = await duplicates.resolveGroups(await duplicates.settings(), 'all', { state: 'all' })
  const grouped = imagesOfGroups(groups)
  const pathOf = new Map<number, string>()
  const ids = [...new Set(grouped.flat())]
  for (let from = 0; from < ids.length; from += 500) for (const row of await images.rows({ ids: ids.slice(from, from + 500) })) pathOf.set(row.id, row.path)
  const predicted = run === null ? [] : await project.read.exports.predictions(run)
  return scoreAnswers(truth, {
    groups: grouped.map((group) => group.map((id) => pathOf.get(id) ?? '')),
    predictions: new Map(predicted.map(({ path, className }) => [path, className]))
  })
}
