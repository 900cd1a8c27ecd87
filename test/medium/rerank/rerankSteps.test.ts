import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matrixOf, normaliseRows } from '../../../core/domain/matrix.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import { readLists, writeLists } from '../../../core/recipes/kinds.ts'
import { StepHost } from '../../../core/recipes/stepHost.ts'
import { stepModules } from '../../../core/recipes/stepList.ts'
import { isTransductive } from '../../../core/recipes/step.ts'
import { readGraph } from '../../../core/rerank/graphArtefact.ts'
import { rerankMethods } from '../../../core/rerank/methods.ts'
import { expandQueries } from '../../../core/rerank/queryExpansion.ts'
import { OnnxBlas } from '../../../core/search/onnxBlas.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { StepBench } from '../clean/stepBench.ts'
import { temporaryFolder } from '../review/syntheticProject.ts'
import { readVectors } from '../../../core/recipes/vectorReader.ts'

const folder = temporaryFolder()
let bench: StepBench
let blas: OnnxBlas
beforeAll(async () => {
  bench = new StepBench(folder.path)
  blas = await OnnxBlas.open()
})
afterAll(async () => {
  await blas.close()
  folder.remove()
})

/** Three places on a circle, each seen along an arc of 40 degrees: image 100·place + view. Views at the ends are far from each other and near by way of those between. */
const views = Array.from({ length: 9 }, (_, view) => view)
const places = [1, 2, 3]
const vectorOf = (place: number, view: number): number[] => {
  const angle = ((place * 120 + view * 5) * Math.PI) / 180
  return [2 * Math.cos(angle), 2 * Math.sin(angle)]
}
const queryImages = places.map((place) => place * 100)
const referenceImages = places.flatMap((place) => views.slice(1).map((view) => place * 100 + view))
const placeOf = (image: number): number => Math.floor(image / 100)

let queries: Artefact
let references: Artefact
let lists: Artefact
beforeAll(async () => {
  queries = await bench.vectors(queryImages, places.map((place) => vectorOf(place, 0)))
  references = await bench.vectors(referenceImages, referenceImages.map((image) => vectorOf(placeOf(image), image % 100)))
  lists = await bench.run('match', { queries, references }, { k: 4 }, { blas })
})

const listed = async (artefact: Artefact): Promise<Map<number, number[]>> => {
  const { queries: asking, k, references: found } = await readLists(artefact)
  return new Map([...asking].map((image, row) => [image, [...found.subarray(row * k, (row + 1) * k)].filter((reference) => reference >= 0)]))
}

test('every method of re-ranking is a step of recipes, marked where it looks at other queries', async () => {
  for (const [use, { transductive }] of Object.entries(rerankMethods)) {
    const { definition } = await (stepModules[use] as NonNullable<(typeof stepModules)[string]>)()
    expect(definition.use).toBe(use)
    expect(isTransductive(definition)).toBe(transductive)
    expect(definition.source).not.toBe('')
  }
})

