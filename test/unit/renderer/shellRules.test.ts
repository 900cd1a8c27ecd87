import { describe, expect, test } from 'vitest'
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate, formatScore, formatWhen } from '../../../renderer/components/format.ts'
import { keyCaps, type KeyPress, matchesKeys } from '../../../renderer/app/keys.ts'
import { emptyForm, estimateWords, labelsAreLikely, projectFolderIn, projectNameFor, rootsOf } from '../../../renderer/features/start/intakeForm.ts'
import { sortJobs } from '../../../renderer/features/jobs/jobWords.ts'
import { parseTriple, presetOf, questionFor } from '../../../renderer/features/models/cardFields.ts'
import type { Job } from '../../../core/contract/jobs.ts'
import type { ModelCard } from '../../../core/contract/models.ts'

const press = (code: string, key: string, held: Partial<KeyPress> = {}): KeyPress => ({ code, key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })

describe('keys', () => {
  test('letters are bound to their place, on any layout', () => {
    expect(matchesKeys('P', press('KeyP', 'з'))).toBe(true)
    expect(matchesKeys('P', press('KeyP', 'P', { shiftKey: true }))).toBe(false)
    expect(matchesKeys('Shift+X', press('KeyX', 'X', { shiftKey: true }))).toBe(true)
    expect(matchesKeys('Mod+Z', press('KeyZ', 'z', { ctrlKey: true }))).toBe(true)
    expect(matchesKeys('Z', press('KeyZ', 'z', { ctrlKey: true }))).toBe(false)
  })
  test('signs are bound to what they give, and to their place where the layout has none', () => {
    expect(matchesKeys('/', press('Digit7', '/', { shiftKey: true }))).toBe(true)
    expect(matchesKeys('?', press('Slash', '?', { shiftKey: true }))).toBe(true)
    expect(matchesKeys('/', press('Slash', '?', { shiftKey: true }))).toBe(false)
    expect(matchesKeys('[', press('BracketLeft', 'х'))).toBe(true)
    expect(matchesKeys('+', press('Equal', '='))).toBe(true)
    expect(matchesKeys('+', press('NumpadAdd', '+'))).toBe(true)
  })
  test('digits work on both pads', () => {
    expect(matchesKeys('3', press('Digit3', '3'))).toBe(true)
    expect(matchesKeys('3', press('Numpad3', '3'))).toBe(true)
    expect(matchesKeys('3', press('Numpad3', 'PageDown'))).toBe(false)
    expect(matchesKeys('3', press('Digit3', '3', { ctrlKey: true }))).toBe(false)
  })
  test('caps name every part', () => {
    expect(keyCaps('Shift+Left')).toEqual(['Shift', '←'])
    expect(keyCaps('+')).toEqual(['+'])
    expect(keyCaps('Mod+Enter').at(-1)).toBe('Enter')
  })
})

describe('words', () => {
  test('numbers carry separators and units', () => {
    expect(formatCount(1, 'image')).toBe('1 image')
    expect(formatCount(1284, 'image')).toBe('1,284 images')
    expect(formatBytes(31_000_000)).toBe('31 MB')
    expect(formatBytes(999_900)).toBe('1 MB')
    expect(formatBytes(0)).toBe('0 B')
    expect(formatDuration(8000)).toBe('2 h 13 min')
    expect(formatDuration(59.6)).toBe('1 min')
    expect(formatRate(214.4)).toBe('214/s')
    expect(formatRate(0.2)).toBe('12/min')
    expect(formatPercent(0.966)).toBe('97 %')
  })
  test('only what is the same is called 1.000', () => {
    expect(formatScore(0.99999)).toBe('0.999')
    expect(formatScore(1)).toBe('1.000')
  })
  test('times are near or dated', () => {
    const now = Date.UTC(2026, 10, 20, 12)
    expect(formatWhen(now - 10_000, now)).toBe('just now')
    expect(formatWhen(now - 300_000, now)).toBe('5 min ago')
    expect(formatWhen(now - 86_400_000 * 3, now)).toBe('17 Nov 2026')
  })
})

