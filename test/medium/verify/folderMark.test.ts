import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { folderMark } from '../../../core/verify/folderMark.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-mark-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a folder has another mark when a file comes, goes or is written again in its place', async () => {
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('a.delf'), 'one')
  writeFileSync(at('b.delf'), 'two')
  const first = await folderMark(folder)
  expect(await folderMark(folder)).toBe(first)
  writeFileSync(at('a.delf'), 'One')
  utimesSync(at('a.delf'), 1, 2)
  const second = await folderMark(folder)
  expect(second).not.toBe(first)
  writeFileSync(at('c.delf'), '')
  expect(await folderMark(folder)).not.toBe(second)
  rmSync(at('c.delf'))
  expect(await folderMark(folder)).toBe(second)
  await expect(folderMark(at('nowhere'))).rejects.toThrow(/nowhere/)
})
