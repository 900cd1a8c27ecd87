import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Matrix, rowOf } from '../../../core/domain/matrix.ts'
import type { Artefact } from '../../../core/recipes/artefact.ts'
import type { ProductBlock } from '../../../core/search/blas.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { temporaryFolder } from '../review/syntheticProject.ts'
import { StepBench } from './stepBench.ts'

const folder = temporaryFolder()
let bench: StepBench
beforeAll(() => {
  bench = new StepBench(folder.path)
})
afterAll(() => folder.remove())

/** 3 classes on a circle, 6 images each, 10 degrees between classes' edges; image 105 is labelled 1 but lies in the middle of class 3. */
const images = Array.from({ length: 18 }, (_, i) => 100 + i)
const label = (image: number): number => Math.floor((image - 100) / 6) + 1
const stranger = 105
const angle = (image: number): number => (image === stranger ? 140.5 : label(image) * 45 + ((image - 100) % 6))
const vector = (image: number): number[] => [Math.cos((angle(image) * Math.PI) / 180) * 3, Math.sin((angle(image) * Math.PI) / 180) * 3]
const rowsOf = async (artefact: Artefact): Promise<[number, number, number][]> => {
  const [a, b, rank] = await Promise.all([artefact.int32('a'), artefact.int32('b'), artefact.int32('rank')])
  return [...a].map((image, i) => [image, b[i] as number, rank[i] as number])
}

describe('the steps of cleaning', () => {
  let neighbours: Artefact
  let labels: Artefact
  let vectors: Artefact
  beforeAll(async () => {
    // In another order than the labels, and not of unit length.
    vectors = await bench.vectors(images.toReversed(), images.toReversed().map(vector))
    labels = await bench.labels(images.map((image) => [image, label(image)]), { names: [[1, 'one'], [2, 'two'], [3, 'three']] })
    neighbours = await bench.run('same-label-neighbours', { vectors, labels }, { k: 7, most: 5 })
  })

  test('pairs are of one class, by image ids, and a stranger has none in either direction', async () => {
    const rows = await rowsOf(neighbours)
    expect(rows.every(([a, b]) => label(a) === label(b) && a !== b)).toBe(true)
    expect(rows.filter(([a, b]) => a === stranger || b === stranger)).toEqual([])
    expect(rows.filter(([a]) => a === 106).map(([, b]) => b)).toEqual([107, 108, 109, 110])
    expect(neighbours.facts).toMatchObject({ pairs: rows.length, images: 18, labelled: 18 })
  })

  test('a search that was stopped goes on where it was and gives the same', async () => {
    const scratch = join(folder.path, 'stopped')
    const n = 4500 // blocks hold at most 4096 rows: two
    const ring = Array.from({ length: n }, (_, i) => [Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n)])
    const abort = new AbortController()
    let asked = 0
    class Stopping extends PlainBlas {
      override async eachBlock(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void): Promise<void> {
        for (let fromA = 0; fromA < a.rows; fromA++) {
          const [x, y] = rowOf(a, fromA)
          const values = Float32Array.from({ length: b.rows }, (_, j) => (x as number) * (b.data[j * 2] as number) + (y as number) * (b.data[j * 2 + 1] as number))
          visit({ values, fromA, rows: 1, fromB: 0, columns: b.rows })
        }
        if (++asked === 1) abort.abort(new Error('stopped'))
      }
    }
    const inputs = { vectors: await bench.vectors(ring.map((_, i) => i + 1), ring), labels: await bench.labels(ring.map((_, i) => [i + 1, i >> 2])) }
    const settings = { blas: new Stopping(), scratch }
    await expect(bench.run('same-label-neighbours', inputs, { k: 20, most: 5 }, { ...settings, signal: abort.signal })).rejects.toThrow('stopped')
    expect(asked).toBe(1)
    const resumed = await rowsOf(await bench.run('same-label-neighbours', inputs, { k: 20, most: 5 }, settings))
    expect(asked).toBe(2)
    expect(resumed).toEqual(await rowsOf(await bench.run('same-label-neighbours', inputs, { k: 20, most: 5 }, { blas: new Stopping() })))
    expect(resumed).toHaveLength(n * 3)
  })

  test('mutual ranks, their sweep and a cell: the stranger goes, the others stay', async () => {
    const mutual = await bench.run('mutual-neighbours', { pairs: neighbours })
    const grid = await bench.run('clean-sweep', { pairs: mutual, labels }, { evidence: 'mutual-rank', values: [7, 3, 1], frequencies: [1, 2, 20] })
    const cells = grid.facts['cells'] as { images: number[]; classes: number[] }
    expect(cells.images[0]).toBe(17)
    expect(cells.classes).toHaveLength(9)
    expect([cells.images[2], cells.classes[2]]).toEqual([0, 0])
    const subset = await bench.run('clean-cell', { grid }, { v: 7, f: 1 })
    expect([...(await subset.int32('image'))]).toEqual(images.filter((image) => image !== stranger))
    expect([...(await subset.int32('label'))]).toEqual(images.filter((image) => image !== stranger).map(label))
    expect(subset.summary).toBe('17 of 18 images, 3 of 3 classes (v = 7, f = 1)')
    await expect(bench.run('clean-cell', { grid }, { v: 8, f: 1 })).rejects.toThrow('The grid has no v = 8')
  })

  test('the sweep over inliers; what evidence is missing is said', async () => {
    const pairs = await bench.pairs([[100, 101, 1, 40], [101, 100, 1, 31], [102, 100, 1, 29], [106, 107, 1, 99], [100, 999, 1, 99]])
    bench.notes.length = 0
    const grid = await bench.run('clean-sweep', { pairs, labels })
    expect(bench.notes).toEqual(['1 pair names an image without a label: no evidence.'])
    expect(grid.facts).toMatchObject({ evidence: 'inliers', values: [20, 25, 30, 35, 40, 45, 50], images: 18, classes: 3 })
    const subset = await bench.run('clean-cell', { grid }, { v: 30, f: 1 })
    expect([...(await subset.int32('image'))]).toEqual([100, 101])
    await expect(bench.run('clean-sweep', { pairs: neighbours, labels })).rejects.toThrow('were not verified')
    await expect(bench.run('clean-sweep', { pairs, labels }, { evidence: 'mutual-rank' })).rejects.toThrow('no mutual ranks')
    await expect(bench.run('clean-sweep', { pairs, labels }, { values: [30, 20] })).rejects.toThrow('20 comes after 30')
    await expect(bench.run('mutual-neighbours', { pairs })).rejects.toThrow('no ranks')
  })

  test('several vectors of one image are refused; images without a label or a vector are said', async () => {
    const twice = await bench.vectors([100, 100], [[1, 0], [0, 1]])
    await expect(bench.run('same-label-neighbours', { vectors: twice, labels })).rejects.toThrow('one vector an image')
    bench.notes.length = 0
    const some = await bench.vectors([100, 101, 500], [[1, 0], [1, 0.1], [1, 0.05]])
    const found = await bench.run('same-label-neighbours', { vectors: some, labels })
    expect(await rowsOf(found)).toEqual([[100, 101, 2], [101, 100, 2]])
    expect(bench.notes.map((note) => note.slice(0, 41))).toEqual(['1 image has no label and no pairs of its ', '16 labelled images have no vector and so '])
  })
})

