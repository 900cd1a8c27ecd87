import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { labelClass, labelItem, labelQueueRequest, labelRun } from '../../../core/contract/labels.ts'
import { LabelService } from '../../../core/pseudo/labelService.ts'
import { LabelledProject } from './labelledProject.ts'

let project: LabelledProject
let labels: LabelService
const runId = 2

/** Six unlabelled images 4..9 with chosen predictions; 1..3 carry the classes ant, bee and cat. */
beforeEach(async () => {
  project = await LabelledProject.create([
    ...['ant', 'bee', 'cat'].map((label) => ({ path: `${label}.jpg`, vector: [1, 0], label })),
    ...['z/4', 'y/5', 'x/6', 'w/7', 'v/8', 'u/9'].map((path) => ({ path: `${path}.jpg`, vector: [1, 0] }))
  ])
  labels = new LabelService({ engine: project.engine, project: project.project })
  project.sql("INSERT INTO run (id, kind, params, descriptor_id, started_at, finished_at, summary) VALUES (2, 'knn', '{}', 1, 5, 6, '{}')")
  for (const [image, ...candidates] of [[4, [1, 0.9], [2, 0.1]], [5, [2, 0.6], [1, 0.4]], [6, [3, 0.5], [1, 0.3], [2, 0.2]], [7, [1, 0.7], [3, 0.3]], [8, [2, 0.95], [3, 0.05]], [9, [3, 1]]] as const) {
    candidates.forEach(([classId, score], rank) => project.sql('INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?, 0.5)', runId, image, rank, classId, score, classId))
  }
})
afterEach(() => project.close())

const queue = async (request: Record<string, unknown> = {}): Promise<number[]> => {
  const { viewId, count } = await labels.queue(labelQueueRequest.parse({ runId, ...request }))
  const ids = [...project.views.get(viewId)]
  expect(ids).toHaveLength(count)
  return ids
}
const { parse } = labelItem.shape.candidates
const label = async (id: number, state: 'class' | 'none' | 'unsure', classId: number | null): Promise<unknown> =>
  project.project.write.decisions.apply({ kind: 'label', chosen: { ids: Int32Array.of(id), named: true }, state, classId, runId }, 'me', 1)

describe('the queue of predictions', () => {
  test('comes in every order', async () => {
    expect(await queue()).toEqual([9, 8, 4, 7, 5, 6])
    expect(await queue({ order: 'least-sure' })).toEqual([6, 5, 7, 4, 8, 9])
    expect(await queue({ order: 'smallest-margin' })).toEqual([5, 6, 7, 4, 8, 9])
    expect(await queue({ order: 'path' })).toEqual([9, 8, 7, 6, 5, 4])
    expect(await queue({ order: 'class' })).toEqual([4, 7, 8, 5, 9, 6])
    const { marks } = await labels.queue(labelQueueRequest.parse({ runId, order: 'class' }))
    expect(marks).toEqual([{ label: 'ant', index: 0 }, { label: 'bee', index: 2 }, { label: 'cat', index: 4 }])
  })

  test('is narrowed by class, score and state; what was answered or dropped is open no more', async () => {
    expect(await queue({ classId: 1 })).toEqual([4, 7])
    expect(await queue({ minScore: 0.6, maxScore: 0.9 })).toEqual([4, 7, 5])
    await label(9, 'class', 3)
    await label(8, 'none', null)
    await label(4, 'unsure', null)
    await project.project.write.decisions.apply({ kind: 'verdict', chosen: { ids: Int32Array.of(7), named: true }, value: 'drop', reason: null }, 'me', 1)
    expect(await queue()).toEqual([5, 6])
    expect(await queue({ state: 'decided' })).toEqual([9, 8, 4])
    expect(await queue({ state: 'all' })).toEqual([9, 8, 4, 7, 5, 6])
  })

  test('follows a merge of classes', async () => {
    await project.project.write.decisions.apply({ kind: 'class-merge', classId: 2, into: 1 }, 'me', 1)
    expect(await queue({ classId: 1 })).toEqual([8, 4, 7, 5])
    expect(await queue({ classId: 2 })).toEqual([8, 4, 7, 5])
    const [item] = await labels.items({ runId, ids: [6] })
    expect(item!.candidates.map(({ className, score }) => [className, score])).toEqual([['cat', 0.5], ['ant', 0.3]])
  })

  test('an unknown run is refused', async () => {
    await expect(queue({ runId: 99 })).rejects.toMatchObject({ name: 'WinnowError', code: 'NOT_FOUND' })
    await expect(labels.items({ runId: 99, ids: [4] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('an item has its candidates with exemplars and the nearest labelled image, where that is still there', async () => {
  project.sql("UPDATE image SET state = 'missing' WHERE id = 2")
  const items = await labels.items({ runId, ids: [6, 4] })
  expect(items.map(({ image }) => image.id)).toEqual([6, 4])
  expect(items[0]!.candidates).toEqual([
    { classId: 3, className: 'cat', score: 0.5, nearest: { imageId: 3, similarity: 0.5 }, exemplars: [3] },
    { classId: 1, className: 'ant', score: 0.3, nearest: { imageId: 1, similarity: 0.5 }, exemplars: [1] },
    { classId: 2, className: 'bee', score: 0.2, nearest: null, exemplars: [] }
  ])
  expect(parse(items[0]!.candidates)).toEqual(items[0]!.candidates)
})

test('classes count what came, what people said and what is still predicted', async () => {
  await label(4, 'class', 1)
  await label(5, 'class', 1)
  await project.project.write.decisions.apply({ kind: 'verdict', chosen: { ids: Int32Array.of(6, 4), named: true }, value: 'drop', reason: null }, 'me', 1)
  const classes = (await labels.classes()).map((one) => labelClass.parse(one))
  expect(classes).toEqual([
    { id: 1, name: 'ant', given: 1, human: 2, predicted: 1, exemplars: [4, 5, 1] },
    { id: 2, name: 'bee', given: 1, human: 0, predicted: 1, exemplars: [2] },
    { id: 3, name: 'cat', given: 1, human: 0, predicted: 1, exemplars: [3] }
  ])
})

test('runs say how many are open, accepted and rejected, with a histogram of scores', async () => {
  await label(4, 'class', 1)
  await label(5, 'class', 1)
  await label(6, 'unsure', null)
  const [run, csv] = (await labels.runs()).map((one) => labelRun.parse(one))
  expect(run).toMatchObject({ id: 2, kind: 'knn', model: 'test', descriptorId: 1, predicted: 6, open: 3, accepted: 1, rejected: 1 })
  expect(run!.scores!.counts).toHaveLength(20)
  expect(run!.scores!.counts.reduce((a, b) => a + b, 0)).toBe(6)
  expect(run!.scores!.counts[19]).toBe(2)
  expect(csv).toMatchObject({ kind: 'csv', predicted: 3, open: 0, scores: null })
})
