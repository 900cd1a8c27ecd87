import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeIscDescriptors, writeIscMatches } from '../../../core/formats/isc.ts'
import { checkIscDescriptors, checkIscMatches } from '../../../core/formats/iscCheck.ts'
import { checkIscFile } from '../../../core/formats/resultFiles.ts'
import { textColumn, vectorColumn } from '../../../core/formats/outTable.ts'
import { writeHdf5 } from '../../../core/formats/writeHdf5.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const written = async (query: readonly string[], reference: readonly string[], dim = 2, referenceDim = dim): Promise<string> => {
  const path = join(temporaryFolder('isc'), 'a.h5')
  await writeHdf5(path, [
    { rows: query.length, columns: [vectorColumn('query', new Float32Array(query.length * dim).fill(1), dim), textColumn('query_ids', query)] },
    { rows: reference.length, columns: [vectorColumn('reference', new Float32Array(reference.length * referenceDim).fill(1), referenceDim), textColumn('reference_ids', reference)] }
  ])
  return path
}

test('what Winnow writes passes, both phases told', async () => {
  const path = join(temporaryFolder('isc'), 'a.h5')
  await writeIscDescriptors(path, { ids: ['Q50000', 'R000001', 'Q00001', 'R000000'], dim: 3, values: async (rows) => new Float32Array(rows.length * 3).fill(0.5) })
  expect(await checkIscDescriptors(path)).toEqual({ queries: 2, references: 2, dim: 3, phases: [1, 2] })
  expect(await checkIscFile(path)).toMatchObject({ queries: 2 })
})

test.each([
  ['unsorted ids', ['Q00001', 'Q00000'], ['R000000'], 2, 2, /"query_ids", row 1: "Q00000" comes after "Q00001"/],
  ['an id twice', ['Q00000'], ['R000000', 'R000000'], 2, 2, /"reference_ids", row 1: "R000000" stands twice/],
  ['an id of another form', ['Q00000'], ['R00000'], 2, 2, /"R00000" is no reference id/],
  ['too many dimensions', ['Q00000'], ['R000000'], 257, 257, /vectors have 257 values; the challenge takes at most 256/],
  ['two dimensions', ['Q00000'], ['R000000'], 2, 3, /"query" has 2 dimensions and "reference" has 3/]
])('%s are named', async (_, query, reference, dim, referenceDim, words) => {
  await expect(checkIscDescriptors(await written(query, reference, dim, referenceDim))).rejects.toThrow(words)
})

test('a file without references is named', async () => {
  const path = join(temporaryFolder('isc'), 'a.h5')
  await writeHdf5(path, [{ rows: 1, columns: [vectorColumn('query', Float32Array.of(1), 1), textColumn('query_ids', ['Q00000'])] }])
  await expect(checkIscDescriptors(path)).rejects.toThrow(/a\.h5 has no "reference"\. It has "query", "query_ids"/)
})

test('matches: limits, ids, pairs that stand twice', async () => {
  const path = join(temporaryFolder('isc'), 'a.csv')
  const many = 500_001
  const references = Array.from({ length: many }, (_, i) => `R${String(i).padStart(6, '0')}`)
  const scores = Float32Array.from({ length: many }, (_, i) => 1 - i / many)
  expect(await writeIscMatches(path, { queries: Array.from({ length: many }, () => 'Q00000'), references, scores })).toBe(500_000)
  expect(await checkIscMatches(path)).toEqual({ rows: 500_000, queries: 1 })
  for (const [text, words] of [
    [`query_id,reference_id,score\n${references.map((one) => `Q00000,${one},0.5\n`).join('')}`, /line 500002: there are more than 500,000 pairs/],
    ['Q00000,R000000,0.5\nQ00000,R000000,0.6\n', /line 2: Q00000 and R000000 stand twice/],
    ['R000000,Q00000,0.5\n', /line 1: "R000000" is no query id/],
    ['Q00000,R000000,1\nQ00000,R000001,none\n', /line 2.*"none" is not a number/],
    ['query_id,reference_id\nQ00000,R000000\n', /has no scores/]
  ] as const) {
    writeFileSync(path, text)
    await expect(checkIscMatches(path)).rejects.toThrow(words)
  }
})
