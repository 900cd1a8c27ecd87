import { userInfo } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { act as actSchema, type Act } from '../../../core/contract/decisions.ts'
import type { Change } from '../../../core/contract/contract.ts'
import type { Engine } from '../../../core/engine.ts'
import { applyFolderLabels } from '../../../core/importers/folderLabels.ts'
import type { GroupColumns } from '../../../core/dedupe/groupColumns.ts'
import { DecisionService } from '../../../core/review/decisionService.ts'
import { LabelledProject } from '../pseudo/labelledProject.ts'

let made: LabelledProject | null = null
afterEach(async () => {
  await made?.close()
  made = null
})

const settings = { descriptorId: 1, threshold: 0.9, radius: 4, rules: [] }

/** Ten images 1..10; 9 and 10 are the same bytes. Groups 1 {1,2,3} and 4 {4,5}. */
async function create(): Promise<{ project: LabelledProject; decisions: DecisionService; changes: Change[]; apply: (act: Act) => ReturnType<DecisionService['apply']>; verdicts: () => Record<number, string> }> {
  const project = (made = await LabelledProject.create(
    Array.from({ length: 10 }, (_, i) => ({ path: `folder/${i + 1}.jpg`, vector: [1, i], content: i === 9 ? 'content 8' : `content ${i}`, ...(i < 2 ? { label: i === 0 ? 'ant' : 'bee' } : {}) }))
  ))
  const first: GroupColumns = { keepers: Int32Array.of(1), reasons: ['larger'], starts: Int32Array.of(0, 2), members: Int32Array.of(2, 3), kinds: Uint8Array.of(0, 3), similarities: Float32Array.of(NaN, 0.9731), distances: Float32Array.of(NaN, NaN) }
  const second: GroupColumns = { keepers: Int32Array.of(4), reasons: ['sharper'], starts: Int32Array.of(0, 1), members: Int32Array.of(5), kinds: Uint8Array.of(2), similarities: Float32Array.of(NaN), distances: Float32Array.of(3) }
  const both: GroupColumns = {
    keepers: Int32Array.of(1, 4), reasons: ['larger', 'sharper'], starts: Int32Array.of(0, 2, 3), members: Int32Array.of(2, 3, 5), kinds: Uint8Array.of(0, 3, 2), similarities: Float32Array.of(NaN, 0.9731, NaN), distances: Float32Array.of(NaN, NaN, 3)
  }
  const resolveGroups = async (_settings: unknown, wanted: number[] | 'all') => await Promise.resolve(wanted === 'all' || (wanted.includes(1) && wanted.includes(4)) ? both : wanted.includes(1) ? first : second)
  const engine = project.engine
  const current = { ...engine.current, duplicates: { resolveGroups } }
  const changes: Change[] = []
  project.project.onChange((change) => void changes.push(change))
  const decisions = new DecisionService({ engine: { ...engine, current } as unknown as Engine, project: project.project })
  return {
    project, decisions, changes,
    apply: (act) => decisions.apply(actSchema.parse(act)),
    verdicts: () => Object.fromEntries(project.sql<{ id: number; said: string }>("SELECT image_id AS id, value || ': ' || reason AS said FROM verdict ORDER BY image_id").map(({ id, said }) => [id, said]))
  }
}

