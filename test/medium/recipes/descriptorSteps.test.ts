import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Matrix } from '../../../core/domain/matrix.ts'
import { Artefact, ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { stepModule } from '../../../core/recipes/catalogue.ts'
import { readLists, readPairs, writeImages, writePairs, writeParts, writeVectors, type Vectors } from '../../../core/recipes/kinds.ts'
import { OnnxBlas } from '../../../core/search/onnxBlas.ts'
import { scattered } from '../../unit/descriptors/scattered.ts'
import { readVectors } from '../../../core/recipes/vectorReader.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-steps-'))
let blas: OnnxBlas
let made = 0
beforeAll(async () => {
  blas = await OnnxBlas.open()
})
afterAll(async () => {
  await blas.close()
  rmSync(folder, { recursive: true, force: true })
})

async function artefact(write: (out: ArtefactWriter) => Promise<void>): Promise<Artefact> {
  const out = await ArtefactWriter.begin(join(folder, String(made++)))
  await write(out)
  return await Artefact.open(out.folder)
}

const vectorsOf = async (vectors: Vectors, models = ['m']): Promise<Artefact> => await artefact(async (out) => await writeVectors(out, vectors, { models, summary: '' }))
const wholes = (matrix: Matrix, firstImage: number): Vectors => ({ matrix, images: Int32Array.from({ length: matrix.rows }, (_, i) => firstImage + i), parts: new Int32Array(matrix.rows) })
/** Rows of images with three parts each. */
const cut = (matrix: Matrix, firstImage: number): Vectors => ({ matrix, images: Int32Array.from({ length: matrix.rows }, (_, i) => firstImage + Math.floor(i / 3)), parts: Int32Array.from({ length: matrix.rows }, (_, i) => i % 3) })

/** [query, its part, reference, its part, score] */
type Row = readonly [number, number, number, number, number]
const pairsOf = async (rows: readonly Row[]): Promise<Artefact> => await artefact(async (out) => await writePairs(out, {
  a: Int32Array.from(rows, (row) => row[0]), aParts: Int32Array.from(rows, (row) => row[1]), b: Int32Array.from(rows, (row) => row[2]), bParts: Int32Array.from(rows, (row) => row[3]), scores: Float32Array.from(rows, (row) => row[4])
}, ''))
const rowsOf = async (result: Artefact): Promise<Row[]> => {
  const { a, aParts, b, bParts, scores } = await readPairs(result)
  return Array.from(scores, (score, i) => [a[i] as number, aParts[i] as number, b[i] as number, bParts[i] as number, score])
}

/** Runs a step as a step process would, params through their schema. */
async function run(use: string, inputs: Record<string, Artefact | Artefact[]>, params: Record<string, unknown> = {}): Promise<{ result: Artefact; notes: string[] }> {
  const { definition, run: step } = await stepModule(use)
  const notes: string[] = []
  const result = await artefact(async (out) => {
    const context = { signal: new AbortController().signal, report: () => {}, note: (text: string) => void notes.push(text), out, scratch: folder, blas: async () => blas }
    await step(context as never, inputs as never, definition.params.parse(params) as never)
  })
  expect(result.kind).toBe(definition.output)
  return { result, notes }
}

const cosine = ({ data, dim }: Matrix, row: number, other: Matrix, otherRow: number): number => {
  let sum = 0
  for (let d = 0; d < dim; d++) sum += (data[row * dim + d] as number) * (other.data[otherRow * dim + d] as number)
  return sum
}

