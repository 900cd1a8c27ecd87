import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CsvRow } from '../../../core/importers/csvRows.ts'
import { groupRows } from '../../../core/metrics/groups.ts'
import { classesOf, grades, relevanceOf } from '../../../core/metrics/truth.ts'
import type { TruthLayout } from '../../../core/metrics/truthColumns.ts'
import { type JoinReport, readTruthRows } from '../../../core/metrics/truthFiles.ts'
import type { Truth } from '../../../core/metrics/truth.ts'

async function* rowsOf(lines: readonly string[]): AsyncGenerator<CsvRow> {
  for (const [i, line] of lines.entries()) yield { line: i + 1, fields: line.split(',') }
}

/** Queries are named q1, q2…, references r1…, anything else by its number; what is above 90 is not in the project. */
function join(name: string): number | null {
  const number = Number(name.replace(/^\D+/u, ''))
  return Number.isNaN(number) || number > 90 ? null : number
}
const read = async (lines: readonly string[], layout: TruthLayout | 'auto' = 'auto'): Promise<{ truth: Truth; report: JoinReport }> => await readTruthRows(rowsOf(lines), { file: 'truth.csv', layout, join })
const plain = (truth: Truth): unknown => Object.fromEntries(Object.entries(truth).map(([key, value]) => [key, ArrayBuffer.isView(value) ? [...(value as Int32Array)] : value]))

describe('ground truth by the names of the columns', () => {
  test('query_id,reference_id: no reference is a distractor; a match that is not here leaves its query in', async () => {
    const { truth, report } = await read(['query_id,reference_id', 'q1,r7', 'q2,', 'q3,r99', 'q98,r1', 'q1,r8', 'q1,r7'])
    expect(plain(truth)).toEqual({ kind: 'pairs', queries: [1, 2, 3], query: [1, 1], reference: [7, 8] })
    expect(report).toMatchObject({ layout: 'pairs', rows: 6, matched: 4, missing: 2, duplicated: 1, missingNames: 2 })
    expect(report.problems).toEqual([
      { line: 4, message: 'No image of the sets given is called "r99".' }, { line: 5, message: 'No image of the sets given is called "q98".' },
      { line: 7, message: 'This says again what an earlier row says.' }
    ])
  })

  test('id,images,Usage: several images a row, halves of the leaderboard, ignored rows', async () => {
    const { truth, report } = await read(['id,images,Usage', 'q1,r5 r6 r99,Public', 'q2,None,Ignored', 'q3,r5,Private', 'q4,,Public'])
    if (truth.kind !== 'relevance') throw new Error(truth.kind)
    expect(plain(truth)).toMatchObject({ queries: [1, 3, 4], offsets: [0, 2, 3, 3], images: [5, 6, 5], usage: [1, 2, 1] })
    expect(plain(relevanceOf(truth, 'public'))).toMatchObject({ queries: [1, 4], offsets: [0, 2, 2], images: [5, 6] })
    expect(report).toMatchObject({ ignored: 1, missing: 1, matched: 2, missingNames: 1 })
  })

  test('id,landmarks,Usage: an image without a landmark stays, without a class', async () => {
    const { truth } = await read(['id,landmarks,Usage', '1,20 30,Public', '2,,Private', '3,30,Private'])
    if (truth.kind !== 'classes') throw new Error(truth.kind)
    expect(plain(truth)).toMatchObject({ images: [1, 2, 3], offsets: [0, 2, 2, 3], classes: [0, 1, 1], names: ['20', '30'], usage: [1, 2, 2] })
    expect(plain(classesOf(truth, 'private'))).toMatchObject({ images: [2, 3], offsets: [0, 0, 1], classes: [1] })
  })

  test('query,image,grade', async () => {
    const { truth } = await read(['query,image,grade', '1,5,easy', '1,6,Junk', '2,5,hard'])
    if (truth.kind !== 'relevance') throw new Error(truth.kind)
    expect([...truth.grade].map((code) => grades[code])).toEqual(['easy', 'junk', 'hard'])
  })

  test.each(['image,label', 'image_id,landmark_id', 'Path,Identity', 'file name,class'])('%s: one class an image, names without regard to case', async (header) => {
    const { truth } = await read([header, '1,Cat', '2,cat ', '3,Dog'])
    expect(plain(truth)).toMatchObject({ kind: 'classes', images: [1, 2, 3], classes: [0, 0, 1], names: ['Cat', 'Dog'] })
  })

  test('landmark_id,images: a row is a class with its images', async () => {
    const { truth } = await read(['landmark_id,images', '7,1 2', '8,3'])
    expect(plain(truth)).toMatchObject({ kind: 'classes', images: [1, 2, 3], classes: [0, 0, 1], names: ['7', '8'] })
  })

  test.each(['imageA,imageB,label', 'imageA,imageB,prediction'])('%s: (a, b) is the pair (b, a), the first row counts', async (header) => {
    const { truth, report } = await read([header, '1,2,1', '3,4,0', '2,1,0', '5,99,1'])
    expect(plain(truth)).toEqual({ kind: 'pairLabels', a: [1, 3], b: [2, 4], label: [1, 0] })
    expect(report).toMatchObject({ duplicated: 1, missing: 1 })
  })

  test('image,clean and image,foreign', async () => {
    expect(plain((await read(['image,clean', '1,1', '2,false'])).truth)).toEqual({ kind: 'flags', images: [1, 2], flag: [1, 0] })
    expect(plain((await read(['image,foreign', '1,0', '2,yes'])).truth)).toEqual({ kind: 'flags', images: [1, 2], flag: [1, 0] })
  })
})

describe('what cannot be read is named by line and field', () => {
  test.each([
    [['a,b', '1,2'], /truth\.csv, line 1: this header is none .*"a", "b".*query_id,reference_id/u],
    [['id,images,Usage', '1,2,Sometimes'], /truth\.csv, line 2, field 3: it is "Sometimes"; it should be Public, Private or Ignored/u],
    [['imageA,imageB,label', '1,2,0.73'], /line 2, field 3: it is "0\.73"; it should be 1 or 0/u],
    [['query,image,grade', '1,2,fine'], /line 2, field 3: it is "fine"; it should be relevant, easy, hard, junk/u],
    [['query_id,reference_id', ',r1'], /line 2, field 1: it names no image/u],
    [[], /truth\.csv is empty/u]
  ] as const)('%j', async (lines, message) => {
    await expect(read(lines)).rejects.toThrow(message)
  })

  test('a layout that was asked for and is not there', async () => {
    await expect(read(['image,label', '1,2'], 'pairs')).rejects.toThrow(/line 1: no column is the query\. There are "image", "label".*query_id,reference_id/u)
  })
})

test('rows by key: values in row order, repeats told apart', () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -1, max: 3 }))
  fc.assert(fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
    const expected = new Map<number, number[]>()
    const seen = new Set<string>()
    const repeats: number[] = []
    for (const [i, [key, value]] of rows.entries()) {
      const values = expected.get(key) ?? []
      expected.set(key, values)
      if (seen.has(`${key} ${value}`)) repeats.push(i)
      else if (value !== -1) values.push(value)
      seen.add(`${key} ${value}`)
    }
    const found = groupRows(Int32Array.from(rows, ([key]) => key), Int32Array.from(rows, ([, value]) => value))
    expect([...found.keys].map((key, i) => [key, [...found.values.subarray(found.offsets[i], found.offsets[i + 1])]])).toEqual([...expected])
    expect([...found.repeats]).toEqual(repeats)
    expect([...found.valueRow].map((at) => rows[at]?.[1])).toEqual([...found.values])
  }))
})
