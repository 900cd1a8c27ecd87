import { afterEach, describe, expect, test } from 'vitest'
import { LabelledProject, unit, type VectorImage } from './labelledProject.ts'

let made: LabelledProject | null = null
const create = async (images: readonly VectorImage[]): Promise<LabelledProject> => (made = await LabelledProject.create(images))
afterEach(async () => {
  await made?.close()
  made = null
})

/** A small generator of repeatable numbers in (-1, 1). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  }
}

/** Clusters of labelled images and some unlabelled ones about each of their centres. */
function clusters(classes: number, labelled: number, unlabelled: number, spread = 0.3, seed = 1): VectorImage[] {
  const next = numbers(seed)
  const dim = 12
  return Array.from({ length: classes }, (_, c) => {
    const centre = unit(Array.from({ length: dim }, next))
    return Array.from({ length: labelled + unlabelled }, (_, i) => ({
      path: `${c}/${i}.jpg`,
      vector: unit(centre.map((value) => value + spread * next())),
      ...(i < labelled ? { label: `class ${c}` } : {})
    }))
  }).flat()
}

interface Prediction {
  run_id: number; image_id: number; rank: number; class: string; score: number; nearest_id: number; nearest_similarity: number
}
const predictions = (project: LabelledProject): Prediction[] =>
  project.sql('SELECT prediction.*, class.name AS class FROM prediction JOIN class ON class.id = class_id ORDER BY run_id, image_id, rank')