describe('matching', () => {
  const queries = cut(scattered(30, 8, 1), 100)
  const references = cut(scattered(60, 8, 2), 105)
  const training = wholes(scattered(50, 8, 3), 500)

  const naive = (n: number, factor: number): Row[] => Array.from({ length: queries.matrix.rows }, (_, q) => {
    const near = Array.from({ length: training.matrix.rows }, (_, t) => cosine(queries.matrix, q, training.matrix, t)).sort((x, y) => y - x).slice(0, n)
    const offset = (-factor * near.reduce((sum, value) => sum + value, 0)) / n
    return Array.from({ length: references.matrix.rows }, (_, r): Row => [queries.images[q] as number, queries.parts[q] as number, references.images[r] as number, references.parts[r] as number, cosine(queries.matrix, q, references.matrix, r) + offset])
      .filter(([a, , b]) => a !== b).sort((x, y) => y[4] - x[4])
  }).flat()
  const same = (found: readonly Row[], expected: readonly Row[]): void => {
    expect(found.map((row) => row.slice(0, 4))).toEqual(expected.map((row) => row.slice(0, 4)))
    for (const [i, row] of found.entries()) expect(Math.abs(row[4] - (expected[i]?.[4] ?? Number.NaN))).toBeLessThan(1e-5)
  }

  test('gives each query part its nearest references, never a part of the same image', async () => {
    const { result } = await run('match', { queries: await vectorsOf(queries), references: await vectorsOf(references) }, { k: 7 })
    const lists = await readLists(result)
    const found = Array.from(lists.scores, (score, i): Row => [lists.queries[Math.floor(i / 7)] as number, lists.queryParts[Math.floor(i / 7)] as number, lists.references[i] as number, lists.referenceParts[i] as number, score])
    const all = naive(1, 0)
    same(found, Array.from({ length: queries.matrix.rows }, (_, q) => all.filter(([a, part]) => a === queries.images[q] && part === queries.parts[q]).slice(0, 7)).flat())
  })

  test('stretches scores by the training set, in lists and in pairs, and keeps exactly so many pairs', async () => {
    const inputs = { queries: await vectorsOf(queries), references: await vectorsOf(references), training: await vectorsOf(training) }
    const expected = naive(10, 2).sort((x, y) => y[4] - x[4])
    same(await rowsOf((await run('best-pairs', inputs, { best: 123 })).result), expected.slice(0, 123))
    const lists = await readLists((await run('match', inputs, { k: 3 })).result)
    for (let i = 0; i < lists.scores.length; i++) {
      const row = expected.find(([a, part, b, bPart]) => a === lists.queries[Math.floor(i / 3)] && part === lists.queryParts[Math.floor(i / 3)] && b === lists.references[i] && bPart === lists.referenceParts[i])
      expect(Math.abs((lists.scores[i] as number) - (row?.[4] ?? Number.NaN))).toBeLessThan(1e-5)
    }
  })

  test('a set against itself gives each pair once; scores may be minus the squared distance', async () => {
    const set = await vectorsOf(wholes(references.matrix, 1))
    const found = await rowsOf((await run('best-pairs', { queries: set, references: set }, { best: 10_000, once: true, score: 'minus-squared-distance' })).result)
    expect(found).toHaveLength((60 * 59) / 2)
    expect(found.every(([a, , b]) => a < b)).toBe(true)
    const [a, , b, , score] = found[0] as Row
    expect(score).toBeCloseTo(2 * cosine(references.matrix, a - 1, references.matrix, b - 1) - 2, 5)
  })

  test('refuses descriptors of different sizes, and names the image whose vector is broken', async () => {
    await expect(run('match', { queries: await vectorsOf(queries), references: await vectorsOf(wholes(scattered(4, 5, 1), 1)) })).rejects.toThrow(/The queries have 8 values a vector, the references 5/)
    const broken = cut(scattered(6, 8, 1), 40)
    broken.matrix.data[8 * 4 + 2] = Number.NaN
    await expect(run('match', { queries: await vectorsOf(queries), references: await vectorsOf(broken) })).rejects.toThrow(/image 41, part 1 holds a value that is no finite number/)
  })
})

