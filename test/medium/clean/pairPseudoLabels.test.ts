import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JobContext } from '../../../core/jobs/job.ts'
import type { Artefact } from '../../../core/recipes/artefact.ts'
import { definition, fingerprint, run } from '../../../core/recipes/steps/pair-pseudo-labels.ts'
import { LabelledProject, unit } from '../pseudo/labelledProject.ts'
import { openDatabase, temporaryFolder } from '../review/syntheticProject.ts'
import { StepBench } from './stepBench.ts'

const folder = temporaryFolder()
const bench = new StepBench(folder.path)
let project: LabelledProject
let job: JobContext
beforeAll(async () => {
  // Images 1 and 2 are the same bytes; 6 is a test image.
  project = await LabelledProject.create(['a', 'b', 'b', 'c', 'd', 'e', 'f'].map((content, i) => ({ path: `${i}.jpg`, content, vector: unit([1, i]) })))
  const db = openDatabase(join(project.project.folder, 'project.db'))
  db.prepare("UPDATE image SET role = 'test' WHERE path = '6.jpg'").run()
  db.close()
  job = { engine: project.engine, project: project.project, signal: new AbortController().signal, jobId: 1, report: () => undefined, fail: () => undefined, note: () => undefined }
})
afterAll(async () => {
  await project.close()
  folder.remove()
})

const id = (i: number): number => project.ids[i] as number
const make = async (inputs: { pairs: Artefact; duplicates?: Artefact }, params: Record<string, unknown> = {}): Promise<Artefact> =>
  await bench.make(async (out) => {
    const context = { signal: job.signal, report: () => undefined, note: () => undefined, out, scratch: folder.path, job }
    await run(context, { duplicates: undefined, ...inputs }, definition.params.strict().parse(params))
  })
const rows = async (artefact: Artefact): Promise<[number, number][]> => {
  const [images, labels] = await Promise.all([artefact.int32('image'), artefact.int32('label')])
  return [...images].map((image, i) => [project.ids.indexOf(image), labels[i] as number])
}

describe('pseudo-labels from pairs, as a step', () => {
  test('identical files prove nothing and stand for each other; classes are numbered and named from the surest', async () => {
    const pairs = await bench.pairs([[id(1), id(2), 0.99], [id(0), id(1), 0.9], [id(2), id(3), 0.8], [id(4), id(5), 0.7]])
    const labels = await make({ pairs })
    expect(await rows(labels)).toEqual([[0, 6000], [1, 6000], [2, 6000], [3, 6000], [4, 6001], [5, 6001]])
    expect(labels.facts).toMatchObject({ classes: 2, usedPairs: 3, nearDuplicates: 1, largestClass: 4, names: [[6000, 'pseudo-0001'], [6001, 'pseudo-0002']] })
    expect([...(await labels.float32('score'))].map((score) => Math.round(score * 10) / 10)).toEqual([0.9, 0.9, 0.8, 0.8, 0.7, 0.7])
  })

  test('near-duplicates that a step found, the best N and a least score', async () => {
    const pairs = await bench.pairs([[id(0), id(1), 0.9], [id(3), id(4), 0.8], [id(4), id(5), 0.7]])
    const duplicates = await bench.pairs([[id(0), id(1), 1]])
    expect(await rows(await make({ pairs, duplicates }, { best: 1, firstLabel: 10 }))).toEqual([[3, 10], [4, 10]])
    expect(await rows(await make({ pairs }, { minScore: 0.75, prefix: 'new ' }))).toEqual([[0, 6000], [1, 6000], [3, 6001], [4, 6001]])
  })

  test('the published list: a class a pair, near-duplicates left in', async () => {
    const pairs = await bench.pairs([[id(1), id(2), 0.99], [id(2), id(3), 0.8]])
    expect(await rows(await make({ pairs }, { merge: false }))).toEqual([[1, 6000], [2, 6000], [2, 6001], [3, 6001]])
    await expect(make({ pairs, duplicates: pairs }, { merge: false })).rejects.toThrow('leaves near-duplicates in')
  })

  test('a test image is refused by name, and roles and duplicates are part of the key', async () => {
    await expect(make({ pairs: await bench.pairs([[id(0), id(6), 0.9]]) })).rejects.toThrow(`has the role test (image ${id(6)})`)
    const params = definition.params.parse({})
    const before = await fingerprint(job, params)
    expect(await fingerprint(job, params)).toBe(before)
    project.components = { imageIds: Int32Array.of(id(3), id(4)), groups: Int32Array.of(1, 1) }
    expect(await fingerprint(job, params)).not.toBe(before)
  })
})