describe('soft voting and the ban as steps', () => {
  test('an image does not vote for itself, a reference votes once, and who has no voter gets no label', async () => {
    const labels = await bench.labels([[1, 10], [2, 20], [3, 20], [9, 10]], { names: [[10, 'ten'], [20, 'twenty']] })
    const lists = await bench.lists([[9, [[9, 1], [2, 0.9], [2, 0.8], [1, 0.5], [3, 0.2]]], [8, [[77, 0.9]]], [7, [[77, 0.95], [1, 0.9]]]])
    bench.notes.length = 0
    const found = await bench.run('soft-vote', { lists, labels })
    expect([...(await found.int32('image'))]).toEqual([9, 7])
    expect([...(await found.int32('label'))]).toEqual([20, 10])
    const [first, second] = await found.float32('score')
    expect(first).toBeCloseTo((0.9 + 0.2) / 3, 6)
    expect(second).toBeCloseTo(0.3, 6)
    expect((await found.float32('runnerUp'))[0]).toBeCloseTo(0.5 / 3, 6)
    expect(found.facts['names']).toEqual([[10, 'ten'], [20, 'twenty']])
    expect(bench.notes).toEqual(['1 query has no labelled neighbour in its list and got no label.'])
  })

  test('recognition counts the inliers of verified pairs, from either side', async () => {
    const labels = await bench.labels([[1, 10], [2, 20]])
    const lists = await bench.lists([[9, [[1, 0.9], [2, 0.8]]], [8, [[1, 0.9], [2, 0.8]]]])
    const pairs = await bench.pairs([[9, 2, 0.8, 70], [2, 8, 0.8, 7]])
    const found = await bench.run('soft-vote', { lists, labels, pairs }, { ballot: 'recognition' })
    expect([...(await found.int32('label'))]).toEqual([20, 10])
    expect((await found.float32('score'))[0]).toBeCloseTo(0.6 + 1, 6)
    expect((await found.float32('runnerUp'))[1]).toBeCloseTo(0.6 + 0.1, 6)
    await expect(bench.run('soft-vote', { lists, labels, pairs: await bench.pairs([[9, 2, 0.8]]) }, { ballot: 'recognition' })).rejects.toThrow('were not verified')
  })

  test('the ban counts each query by its first candidate', async () => {
    const labels = await bench.labels([[1, 10], [1, 20], [2, 10], [3, 10], [4, 20]])
    const found = await bench.run('distractor-ban', { labels }, { threshold: 2 })
    expect([...(await found.float32('score'))]).toEqual([-3, 1, -3, -3, 1])
    expect(found.facts['banned']).toEqual([{ label: 10, count: 3 }])
  })
})