describe('ensembles', () => {
  const first = wholes(scattered(12, 4, 5), 10)
  const second = wholes(scattered(12, 6, 6), 10)
  /** The same descriptors in another order. */
  const shuffled: Vectors = {
    images: Int32Array.from(second.images, (_, i) => second.images[(i * 5) % 12] as number), parts: new Int32Array(12),
    matrix: { ...second.matrix, data: Float32Array.from(second.matrix.data, (_, i) => second.matrix.data[((Math.floor(i / 6) * 5) % 12) * 6 + (i % 6)] as number) }
  }

  test('similarities of joined models are the weighted ones, whatever the order of rows', async () => {
    const { result } = await run('concat', { vectors: [await vectorsOf(first, ['x']), await vectorsOf(shuffled, ['y'])] }, { weights: [1, 0.5] })
    const { matrix, images } = await readVectors(result)
    expect(images).toEqual(first.images)
    expect(result.facts['models']).toEqual(['x', 'y'])
    for (let row = 1; row < 12; row++) {
      const expected = (cosine(first.matrix, 0, first.matrix, row) + 0.25 * cosine(second.matrix, 0, second.matrix, row)) / 1.25
      expect(cosine(matrix, 0, matrix, row)).toBeCloseTo(expected, 5)
    }
  })

  test('an image that one model lacks is named, or left out and told', async () => {
    const fewer: Vectors = { matrix: { rows: 10, dim: 4, data: first.matrix.data.slice(0, 40) }, images: first.images.slice(0, 10), parts: new Int32Array(10) }
    const vectors = [await vectorsOf(fewer, ['x']), await vectorsOf(second, ['y'])]
    await expect(run('concat', { vectors })).rejects.toThrow(/^x does not describe image 20 and 1 more/)
    const { result, notes } = await run('concat', { vectors }, { missing: 'leave-out' })
    expect((await readVectors(result)).images).toEqual(fewer.images)
    expect(notes).toEqual(['x does not describe 2 parts that another model does (image 20; image 21): left out.'])
    expect([await result.int32('missingFrom'), await result.int32('missingImage')]).toEqual([Int32Array.of(0, 0), Int32Array.of(20, 21)])
    await expect(run('concat', { vectors }, { weights: [1] })).rejects.toThrow(/one weight for each of the 2 inputs/)
  })

  test('views are averaged by image, or over its parts', async () => {
    const views = cut(scattered(9, 4, 7), 1)
    const { result } = await run('average', { vectors: [await vectorsOf(views)] }, { over: 'parts', normalise: false })
    const { matrix, images } = await readVectors(result)
    expect(Array.from(images)).toEqual([1, 2, 3])
    for (let i = 0; i < 12; i++) {
      const [row, d] = [Math.floor(i / 4), i % 4]
      expect(matrix.data[i]).toBeCloseTo([0, 1, 2].reduce((sum, part) => sum + (views.matrix.data[(row * 3 + part) * 4 + d] as number), 0) / 3, 5)
    }
    await expect(run('average', { vectors: [await vectorsOf(first), await vectorsOf(second)] })).rejects.toThrow(/4 values a vector, those of input 2 6/)
  })
})

describe('whitening', () => {
  test('is learned once, kept, and applied to others of the same model only', async () => {
    const training = await vectorsOf(wholes(scattered(200, 16, 8, 6), 1), ['x'])
    const { result: projection } = await run('whiten-fit', { training }, { size: 5, most: 150 })
    expect(projection.facts).toMatchObject({ dim: 16, size: 5, fittedOn: 150, models: ['x'] })
    const { result } = await run('whiten', { vectors: await vectorsOf(wholes(scattered(30, 16, 9), 900), ['x']), projection })
    const { matrix } = await readVectors(result)
    expect([matrix.rows, matrix.dim]).toEqual([30, 5])
    for (let row = 0; row < 30; row++) expect(cosine(matrix, row, matrix, row)).toBeCloseTo(1, 5)
    await expect(run('whiten', { vectors: await vectorsOf(wholes(scattered(3, 16, 9), 900), ['y']), projection })).rejects.toThrow(/learned on descriptors of x, and these come from y/)
    await expect(run('whiten-fit', { training }, { size: 17 })).rejects.toThrow(/1 to 16 values/)
  })
})

describe('negatives', () => {
  test('are cleared of matches, smoothed and subtracted', async () => {
    const queries = wholes(scattered(20, 6, 10), 1)
    const own = wholes(scattered(40, 6, 11), 15)
    // Negative 30 shows what query 3 shows.
    own.matrix.data.set(queries.matrix.data.subarray(12, 18), 15 * 6)
    const others = [await vectorsOf(queries)]
    const { result: cleared, notes } = await run('clear-negatives', { negatives: await vectorsOf(own), others }, { threshold: 0.9999 })
    // Images 15 to 20 are queries themselves.
    expect(Array.from(await cleared.int32('removedImage'))).toEqual([15, 16, 17, 18, 19, 20, 30])
    expect(Array.from(await cleared.int32('matchedImage'))).toEqual([15, 16, 17, 18, 19, 20, 3])
    expect((await readVectors(cleared)).images).toEqual(own.images.filter((image) => image > 20 && image !== 30))
    expect(notes[0]).toMatch(/^7 negatives match a query or reference and were left out/)
    const { result: negatives } = await run('augment-negatives', { negatives: cleared }, { k: 4 })
    const { result } = await run('subtract-negatives', { vectors: others[0] as Artefact, negatives }, { k: 4 })
    const { matrix, images } = await readVectors(result)
    expect(images).toEqual(queries.images)
    const { matrix: smoothed } = await readVectors(negatives)
    const near = Array.from({ length: smoothed.rows }, (_, t) => ({ t, score: cosine(queries.matrix, 0, smoothed, t) })).sort((x, y) => y.score - x.score).slice(0, 4)
    const raw = Array.from({ length: 6 }, (_, d) => (queries.matrix.data[d] as number) - (0.35 * near.reduce((sum, { t }) => sum + (smoothed.data[t * 6 + d] as number), 0)) / 4)
    for (const [d, value] of raw.entries()) expect(matrix.data[d]).toBeCloseTo(value / Math.hypot(...raw), 5)
  })

  test('none left: an error that says so', async () => {
    const queries = await vectorsOf(wholes(scattered(5, 4, 1), 1))
    const { result: negatives } = await run('clear-negatives', { negatives: queries, others: [queries] })
    expect((await readVectors(negatives)).matrix.rows).toBe(0)
    await expect(run('subtract-negatives', { vectors: queries, negatives })).rejects.toThrow(/no negatives to subtract/)
  })
})

