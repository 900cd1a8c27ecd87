/** What results look like in files: every column, parts, names, the layouts of the seeds. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WinnowError } from '../../../core/domain/errors.ts'
import { exportResult, resultFormats, type ResultFormat } from '../../../core/formats/exportResult.ts'
import { openTable } from '../../../core/formats/openTable.ts'
import type { Table } from '../../../core/formats/table.ts'
import { openVectorTable } from '../../../core/formats/vectorTable.ts'
import { ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { writeImages, writeLabels, writeLists, writePairColumns, writeVectors } from '../../../core/recipes/kinds.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const names = (ids: Iterable<number>, style: string): Map<number, string> => new Map([...ids].map((id) => [id, style === 'path' ? `set/${id}.jpg` : style === 'name' ? `${id}.jpg` : String(id)]))

async function artefact(write: (out: ArtefactWriter) => Promise<void>): Promise<string> {
  const out = await ArtefactWriter.begin(join(temporaryFolder('result'), 'artefact'))
  await write(out)
  return out.folder
}

async function exported(folder: string, format: ResultFormat, extension = 'csv'): Promise<string> {
  const path = join(temporaryFolder('out'), `a.${extension}`)
  await exportResult(folder, format, path, names)
  return path
}

const lists = async (): Promise<string> => await artefact(async (out) => {
  const shape = [2, 3]
  await out.column('before', Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0), shape)
  await writeLists(out, { queries: Int32Array.of(1, 2), queryParts: Int32Array.of(0, 4), k: 3, references: Int32Array.of(11, 12, 11, 12, 13, -1), referenceParts: Int32Array.of(0, 0, 5, 0, 0, 0), scores: Float32Array.of(0.3, 0.2, 0.1, 0.9, 0.25, 0) }, 'Lists')
})

const rowsOf = async (path: string, wanted: readonly (readonly ['text' | 'number', string])[]): Promise<unknown[][]> => {
  const table: Table = await openTable(path)
  const rows: unknown[][] = []
  for await (const block of table.blocks(wanted.map(([as, name]) => ({ as, name })))) for (let i = 0; i < block.rows; i++) rows.push(block.values.map((values) => values[i]))
  await table.close()
  return rows
}

test.each([['csv', 'csv'], ['parquet', 'parquet'], ['npz', 'npz'], ['hdf5', 'h5']] as const)('ranked lists as %s: a row for each entry, with parts, ranks and the scores of before', async (format, extension) => {
  const path = await exported(await lists(), format, extension)
  const columns = [['text', 'query_id'], ['number', 'query_part'], ['text', 'reference_id'], ['number', 'reference_part'], ['number', 'rank'], ['number', 'score'], ['number', 'before']] as const
  const expected = [
    ['set/1.jpg', 0, 'set/11.jpg', 0, 1, 0.3, 0.9], ['set/1.jpg', 0, 'set/12.jpg', 0, 2, 0.2, 0.8], ['set/1.jpg', 0, 'set/11.jpg', 5, 3, 0.1, 0.7],
    ['set/2.jpg', 4, 'set/12.jpg', 0, 1, 0.9, 0.6], ['set/2.jpg', 4, 'set/13.jpg', 0, 2, 0.25, 0.5]
  ]
  const rows = await rowsOf(path, columns)
  expect(rows.map((row) => row.map((value) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value)))).toEqual(expected)
})

test('ranked lists in the layouts of the challenges: images once, the best of their parts', async () => {
  const folder = await lists()
  expect(readFileSync(await exported(folder, 'retrieval'), 'utf8')).toBe('id,images\n1,11 12\n2,12 13\n')
  expect(readFileSync(await exported(folder, 'pet-pairs'), 'utf8')).toBe('imageA,imageB,prediction\n2.jpg,12.jpg,0.899999976\n1.jpg,11.jpg,0.300000012\n2.jpg,13.jpg,0.25\n1.jpg,12.jpg,0.200000003\n')
  await expect(exported(folder, 'isc-matches')).rejects.toThrow(/"2" is no query of the challenge/)
})

test('pairs keep what verification added; matrices stay in the artefact', async () => {
  const folder = await artefact(async (out) => {
    await out.column('inliers', Int32Array.of(30, 4))
    await out.column('matrix', new Float64Array(18), [2, 9])
    await writePairColumns(out, { a: Int32Array.of(1, 2), aParts: new Int32Array(2), b: Int32Array.of(3, 4), bParts: new Int32Array(2), scores: Float32Array.of(0.5, 0.25) })
    await out.finish('pairs', 'Pairs')
  })
  expect(readFileSync(await exported(folder, 'csv'), 'utf8')).toBe('query_id,reference_id,score,inliers\nset/1.jpg,set/3.jpg,0.5,30\nset/2.jpg,set/4.jpg,0.25,4\n')
})

test.each([['npy', 'npy'], ['npz', 'npz'], ['hdf5', 'h5'], ['parquet', 'parquet'], ['csv', 'csv'], ['faiss', 'index']] as const)('vectors of parts as %s come back with their parts', async (format, extension) => {
  const folder = await artefact(async (out) => await writeVectors(out, { matrix: { rows: 3, dim: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) }, images: Int32Array.of(7, 7, 8), parts: Int32Array.of(0, 4, 0) }, { models: ['m'], summary: 'Vectors' }))
  const table = await openVectorTable(await exported(folder, format, extension))
  const blocks = []
  for await (const { ids, parts, data, dim } of table.blocks()) blocks.push({ ids, parts, data: [...data], dim })
  await table.close()
  expect(blocks).toEqual([{ ids: ['set/7.jpg', 'set/7.jpg', 'set/8.jpg'], parts: [0, 4, 0], data: [1, 2, 3, 4, 5, 6], dim: 2 }])
})

test('labels and images', async () => {
  const labels = await artefact(async (out) => await writeLabels(out, { images: Int32Array.of(5, 5, 6, 7), labels: Int32Array.of(1, 2, 2, -1), scores: Float32Array.of(0.75, 0.5, 0.25, 0) }, 'Labels', { names: [[1, 'a, b'], [2, 'c']] }))
  expect(readFileSync(await exported(labels, 'csv'), 'utf8')).toBe('image,label,score\nset/5.jpg,"a, b",0.75\nset/5.jpg,c,0.5\nset/6.jpg,c,0.25\nset/7.jpg,,0\n')
  await expect(exported(labels, 'recognition')).rejects.toThrow(/"a, b" has blanks/)
  const plain = await artefact(async (out) => await writeLabels(out, { images: Int32Array.of(5, 5, 6, 7), labels: Int32Array.of(1, 2, 2, -1), scores: Float32Array.of(0.75, 0.5, 0.25, 0) }, 'Labels'))
  expect(readFileSync(await exported(plain, 'recognition'), 'utf8')).toBe('id,landmarks\n5,1 0.750000000\n6,2 0.250000000\n7,\n')
  expect(readFileSync(await exported(plain, 'label-images'), 'utf8')).toBe('landmark_id,images\n1,5\n2,5 6\n')
  const images = await artefact(async (out) => await writeImages(out, Int32Array.of(3, 9), 'Images'))
  expect(readFileSync(await exported(images, 'ids', 'txt'), 'utf8')).toBe('set/3.jpg\nset/9.jpg\n')
  expect(readFileSync(await exported(images, 'csv'), 'utf8')).toBe('image\nset/3.jpg\nset/9.jpg\n')
})

test('the usual format of each kind is one of its formats, and others are refused with the list', async () => {
  const images = await artefact(async (out) => await writeImages(out, Int32Array.of(3), 'Images'))
  for (const choices of Object.values(resultFormats)) expect(new Set(choices.map(({ format }) => format)).size).toBe(choices.length)
  await expect(exported(images, 'faiss')).rejects.toThrow(/kind images cannot be written as faiss\. It can be written as ids, csv/)
  const metrics = await artefact(async (out) => await out.finish('metrics', 'Metrics', { values: [], curves: [] }))
  await expect(exported(metrics, 'csv')).rejects.toThrow(/kind metrics cannot be written as csv/)
})

test('names that two images share are refused before anything is written', async () => {
  const images = await artefact(async (out) => await writeImages(out, Int32Array.of(3, 9), 'Images'))
  const path = join(temporaryFolder('out'), 'a.txt')
  mkdirSync(join(path, '..'), { recursive: true })
  await expect(exportResult(images, 'ids', path, () => {
    throw new WinnowError('BAD_INPUT', 'a/1.jpg and b/1.jpg would both be called "1".')
  })).rejects.toThrow(/both be called/)
  expect(existsSync(path)).toBe(false)
})