describe('expansion', () => {
  test('queries are expanded as the mathematics says, whatever length the vectors had', async () => {
    const found = await readVectors(await bench.run('query-expansion', { queries, references }, { neighbours: 3, pool: 'references' }, { blas }))
    const unit = async (artefact: Artefact) => {
      const { matrix } = await readVectors(artefact)
      normaliseRows(matrix.data, matrix.dim)
      return matrix
    }
    const wanted = await expandQueries(await unit(queries), await unit(references), new PlainBlas(), { alpha: 3, count: 3, pool: 'references' })
    expect([...found.images]).toEqual(queryImages)
    found.matrix.data.forEach((value, i) => expect(value).toBeCloseTo(wanted.data[i] as number, 6))
  })

  test('references are augmented by their neighbours, and only within their class where classes are given', async () => {
    const all = await readVectors(await bench.run('database-augmentation', { references }, { neighbours: 4 }, { blas }))
    const before = (await readVectors(references)).matrix.data
    expect(all.matrix.data.some((value, i) => Math.abs(value - (before[i] as number) / 2) > 1e-3)).toBe(true)
    bench.notes.length = 0
    // Image 101 alone in its class: it stays what it is; place 3 has no labels at all.
    const labels = await bench.labels(referenceImages.filter((image) => image < 300).map((image) => [image, image === 101 ? 9 : placeOf(image)]))
    const within = await readVectors(await bench.run('database-augmentation', { references, labels }, { neighbours: 3 }, { blas }))
    expect(bench.notes).toEqual(['8 vectors without a label: left as they are.'])
    for (const [row, image] of referenceImages.entries()) {
      const stays = image === 101 || image >= 300
      const moved = Math.hypot((within.matrix.data[row * 2] as number) - (before[row * 2] as number) / 2, (within.matrix.data[row * 2 + 1] as number) - (before[row * 2 + 1] as number) / 2)
      if (stays) expect(moved).toBeLessThan(1e-6)
    }
    await expect(bench.run('database-augmentation', { references, queries, labels }, {}, { blas })).rejects.toThrow(/queries or labels, not both/)
  })

  test('verified pairs move what they verify, from either side where that is asked for', async () => {
    const pairs = await bench.pairs([[100, 101, 0.9, 120], [100, 102, 0.9, 10], [203, 200, 0.9, 95], [100, 999, 0.9, 300]])
    bench.notes.length = 0
    const inputs = { vectors: queries, pairs, pool: [references] } as never
    const oneWay = await bench.run('evidence-expansion', inputs)
    expect(oneWay.facts['moved']).toBe(1)
    expect(bench.notes).toEqual(['2 pairs of images without a vector here: left out.'])
    const { matrix } = await readVectors(oneWay)
    const cosine = Math.cos((5 * Math.PI) / 180)
    const at = (angle: number): [number, number] => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
    const sum = [0, 1].map((i) => (at(120)[i as 0] + cosine * at(125)[i as 0]))
    expect(matrix.data[0]).toBeCloseTo((sum[0] as number) / Math.hypot(...sum), 6)
    const bothWays = await bench.run('evidence-expansion', inputs, { bothWays: true })
    expect(bothWays.facts['moved']).toBe(2)
    const bare = await bench.pairs([[100, 101, 0.9]])
    await expect(bench.run('evidence-expansion', { vectors: queries, pairs: bare, pool: [] } as never)).rejects.toThrow(/not verified/)
  })
})