describe('groups', () => {
  test('accepting keeps the keeper and drops the others, each with its reason, as one step', async () => {
    const { apply, decisions, verdicts, project, changes } = await create()
    const result = await apply({ kind: 'accept-groups', settings, groups: [1, 4] })
    expect(result).toMatchObject({ summary: 'Dropped 3 images as duplicates of 2.', count: 5, changed: [1, 2, 3, 4, 5] })
    expect(verdicts()).toEqual({
      1: 'keep: keeper of its group: larger',
      2: 'drop: exact copy of folder/1.jpg',
      3: 'drop: near-duplicate 0.973 of folder/1.jpg',
      4: 'keep: keeper of its group: sharper',
      5: 'drop: near-duplicate (hash distance 3) of folder/4.jpg'
    })
    expect(project.sql('SELECT keeper_id, similarity FROM verdict WHERE image_id = 3')).toEqual([{ keeper_id: 1, similarity: expect.closeTo(0.9731, 5) as number }])
    expect(changes).toContainEqual({ topic: 'decisions' })
    expect(await decisions.undo()).toMatchObject({ summary: 'Undid: Dropped 3 images as duplicates of 2.', changed: [1, 2, 3, 4, 5] })
    expect(verdicts()).toEqual({})
    await decisions.redo()
    expect(Object.keys(verdicts())).toHaveLength(5)
  })

  test('accepting all leaves what a person kept, and a group whose keeper was dropped', async () => {
    const { apply, verdicts } = await create()
    await apply({ kind: 'verdict', selection: { ids: [2] }, value: 'keep' })
    await apply({ kind: 'verdict', selection: { ids: [4] }, value: 'drop', reason: 'ugly' })
    const { summary } = await apply({ kind: 'accept-groups', settings, groups: 'all' })
    expect(summary).toBe('Dropped 1 image as a duplicate of 1; 1 image that a person kept stays; 1 group left open, because the keeper had been dropped.')
    expect(verdicts()).toEqual({ 1: 'keep: keeper of its group: larger', 2: 'keep: by hand', 3: 'drop: near-duplicate 0.973 of folder/1.jpg', 4: 'drop: ugly' })
  })

  test('keeping, dropping and clearing take whole groups; a group that is not there is refused', async () => {
    const { apply, verdicts } = await create()
    expect((await apply({ kind: 'keep-groups', settings, groups: [1] })).summary).toBe('Kept all 3 images of 1 group.')
    expect((await apply({ kind: 'drop-groups', settings, groups: [4] })).summary).toBe('Dropped all 2 images of 1 group.')
    expect(Object.values(verdicts())).toEqual([...Array.from({ length: 3 }, () => 'keep: kept with its whole group'), ...Array.from({ length: 2 }, () => 'drop: dropped with its whole group')])
    expect((await apply({ kind: 'clear-groups', settings, groups: [1, 4] })).summary).toBe('Cleared the verdict of 5 images in 2 groups.')
    expect(verdicts()).toEqual({})
    await expect(apply({ kind: 'keep-groups', settings, groups: [1, 77] })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('Group 77') as string })
    expect(await apply({ kind: 'clear-groups', settings, groups: [1] })).toMatchObject({ actId: null, count: 0 })
  })

  test('breaking a group sets its members apart from the rest by content; a pin replaces the pin before', async () => {
    const { apply, project } = await create()
    expect((await apply({ kind: 'break-group', settings, group: 1, images: [3] })).summary).toBe('Took 1 image out of a group of 3.')
    expect(project.sql("SELECT value FROM relation WHERE hash_a <= hash_b")).toEqual([{ value: 'different' }, { value: 'different' }])
    await expect(apply({ kind: 'break-group', settings, group: 1, images: [1, 2, 3] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(apply({ kind: 'break-group', settings, group: 1, images: [9] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await apply({ kind: 'pin-keeper', imageId: 2, pinned: true, settings, group: 1 })
    expect((await apply({ kind: 'pin-keeper', imageId: 3, pinned: true, settings, group: 1 })).summary).toBe('Made 3.jpg the keeper.')
    expect(project.sql('SELECT image_id FROM pin')).toEqual([{ image_id: 3 }])
  })

  test('relations join every listed image, or each with one; equal bytes cannot be told apart', async () => {
    const { apply, project } = await create()
    expect(await apply({ kind: 'relation', images: [1, 2, 3], value: 'variant' })).toMatchObject({ count: 3, summary: 'Marked 3 pairs as variants.' })
    expect(await apply({ kind: 'relation', images: [4, 5, 6], against: 6, value: 'different' })).toMatchObject({ count: 2 })
    expect(await apply({ kind: 'relation', images: [1, 2], value: null })).toMatchObject({ count: 1, summary: 'Forgot what was said about 1 pair.' })
    expect(project.sql('SELECT COUNT(*) AS n FROM relation')).toEqual([{ n: 4 }])
    await expect(apply({ kind: 'relation', images: [9, 10], value: 'different' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('byte for byte') as string })
  })
})

describe('labels', () => {
  test('the first candidate of a prediction is recorded as such; anything else is the person’s own', async () => {
    const { apply, project } = await create()
    await project.predict()
    const [first] = project.sql<{ run: number; image: number; class: number; score: number }>('SELECT run_id AS run, image_id AS image, class_id AS class, score FROM prediction WHERE rank = 0 AND image_id = 5')
    await apply({ kind: 'label', selection: { ids: [5] }, state: 'class', classId: first!.class, runId: first!.run })
    await apply({ kind: 'label', selection: { ids: [6] }, state: 'class', classId: 3 - first!.class, runId: first!.run })
    await apply({ kind: 'label', selection: { ids: [7] }, state: 'none', runId: first!.run })
    await apply({ kind: 'label', selection: { ids: [8] }, state: 'class', classId: 1 })
    expect(project.sql('SELECT image_id, state, class_id, source, run_id, score FROM label ORDER BY image_id')).toEqual([
      { image_id: 5, state: 'class', class_id: first!.class, source: 'prediction', run_id: first!.run, score: first!.score },
      { image_id: 6, state: 'class', class_id: 3 - first!.class, source: 'human', run_id: first!.run, score: null },
      { image_id: 7, state: 'none', class_id: null, source: 'human', run_id: first!.run, score: null },
      { image_id: 8, state: 'class', class_id: 1, source: 'human', run_id: null, score: null }
    ])
  })

  test('a view of predictions is accepted in one step above a score, sparing what a person has said', async () => {
    const { apply, decisions, project } = await create()
    await project.predict()
    const runId = (await project.project.read.predictions.liveRun())!
    await apply({ kind: 'label', selection: { ids: [10] }, state: 'none' })
    const viewId = project.views.add(Int32Array.of(10, 9, 8, 7, 6, 5, 4, 3))
    const { summary, count } = await apply({ kind: 'accept-predictions', runId, selection: { viewId }, minScore: 0.5 })
    expect(summary).toBe('Accepted 7 predicted labels with a score of 0.50 or more; 1 image that a person had labelled was left as it was.')
    expect(count).toBe(7)
    expect(await apply({ kind: 'accept-predictions', runId, selection: { ids: [9] }, minScore: 1.1 })).toMatchObject({
      actId: null, summary: 'Nothing changed: none of these images has an open prediction with a score of 1.10 or more.'
    })
    await decisions.undo()
    expect(project.sql('SELECT image_id, state FROM label')).toEqual([{ image_id: 10, state: 'none' }])
    await expect(apply({ kind: 'accept-predictions', runId: 99, selection: { ids: [3] } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('unknown images and classes are refused with a sentence, and nothing is written', async () => {
    const { apply, decisions } = await create()
    await expect(apply({ kind: 'verdict', selection: { ids: [1, 999] }, value: 'drop' })).rejects.toMatchObject({ name: 'WinnowError', code: 'NOT_FOUND', message: expect.stringContaining('image 999') as string })
    await expect(apply({ kind: 'label', selection: { ids: [1] }, state: 'class', classId: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(apply({ kind: 'label', selection: { ids: [1] }, state: 'class' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(apply({ kind: 'verdict', selection: { viewId: 'gone' }, value: 'drop' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await decisions.log({ limit: 10 })).toEqual([])
    expect(await decisions.undo()).toMatchObject({ actId: null, summary: 'There is nothing to undo.' })
  })
})

describe('classes', () => {
  test('names are trimmed, unique whatever their case, and free of control characters', async () => {
    const { apply } = await create()
    const added = await apply({ kind: 'class-add', name: '  Eel ' })
    expect(added).toMatchObject({ summary: 'Added the class Eel.', count: 1, classId: 3 })
    await expect(apply({ kind: 'class-add', name: 'eeL' })).rejects.toMatchObject({ code: 'CONFLICT', data: { classId: 3 } })
    await expect(apply({ kind: 'class-rename', classId: 1, name: 'EEL' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(apply({ kind: 'class-add', name: 'a\u0007b' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect((await apply({ kind: 'class-rename', classId: 3, name: 'EEL' })).summary).toBe('Renamed the class Eel to EEL.')
    await expect(apply({ kind: 'class-merge', classId: 3, into: 3 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('merging hides a class, counts its images with the other, and is undone at once', async () => {
    const { apply, decisions, project } = await create()
    const names = async (): Promise<unknown> => (await project.project.read.labels.classes()).map(({ name, given, exemplars }) => [name, given, exemplars])
    await apply({ kind: 'class-merge', classId: 1, into: 2 })
    expect(await names()).toEqual([['bee', 2, [2, 1]]])
    await apply({ kind: 'label', selection: { ids: [3] }, state: 'class', classId: 1 })
    expect(project.sql('SELECT class_id FROM label')).toEqual([{ class_id: 2 }])
    await decisions.undo()
    await decisions.undo()
    expect(await names()).toEqual([['ant', 1, [1]], ['bee', 1, [2]]])
  })

  test.each(['given', 'effective'] as const)('recipes read a merged class by number and name as the one it went into: %s', async (source) => {
    const { apply, project } = await create()
    await apply({ kind: 'class-merge', classId: 2, into: 1 })
    expect(await project.project.read.recipeInputs.labels(source, null)).toMatchObject({ labels: Int32Array.of(1, 1), names: [[1, 'ant']] })
  })

  test('a chain of merges ends at one live class, and comes apart again step by step', async () => {
    const { apply, decisions, project } = await create()
    await apply({ kind: 'class-add', name: 'cat' })
    await apply({ kind: 'class-merge', classId: 1, into: 2 })
    await apply({ kind: 'class-merge', classId: 2, into: 3 })
    expect(project.sql('SELECT id, merged_into FROM class')).toEqual([{ id: 1, merged_into: 3 }, { id: 2, merged_into: 3 }, { id: 3, merged_into: null }])
    await decisions.undo()
    expect(project.sql('SELECT id, merged_into FROM class')).toEqual([{ id: 1, merged_into: 2 }, { id: 2, merged_into: null }, { id: 3, merged_into: null }])
  })

  test('an import is no act: a class that it uses stays when its making is undone, and a name that it took is not taken back', async () => {
    const { apply, decisions, project } = await create()
    await apply({ kind: 'class-add', name: 'folder' })
    project.sql('UPDATE root SET labels_from_folders = 1')
    project.sql('DELETE FROM given_label')
    await applyFolderLabels(project.project, 1)
    expect((await decisions.undo()).summary).toBe('Undid: Added the class folder; the class folder stays, because labels or predictions use it.')
    expect((await project.project.read.labels.classes()).map(({ name, given }) => [name, given])).toEqual([['ant', 0], ['bee', 0], ['folder', 10]])

    await apply({ kind: 'class-add', name: 'cat' })
    await decisions.undo()
    project.sql("INSERT INTO class (name, created_at) VALUES ('Cat', 0)")
    expect((await decisions.redo()).summary).toBe('Did again: Added the class cat; another class is called Cat now.')
    expect((await project.project.read.labels.classes()).map(({ name }) => name)).toEqual(['ant', 'bee', 'Cat', 'folder'])
  })
})

describe('the log', () => {
  test('tells who did what, newest first, and what stands', async () => {
    const { apply, decisions, project } = await create()
    await apply({ kind: 'verdict', selection: { ids: [1, 2] }, value: 'drop' })
    await apply({ kind: 'identity', selection: { ids: [1] }, identity: ' cat 7 ' })
    await decisions.undo()
    const log = await decisions.log({ limit: 10 })
    expect(log.map(({ kind, summary, count, turns, stands }) => ({ kind, summary, count, turns, stands }))).toEqual([
      { kind: 'undo', summary: 'Undid: Gave 1 image the identity cat 7', count: 1, turns: 2, stands: true },
      { kind: 'identity', summary: 'Gave 1 image the identity cat 7', count: 1, turns: null, stands: false },
      { kind: 'verdict', summary: 'Dropped 2 images', count: 2, turns: null, stands: true }
    ])
    expect(log[0]!.who).toBe(userInfo().username)
    expect(await decisions.log({ before: 2, limit: 10 })).toHaveLength(1)
    expect((await project.project.read.decisions.history(1, 10)).map(({ id }) => id)).toEqual([2, 1])
    expect((await project.project.read.decisions.history(3, 10))).toEqual([])
  })

  test('a bulk act is found in the history of each of its images', async () => {
    const project = (made = await LabelledProject.create(Array.from({ length: 1500 }, (_, i) => ({ path: `${i}.jpg`, vector: [1, i] }))))
    const decisions = new DecisionService({ engine: project.engine, project: project.project })
    const viewId = project.views.add(Int32Array.from(project.ids))
    const result = await decisions.apply({ kind: 'fold', selection: { viewId }, fold: 3 })
    expect(result).toMatchObject({ count: 1500, summary: 'Put 1,500 images into fold 3.' })
    expect(result.changed).toHaveLength(1000)
    expect((await project.project.read.decisions.history(project.ids[1499]!, 5)).map(({ summary }) => summary)).toEqual(['Put 1,500 images into fold 3'])
    expect(project.sql('SELECT COUNT(*) AS n FROM act_image')).toEqual([{ n: 0 }])
  })

  test('statistics count the images decided, the pace and how often the machine was right', async () => {
    const { apply, decisions } = await create()
    expect(await decisions.stats()).toEqual({ decided: 0, perMinute: 0, acceptedShare: null, last: [] })
    await apply({ kind: 'accept-groups', settings, groups: [1] })
    await apply({ kind: 'keep-groups', settings, groups: [4] })
    await apply({ kind: 'label', selection: { ids: [1, 9] }, state: 'none' })
    await apply({ kind: 'accept-groups', settings, groups: [4] })
    await decisions.undo()
    const stats = await decisions.stats()
    expect(stats).toMatchObject({ decided: 6, acceptedShare: 0.5 })
    expect(stats.perMinute).toBeGreaterThan(0)
    expect(stats.last.map(({ stands }) => stands)).toEqual([false, true, true, true])
  })
})
