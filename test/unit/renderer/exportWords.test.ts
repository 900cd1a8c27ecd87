import { describe, expect, test } from 'vitest'
import type { ExportPlan, VerifyReport } from '../../../core/contract/exports.ts'
import { nextTarget, suggestTarget } from '../../../renderer/features/export/exportStore.ts'
import { blockedBy, exportButtonWords, verifyWords } from '../../../renderer/features/export/exportWords.ts'

const plan: ExportPlan = {
  images: 10, bytes: 1000, freeBytes: 5000, excluded: [], classes: [], renamed: 0, renamedExamples: [], conflicts: [], warnings: [], tree: [], firstRows: [], command: ''
}
const report: VerifyReport = { target: '/x', ok: true, checked: 1204, bytes: 1, changed: [], missing: [], extra: [], counts: { changed: 0, missing: 0, extra: 0 }, message: '' }

test('a folder is suggested beside the project, and another one when it is taken', () => {
  expect(suggestTarget('/home/me/birds.winnow/')).toBe('/home/me/birds-export')
  expect(nextTarget('/home/me/birds-export/')).toBe('/home/me/birds-export-2')
  expect(nextTarget('C:\\data\\birds-export-9')).toBe('C:\\data\\birds-export-10')
})

describe('what stands in the way of an export', () => {
  test('is said, one thing at a time', () => {
    expect(blockedBy(' ', plan, 'copy')).toMatch(/Choose the folder/)
    expect(blockedBy('/x', undefined, 'copy')).toMatch(/Working out/)
    expect(blockedBy('/x', { ...plan, conflicts: [{ message: 'The folder is not empty.', count: 1 }] }, 'copy')).toBe('The folder is not empty.')
    expect(blockedBy('/x', { ...plan, images: 0 }, 'copy')).toMatch(/Nothing would be exported/)
    expect(blockedBy('/x', { ...plan, freeBytes: 10 }, 'copy')).toMatch(/not enough free space/)
    expect(blockedBy('/x', { ...plan, freeBytes: 10 }, 'hardlink')).toBeNull()
    expect(blockedBy('/x', plan, 'copy')).toBeNull()
  })

  test('counts are spelled out', () => {
    expect(exportButtonWords(1204)).toBe('Export 1,204 images')
    expect(verifyWords(report)).toBe('All 1,204 files are as they were written.')
    expect(verifyWords({ ...report, ok: false, counts: { changed: 2, missing: 1, extra: 0 } })).toBe('1,204 files checked: 2 changed, 1 missing.')
  })
})