describe('a folder on its way in', () => {
  test('gives the project its name', () => {
    expect(projectNameFor('/home/anna/monkeys/')).toBe('monkeys')
    expect(projectNameFor('C:\\data\\set: 1')).toBe('set  1')
    expect(projectNameFor('/')).toBe('images')
  })
  test('a picked folder is where the project goes', () => {
    expect(projectFolderIn('/home/anna/work/', 'monkeys')).toBe('/home/anna/work/monkeys.winnow')
    expect(projectFolderIn('C:\\data', 'set: 1')).toBe('C:\\data\\set  1.winnow')
  })
  const preview = { path: '/x', images: 100, bytes: 1, formats: [], classes: [{ name: 'a', count: 40 }, { name: 'b', count: 20 }], unreadable: 0, partial: false, layout: null, estimate: null }
  test('is labelled by its folders only where most images lie in them', () => {
    expect(labelsAreLikely(preview)).toBe(true)
    expect(labelsAreLikely({ ...preview, images: 1000 })).toBe(false)
    expect(labelsAreLikely({ ...preview, classes: [{ name: 'a', count: 100 }] })).toBe(false)
  })
  test('that is a published set comes in as its folders with their roles, unless that is switched off', () => {
    const layout = { kind: 'isc' as const, title: 'ISC', files: [], sets: [{ folder: 'query_images', title: 'queries', role: 'query' as const }, { folder: '', title: 'all', role: 'reference' as const }] }
    const form = { ...emptyForm('/data/isc/'), include: ['*.jpg'] }
    expect(rootsOf(form, layout).map(({ path, role, labelsFromFolders, include }) => [path, role, labelsFromFolders, include])).toEqual([['/data/isc/query_images', 'query', false, ['*.jpg']], ['/data/isc/', 'reference', false, ['*.jpg']]])
    expect(rootsOf({ ...form, asDataset: false }, layout).map(({ path, role }) => [path, role])).toEqual([['/data/isc/', 'train']])
    expect(rootsOf(emptyForm('C:\\isc'), layout)[0]?.path).toBe('C:\\isc\\query_images')
  })
  test('takes a time that is said roughly', () => expect([5, 74, 130, 4000].map(estimateWords)).toEqual(['a few seconds', 'about a minute', 'about 2 min', 'about 1 h 7 min']))
})

test('jobs that run come first, then those that need a hand', () => {
  const job = (id: number, state: Job['state']): Job => ({ id, kind: 'scan', title: 't', state, createdAt: 0, startedAt: null, finishedAt: null, progress: null, result: null, data: null, error: null, failures: 0, notes: [] })
  const sorted = sortJobs([job(1, 'done'), job(2, 'failed'), job(3, 'running'), job(4, 'queued'), job(5, 'done'), job(6, 'interrupted')])
  expect(sorted.map(({ group, jobs }) => [group, jobs.map((one) => one.id)])).toEqual([['running', [3]], ['attention', [6, 2]], ['queued', [4]], ['done', [5, 1]]])
})

describe('a model card', () => {
  test('takes one number for three', () => {
    expect(parseTriple('0.5')).toEqual([0.5, 0.5, 0.5])
    expect(parseTriple('0.485, 0.456; 0.406')).toEqual([0.485, 0.456, 0.406])
    expect(parseTriple('1, 2')).toBeNull()
    expect(parseTriple('x')).toBeNull()
  })
  test('is recognised by its numbers, never by its name', () => {
    expect(presetOf({ scale: 1, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as ModelCard)).toBe('−1 to 1')
    expect(presetOf({ scale: 2, mean: [0, 0, 0], std: [1, 1, 1] } as ModelCard)).toBeNull()
  })
  test('has its questions beside their fields', () => {
    const questions = [{ field: 'resize.mode', question: 'Crop or squash?' }]
    expect(questionFor(questions, 'resize')).toBe('Crop or squash?')
    expect(questionFor(questions, 'mean')).toBeNull()
  })
})