describe('predicting labels', () => {
  test('gives every unlabelled image the candidates that a naive vote gives', async () => {
    const images = clusters(5, 9, 6, 0.9)
    const project = await create(images)
    const { result } = await project.predict({ k: 20 })
    expect(result).toBe('Predicted labels for 30 images from 45 labelled ones of 5 classes.')
    const stored = predictions(project)
    const cosine = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
    for (const [i, { vector, label }] of images.entries()) {
      const mine = stored.filter(({ image_id }) => image_id === project.ids[i])
      if (label !== undefined) {
        expect(mine).toEqual([])
        continue
      }
      const nearest = images.flatMap((other, j) => (other.label === undefined ? [] : [{ id: project.ids[j]!, label: other.label, cosine: cosine(vector, other.vector) }])).toSorted((a, b) => b.cosine - a.cosine).slice(0, 20)
      const weights = Map.groupBy(nearest, (one) => one.label)
      const weightOf = (voters: typeof nearest): number => voters.reduce((sum, one) => sum + Math.exp((one.cosine - 1) / 0.07) / Math.sqrt(9), 0)
      const total = weightOf(nearest)
      expect(mine.map(({ rank }) => rank)).toEqual(mine.map((_, rank) => rank))
      expect(mine).toHaveLength(weights.size)
      for (const { class: name, score, nearest_id } of mine) {
        expect(score).toBeCloseTo(weightOf(weights.get(name)!) / total, 4)
        expect(nearest_id).toBe(weights.get(name)![0]!.id)
      }
    }
    expect(project.sql('SELECT finished_at IS NOT NULL AS done, descriptor_id FROM run WHERE kind = ?', 'knn')).toEqual([{ done: 1, descriptor_id: 1 }])
  })

  test('its own duplicates do not vote, and k others still do', async () => {
    const near = [1, 0, 0, 0]
    // 60 labelled copies of the query lie nearer than anything else: more than are asked for at first.
    const copies = Array.from({ length: 60 }, (_, i) => ({ path: `copy${i}.jpg`, vector: unit([1, 0.001 * i, 0, 0]), label: 'wrong', content: `copy ${i}` }))
    const others = Array.from({ length: 25 }, (_, i) => ({ path: `other${i}.jpg`, vector: unit([1, 0, 1 + i / 100, 0]), label: i % 2 ? 'a' : 'b' }))
    const byte = { path: 'same bytes.jpg', vector: unit(near), label: 'wrong', content: 'the query' }
    const project = await create([{ path: 'query.jpg', vector: unit(near), content: 'the query' }, byte, ...copies, ...others])
    project.components = { imageIds: Int32Array.from([project.ids[0]!, ...project.ids.slice(2, 62)]), groups: new Int32Array(61).fill(7) }
    await project.predict()
    const found = predictions(project)
    expect(found.map((one) => one.class).toSorted()).toEqual(['a', 'b'])
    expect(found.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9)
  })

  test('an image with nothing but its own duplicates near has no prediction, and the result says so', async () => {
    const project = await create([
      { path: 'q.jpg', vector: [1, 0], content: 'one' }, { path: 'a.jpg', vector: [1, 0], label: 'a', content: 'one' }, { path: 'b.jpg', vector: [1, 0], label: 'b', content: 'one' }
    ])
    expect((await project.predict()).result).toBe('Predicted labels for 0 images from 2 labelled ones of 2 classes. 1 image has no prediction, because only their own duplicates are labelled near them.')
  })

  test('a person stands before the given label: none and unsure do not vote, unsure is predicted again, the dropped do not vote', async () => {
    const project = await create([
      ...['a', 'b'].map((label, i) => ({ path: `${label}.jpg`, vector: unit([1, i, 0]), label })),
      ...['none', 'unsure', 'dropped', 'said'].map((path, i) => ({ path, vector: unit([1, 0.5, 0.1 * i]), label: 'a' })),
      { path: 'plain', vector: unit([1, 0.4, 0]) }, { path: 'none without given', vector: unit([1, 0.3, 0]) }
    ])
    const [a, b, none, unsure, dropped, said, plain, nothing] = project.ids as [number, number, number, number, number, number, number, number]
    const { decisions } = project.project.write
    const label = async (id: number, state: 'class' | 'none' | 'unsure', classId: number | null = null): Promise<unknown> =>
      decisions.apply({ kind: 'label', chosen: { ids: Int32Array.of(id), named: true }, state, classId, runId: null }, 'me', 1)
    await label(none, 'none')
    await label(unsure, 'unsure')
    await label(said, 'class', 2)
    await label(nothing, 'none')
    await decisions.apply({ kind: 'verdict', chosen: { ids: Int32Array.of(dropped), named: true }, value: 'drop', reason: null }, 'me', 1)
    expect(await project.project.read.predictions.voters()).toEqual({ imageIds: Int32Array.of(a, b, said), classIds: Int32Array.of(1, 2, 2) })
    expect(await project.project.read.predictions.unlabelled()).toEqual(Int32Array.of(unsure, plain))
    await project.predict()
    expect(new Set(predictions(project).map(({ image_id }) => image_id))).toEqual(new Set([unsure, plain]))
  })

  test('without embeddings, labels, a second class or anything to predict, it says what to do', async () => {
    const bare = await create([])
    expect((await bare.predict()).result).toMatch(/nothing has been embedded yet/)
    await bare.close()
    const unlabelled = await create([{ path: 'x.jpg', vector: [1, 0] }])
    expect((await unlabelled.predict()).result).toMatch(/no image has a label yet/)
    await unlabelled.close()
    const single = await create([{ path: 'x.jpg', vector: [1, 0] }, { path: 'y.jpg', vector: [1, 0], label: 'only' }])
    expect((await single.predict()).result).toMatch(/all labelled images are of one class/)
    await single.close()
    const all = await create([{ path: 'x.jpg', vector: [1, 0], label: 'a' }, { path: 'y.jpg', vector: [1, 0], label: 'b' }])
    expect((await all.predict()).result).toMatch(/every image that is embedded has a label already/)
  })

  test('an interrupted run goes on where it was; the finished one is the same as without interruption', async () => {
    const images = clusters(3, 5, 10)
    const project = await create(images)
    await project.predict()
    const whole = predictions(project).map((one) => ({ ...one, run_id: 0 }))
    await expect(project.predict({}, { stopAt: 'Choosing exemplars' })).rejects.toThrow('stopped')
    expect(await project.project.read.predictions.liveRun()).toBe(2)
    const [{ id: unfinished } = { id: 0 }] = project.sql<{ id: number }>('SELECT id FROM run WHERE finished_at IS NULL')
    // As if it had been killed after some chunks; a mark shows that what was done is not done again.
    project.sql('DELETE FROM prediction WHERE run_id = ? AND image_id > ?', unfinished, project.ids[20])
    project.sql('UPDATE prediction SET nearest_similarity = 0.5 WHERE run_id = ? AND image_id = ?', unfinished, project.ids[7])
    const { notes } = await project.predict()
    expect(notes).toContain('Went on with the predictions that had been interrupted.')
    expect(await project.project.read.predictions.liveRun()).toBe(unfinished)
    const resumed = predictions(project).filter(({ run_id }) => run_id === unfinished)
    expect(resumed.find(({ image_id }) => image_id === project.ids[7])!.nearest_similarity).toBe(0.5)
    expect(resumed.map((one) => ({ ...one, run_id: 0 })).filter(({ image_id }) => image_id !== project.ids[7])).toEqual(whole.filter(({ image_id }) => image_id !== project.ids[7]))
  })

  test('an interrupted run whose labels have changed since is begun anew', async () => {
    const project = await create(clusters(3, 5, 4))
    await expect(project.predict({}, { stopAt: 'Choosing exemplars' })).rejects.toThrow('stopped')
    await project.project.write.decisions.apply({ kind: 'label', chosen: { ids: Int32Array.of(project.ids[6]!), named: true }, state: 'class', classId: 1, runId: null }, 'me', 1)
    const { notes } = await project.predict()
    expect(notes).not.toContain('Went on with the predictions that had been interrupted.')
    expect(project.sql('SELECT id FROM run WHERE kind = ? AND finished_at IS NULL', 'knn')).toEqual([])
    expect(new Set(predictions(project).map(({ run_id }) => run_id)).size).toBe(1)
  })

  test('the last five runs are kept', async () => {
    const project = await create(clusters(2, 3, 2))
    for (let run = 0; run < 7; run++) await project.predict()
    const runs = (await project.project.read.predictions.runs()).filter(({ kind }) => kind === 'knn')
    expect(runs).toHaveLength(5)
    expect(runs[0]!.id).toBe(await project.project.read.predictions.liveRun())
    expect(new Set(predictions(project).map(({ run_id }) => run_id))).toEqual(new Set(runs.map(({ id }) => id)))
  })

  test('a class is shown by its most typical images', async () => {
    const project = await create([
      ...[0, 0.01, 0.02, 0.9, -0.9].map((y, i) => ({ path: `a${i}.jpg`, vector: unit([1, y]), label: 'a' })),
      { path: 'b.jpg', vector: unit([-1, 0]), label: 'b' }, { path: 'q.jpg', vector: unit([1, 0.1]) }
    ])
    await project.predict()
    const [a, b] = await project.project.read.labels.classes()
    expect(a).toMatchObject({ name: 'a', given: 5, human: 0, predicted: 1 })
    expect(a!.exemplars.toSorted()).toEqual(project.ids.slice(0, 3))
    expect(b!.exemplars).toEqual([project.ids[5]])
  })
})
