import { describe, expect, test } from 'vitest'
import { bestParts } from '../../core/descriptors/bestParts.ts'
import { joinTables, type PairTable } from '../../core/descriptors/pairTable.ts'
import { partRanges } from '../../core/descriptors/partRanges.ts'
import { keepAgreed, PartSet, penaliseParts, withoutImages, withoutQueryParts } from '../../core/descriptors/tableFusion.ts'
import { golden } from './golden.ts'
import { orderDifferences } from './numbers.ts'

type Row = [query: string, reference: string, score: number]
interface Ensemble {
  readonly 'inputs(per folder/backbone rows query,reference,score)': Record<string, Row[]>
  readonly small_crops: Record<string, string[]>
  readonly face_references: string[]
  readonly 'after_aggregate(sorted rows)': Record<string, Row[]>
  readonly 'step_11_50k(256)': Row[]
  readonly 'step_11_50k(200)': Row[]
  readonly 'step_11_50k(320)': Row[]
  readonly '256_320_200_50k_agg(max)': Row[]
  readonly 'final_50k(second max then max)': Row[]
  readonly submit_50k: Row[]
}

const file = golden<Ensemble>('visionforce_ensemble')
const agreed = file['after_aggregate(sorted rows)']
const scales = [file['step_11_50k(256)'], file['step_11_50k(320)'], file['step_11_50k(200)']]

/** "Q50000_4" is part 4 of Q50000. An id without a part is no part of ours: -1, which no rule exempts. */
const splitId = (id: string): { image: string; part: number } => {
  const [image = '', part = '-1'] = id.split('_')
  return { image, part: Number(part) }
}
const images: string[] = []
const numberOf = (image: string): number => {
  if (!images.includes(image)) images.push(image)
  return images.indexOf(image)
}
for (const rows of [...Object.values(file['inputs(per folder/backbone rows query,reference,score)']), ...scales]) for (const [query, reference] of rows) for (const id of [query, reference]) numberOf(splitId(id).image)
// Image numbers in the order of their names, as the originals' tables are sorted.
images.sort()

function tableOf(rows: readonly Row[]): PairTable {
  const side = (column: 0 | 1, what: (id: string) => number): Int32Array => Int32Array.from(rows, (row) => what(row[column]))
  const image = (id: string): number => numberOf(splitId(id).image)
  const part = (id: string): number => splitId(id).part
  return { a: side(0, image), aParts: side(0, part), b: side(1, image), bParts: side(1, part), scores: Float64Array.from(rows, ([, , score]) => score) }
}

const nameOf = (image: number, part: number): string => `${images[image]}${part < 0 ? '' : `_${part}`}`
const idsOf = ({ a, aParts, b, bParts, scores }: PairTable): Row[] => Array.from(scores, (score, i) => [nameOf(a[i] as number, aParts[i] as number), nameOf(b[i] as number, bParts[i] as number), score])
/** Pairs of images, without their parts. */
const stripped = (table: PairTable): Row[] => idsOf({ ...table, aParts: new Int32Array(table.a.length).fill(-1), bParts: new Int32Array(table.a.length).fill(-1) })
/** Each different row once, sorted; scores to 9 digits, because the originals passed through text (plus 0, for -0 is 0). */
const distinct = (rows: readonly Row[]): string[] => [...new Set(rows.map(([query, reference, score]) => `${query},${reference},${Number(score.toFixed(9)) + 0}`))].sort()
const swapSides = ({ a, aParts, b, bParts, scores }: PairTable): PairTable => ({ a: b, aParts: bParts, b: a, bParts: aParts, scores })
const cutReferences = (folder: string): boolean => folder.endsWith('_ref')

/** Rows that several of a folder's backbones agree on. */
function aggregate(folder: string): PairTable {
  const tables = Object.entries(file['inputs(per folder/backbone rows query,reference,score)']).filter(([name]) => name.startsWith(`${folder}/`)).map(([, rows]) => tableOf(rows))
  return cutReferences(folder) ? keepAgreed(tables.map(swapSides), tables.length) : keepAgreed(tables, 2)
}

/** Which crops are too small for a folder's model (SEEDS B5). */
function smallLimit(folder: string): '100' | '150' | '200' {
  if (/baseline_CC|baseline_BW|_u_CC|color_BW|opa_CC/.test(folder)) return '200'
  return folder.includes('face_BW') ? '150' : '100'
}

function cleaned(folder: string): PairTable {
  if (cutReferences(folder)) return withoutImages(aggregate(folder), new Set(), new Set(file.face_references.map(numberOf)))
  const small = new PartSet()
  for (const id of file.small_crops[smallLimit(folder)] ?? []) small.add(numberOf(splitId(id).image), splitId(id).part)
  return withoutQueryParts(aggregate(folder), small)
}

describe('table fusion of VisionForce', () => {
  test.each(Object.keys(agreed))('%s: pairs that enough backbones list', (folder) => {
    expect(distinct(idsOf(aggregate(folder)))).toEqual(distinct(agreed[folder] ?? []))
  })

  test('small crops and vetoed references left out, parts penalised', () => {
    const all = joinTables(Object.keys(agreed).map(cleaned))
    const penalised = penaliseParts(all, 0.05, partRanges('0, 1000-1019'))
    // The original strips the parts of the folder with cut references here; ours stay until the best are chosen.
    const stripReference = ([query, reference, score]: Row): Row => [query, splitId(reference).image, score]
    // Its way of taking vetoed rows out also loses rows that stripping makes equal (drop_duplicates with keep=False). Ours stay.
    const cut = Object.keys(agreed).filter(cutReferences).flatMap((folder) => idsOf(penaliseParts(cleaned(folder), 0.05, () => false)).map(String))
    const once = [...new Set(cut)].map((row) => stripReference(row.split(',').map((value, i) => (i === 2 ? Number(value) : value)) as Row))
    const lost = once.filter((row, i) => once.some((other, j) => i !== j && String(other) === String(row)))
    expect(distinct(idsOf(penalised).map(stripReference))).toEqual(distinct([...(scales[0] ?? []), ...lost]))
  })

  test('the maximum over all scales, and the second best', () => {
    const all = joinTables(scales.map(tableOf))
    const highest = stripped(bestParts(all, 'max').table)
    expect(distinct(highest)).toEqual(distinct(file['256_320_200_50k_agg(max)']))
    const means = new Map(stripped(bestParts(all, 'best-two').table).map(([query, reference, score]) => [`${query},${reference}`, score]))
    const second = highest.map(([query, reference, score]): Row => [query, reference, 2 * (means.get(`${query},${reference}`) as number) - score])
    expect(distinct([...highest, ...second])).toEqual(distinct(file['final_50k(second max then max)']))
  })

  test('the mean of best and second best over all scales, in the order of the submission', () => {
    const { table } = bestParts(joinTables(scales.map(tableOf)), 'best-two', file.submit_50k.length)
    const found = stripped(table)
    const pairOf = ([query, reference]: Row): string => `${query},${reference}`
    const theirs = new Map(file.submit_50k.map((row) => [pairOf(row), row[2]]))
    expect(orderDifferences(found.map(pairOf), file.submit_50k.map(pairOf), (pair) => theirs.get(pair) ?? Number.NaN, 1e-9)).toEqual([])
    expect(new Set(found.map(pairOf)).size).toBe(found.length)
    for (const [i, [, , score]] of found.entries()) expect(Math.abs(score - (file.submit_50k[i]?.[2] ?? Number.NaN))).toBeLessThan(1e-5)
  })
})