describe('tables of pairs', () => {
  test('fused, cut to what is allowed, penalised, and made one score a pair of images', async () => {
    const x = await pairsOf([[1, 0, 7, 0, 0.5], [1, 4, 7, 0, 0.75], [2, 0, 8, 0, 0.25], [2, 5, 7, 0, 0.875], [3, 0, 9, 0, 0.5]])
    const y = await pairsOf([[1, 0, 7, 0, 0.25], [1, 4, 7, 0, 0.625], [2, 5, 7, 0, 1], [3, 0, 9, 0, 0.75], [3, 0, 7, 0, 0.75]])
    const parts = await artefact(async (out) => await writeParts(out, { images: Int32Array.of(1, 1, 2), parts: Int32Array.of(0, 4, 5), boxes: Int32Array.of(0, 0, 0, 0, 5, 5, 300, 200, 0, 0, 300, 199) }, ''))
    const withoutReferences = await artefact(async (out) => await writeImages(out, Int32Array.of(9), ''))
    const { result: fused, notes } = await run('fuse-pairs', { pairs: [x, y], parts, withoutReferences }, { least: 2, minSide: 200, penalty: 0.125 })
    expect(await rowsOf(fused)).toEqual([[1, 4, 7, 0, 0.625], [1, 0, 7, 0, 0.5], [1, 4, 7, 0, 0.5], [1, 0, 7, 0, 0.25]])
    expect(notes).toEqual(['2 rows of crops under 200 pixels left out.', '2 rows of vetoed images left out.'])
    const { result: best } = await run('best-parts', { pairs: [fused, await pairsOf([[2, 3, 8, 1, 0.25]])] })
    expect(await rowsOf(best)).toEqual([[1, 0, 7, 0, 0.4375], [2, 0, 8, 0, 0.25]])
    expect(Array.from(await best.int32('bestAPart'))).toEqual([4, 3])
    expect(Array.from(await best.int32('rows'))).toEqual([4, 1])
  })

  test('say what cannot be', async () => {
    const x = await pairsOf([[1, 4, 7, 0, 0.5]])
    await expect(run('fuse-pairs', { pairs: [x] }, { least: 2 })).rejects.toThrow('A pair cannot be in 2 of 1 table')
    await expect(run('fuse-pairs', { pairs: [x] }, { minSide: 100 })).rejects.toThrow(/give the parts as an input/)
    await expect(run('fuse-pairs', { pairs: [x] }, { exempt: 'whole' })).rejects.toThrow(/"whole" is no part/)
  })

  test('the mean of scores, joined by pair', async () => {
    const pairs = [await pairsOf([[1, 0, 7, 0, 0.5], [2, 0, 8, 0, 0.25]]), await pairsOf([[2, 0, 8, 0, 0.75], [1, 0, 7, 0, 0.25], [4, 0, 8, 0, 1]])]
    const { result, notes } = await run('mean-scores', { pairs })
    expect(await rowsOf(result)).toEqual([[2, 0, 8, 0, 0.5], [1, 0, 7, 0, 0.375]])
    expect(notes).toEqual(['1 pair is not in every table and left out.'])
    await expect(run('mean-scores', { pairs }, { missing: 'error' })).rejects.toThrow('Table 1 does not list the pair image 4 and image 8, which Table 2 does')
  })
})