describe('lists', () => {
  test('diffusion finds the far views by way of those between, and keeps the scores from before beside', async () => {
    const offline = await bench.run('diffusion-offline', { queries, references }, { truncation: 20, neighbours: 4 }, { blas })
    expect(offline.kind).toBe('graph')
    expect((await readGraph(offline)).rows.rows).toBe(queryImages.length + referenceImages.length)
    const diffused = await bench.run('diffusion', { offline, lists }, { length: 8 })
    for (const [query, found] of await listed(diffused)) {
      expect(found.length).toBe(8)
      expect(found.every((image) => placeOf(image) === placeOf(query))).toBe(true)
    }
    const [before, { scores, references: old, k }] = [await diffused.float32('before'), await readLists(lists)]
    const first = (await readLists(diffused)).references[0] as number
    const rank = [...old.subarray(0, k)].indexOf(first)
    expect(before[0]).toBe(rank < 0 ? Number.NaN : scores[rank])
    expect([...before].filter(Number.isNaN)).toHaveLength(3 * (8 - 4))
    expect(diffused.facts).toMatchObject({ transductive: true, models: ['test'] })
  })

  test('diffusion gives the same in a step process, over its threads and ONNX Runtime', async () => {
    const host = new StepHost()
    const scratch = mkdtempSync(join(folder.path, 'process-'))
    const out = join(scratch, 'out')
    const signal = new AbortController().signal
    const params = { truncation: 20, neighbours: 4, gamma: 3, alpha: 0.99, iterations: 20, tolerance: 1e-6 }
    const { peakBytes } = await host.run({ use: 'diffusion-offline', params, inputs: { queries: [queries.folder], references: [references.folder] }, out, scratch }, { signal, onNews: () => undefined, shared: false })
    host.close()
    expect(peakBytes).toBeGreaterThan(2 ** 24)
    const here = await readGraph(await bench.run('diffusion-offline', { queries, references }, params, { blas }))
    expect(await readGraph(await Artefact.open(out))).toEqual(here)
  })

  test('explore-exploit walks along the views, and not into the query itself', async () => {
    const graph = await bench.run('match', { queries: references, references }, { k: 3 }, { blas })
    const walked = await bench.run('explore-exploit', { lists, graph }, { length: 8 })
    for (const [query, found] of await listed(walked)) expect(found.toSorted((a, b) => a - b)).toEqual(views.slice(1).map((view) => query + view))
    const own = await bench.run('match', { queries: references, references }, { k: 2 }, { blas })
    for (const [query, found] of await listed(await bench.run('explore-exploit', { lists: own, graph }, { length: 8 }))) expect(found).not.toContain(query)
    await expect(bench.run('explore-exploit', { lists, graph: await bench.make((out) => writeLists(out, { queries: Int32Array.of(1, 1), queryParts: new Int32Array(2), k: 1, references: Int32Array.of(2, 2), referenceParts: new Int32Array(2), scores: new Float32Array(2) }, '')) })).rejects.toThrow(/more than once/)
  })

  test('k-reciprocal lists what shares the neighbourhood', async () => {
    const found = await bench.run('k-reciprocal', { queries, references }, { k1: 4, k2: 2, length: 5 }, { blas })
    for (const [query, images] of await listed(found)) expect(images.every((image) => placeOf(image) === placeOf(query))).toBe(true)
    expect((await found.float32('before'))[0]).toBeCloseTo(Math.cos((5 * Math.PI) / 180), 5)
  })

  test('sort and insert: the label’s references first, unlisted ones after them, the query’s own image never', async () => {
    const ranked = await bench.lists([[100, [[201, 0.9], [101, 0.8], [301, 0.7]]], [200, [[201, 0.9]]], [300, [[301, 0.9]]]])
    const queryLabels = await bench.labels([[100, 1], [200, 2]])
    const referenceLabels = await bench.labels([[101, 1], [102, 1], [100, 1], [201, 2], [301, 3]])
    bench.notes.length = 0
    const found = await bench.run('sort-insert', { lists: ranked, queryLabels, referenceLabels })
    const images = await listed(found)
    expect(images.get(100)).toEqual([101, 102, 201, 301])
    expect(images.get(300)).toEqual([301])
    expect(bench.notes).toEqual(['1 query without a predicted label: their lists stay.'])
    expect([...(await found.float32('before'))].slice(0, 3)).toEqual([expect.closeTo(0.8, 5), Number.NaN, expect.closeTo(0.9, 5)])
    expect(found.facts).toMatchObject({ sorted: 2, inserted: 1 })
    const strangers = await bench.labels([[101, 1]], { names: [[1, 'other']] })
    await expect(bench.run('sort-insert', { lists: ranked, queryLabels, referenceLabels: strangers })).rejects.toThrow(/different sets of classes/)
  })
})

test('vectors of different models are refused, by name', async () => {
  const wide = await bench.vectors([1], [[1, 0, 0]])
  for (const use of ['query-expansion', 'diffusion-offline', 'k-reciprocal']) await expect(bench.run(use, { queries: wide, references }, {}, { blas })).rejects.toThrow(/3 values a vector, the references 2/)
  expect(() => matrixOf(new Float32Array(3), 2)).toThrow(RangeError)
})
