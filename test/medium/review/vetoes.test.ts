import { afterEach, expect, test } from 'vitest'
import { act as actSchema, type Act } from '../../../core/contract/decisions.ts'
import { DecisionService } from '../../../core/review/decisionService.ts'
import { LabelledProject } from '../pseudo/labelledProject.ts'

let made: LabelledProject | null = null
afterEach(async () => {
  await made?.close()
  made = null
})

/** Images 1..6; 5 and 6 are the same bytes. */
async function create() {
  const project = (made = await LabelledProject.create(Array.from({ length: 6 }, (_, i) => ({ path: `folder/${i + 1}.jpg`, vector: [1, i], content: `content ${Math.min(i, 4)}` }))))
  const decisions = new DecisionService({ engine: project.engine, project: project.project })
  return { decisions, vetoes: project.project.read.vetoes, apply: (act: unknown) => decisions.apply(actSchema.parse(act) as Act) }
}

test('a veto list is made by its first entry, counts while it is applied, and every step can be undone', async () => {
  const { apply, decisions, vetoes } = await create()
  await apply({ kind: 'veto', list: 'faces', reason: 'people', images: [2], pairs: [[3, 1]] })
  const [list] = await vetoes.lists()
  expect(list).toMatchObject({ name: 'faces', reason: 'people', applied: true, images: 1, pairs: 1 })
  const applied = await vetoes.applied()
  expect([[...applied.images], [...applied.pairs.a], [...applied.pairs.b]]).toEqual([[2], [1], [3]])
  await apply({ kind: 'veto-list', listId: list?.listId ?? 0, applied: false })
  expect((await vetoes.applied()).images.length).toBe(0)
  await decisions.undo()
  expect([...(await vetoes.applied()).images]).toEqual([2])
  await apply({ kind: 'veto-list', listId: list?.listId ?? 0, removed: true })
  expect([await vetoes.lists(), (await vetoes.applied()).images.length]).toEqual([[], 0])
  await decisions.undo()
  await decisions.undo()
  expect([await vetoes.lists(), (await vetoes.applied()).images.length]).toEqual([[], 0])
  await decisions.redo()
  expect([...(await vetoes.applied()).images]).toEqual([2])
})

test('a veto is of the content: every copy of the file is meant', async () => {
  const { apply, vetoes } = await create()
  await apply({ kind: 'veto', list: 'copies', images: [5], pairs: [[6, 1]] })
  const { images, pairs } = await vetoes.applied()
  expect([...images]).toEqual([5, 6])
  expect([...pairs.b].toSorted()).toEqual([5, 6])
  expect(await vetoes.ofPair(1, 6)).toEqual([{ list: 'copies', reason: '', applied: true }, { list: 'copies', reason: '', applied: true }])
})

test('taking off removes from that list only; what cannot be is refused with a sentence', async () => {
  const { apply, vetoes } = await create()
  await apply({ kind: 'veto', list: 'one', images: [1, 2] })
  await apply({ kind: 'veto', list: 'ONE', images: [1], on: false })
  expect([...(await vetoes.applied()).images]).toEqual([2])
  await expect(apply({ kind: 'veto', list: 'two', images: [1], on: false })).rejects.toThrow(/no veto list "two"/)
  await expect(apply({ kind: 'veto', list: 'two' })).rejects.toThrow(/which images or pairs/)
  await expect(apply({ kind: 'veto', list: 'two', pairs: [[5, 6]] })).rejects.toThrow(/same file, byte for byte/)
  await expect(apply({ kind: 'veto', list: 'two', images: [99] })).rejects.toThrow(/no image 99/)
  expect((await vetoes.lists()).map(({ name }) => name)).toEqual(['one'])
})

test('a match is remembered by content, equal files included, and is no veto for near-duplicates', async () => {
  const { apply, decisions, vetoes } = await create()
  expect((await apply({ kind: 'relation', images: [1, 2], value: 'same' })).summary).toBe('Marked 1 pair as a match.')
  await apply({ kind: 'relation', images: [5, 6], value: 'same' })
  expect(await vetoes.relations([2, 6, 3], [1, 5, 1])).toEqual([{ a: 2, b: 1, value: 'same' }, { a: 6, b: 5, value: 'same' }])
  expect(await made?.project.read.duplicates.relations()).toEqual([])
  await decisions.undo()
  expect(await vetoes.relations([6], [5])).toEqual([])
})
