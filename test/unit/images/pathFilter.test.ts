import { describe, expect, test } from 'vitest'
import { Budget } from '../../../core/images/budget.ts'
import { isInside } from '../../../core/images/listFolder.ts'
import { pathFilter } from '../../../core/images/pathFilter.ts'

describe('include and exclude patterns', () => {
  test('without patterns everything but hidden names, system folders and Winnow\'s own projects', () => {
    const filter = pathFilter({ include: [], exclude: [] })
    expect(filter.takesFile('a/b c.jpg')).toBe(true)
    expect(filter.takesFile('a/.hidden.jpg')).toBe(false)
    expect(filter.entersFolder('a/b')).toBe(true)
    expect(['a/.git', '__MACOSX', 'old/birds.winnow'].some((folder) => filter.entersFolder(folder))).toBe(false)
  })
  test('a pattern without a slash is matched against the name at any depth, one with a slash against the path', () => {
    const filter = pathFilter({ include: ['*.png', 'cats/**'], exclude: ['*_mask.png', 'raw', 'dogs/old/**'] })
    expect(filter.takesFile('deep/down/a.png')).toBe(true)
    expect(filter.takesFile('cats/a.jpg')).toBe(true)
    expect(filter.takesFile('dogs/a.jpg')).toBe(false)
    expect(filter.takesFile('deep/a_mask.png')).toBe(false)
    expect(filter.entersFolder('deep/raw')).toBe(false)
    expect(filter.entersFolder('dogs/old')).toBe(false)
    expect(filter.entersFolder('dogs')).toBe(true)
  })
  test('names with brackets and spaces are only names', () => {
    expect(pathFilter({ include: [], exclude: ['b'] }).takesFile('a [1] (copy) {x}.jpg')).toBe(true)
  })
})

test('inside means below, not merely beginning with the same letters', () => {
  const inside = (path: string, folder: string): boolean => isInside(Buffer.from(path), Buffer.from(folder))
  expect(inside('/data/cats/a.jpg', '/data/cats')).toBe(true)
  expect(inside('/data/cats', '/data/cats/')).toBe(true)
  expect(inside('/data/catsanddogs/a.jpg', '/data/cats')).toBe(false)
  expect(inside('/data', '/data/cats')).toBe(false)
  expect(inside('/anything', '/')).toBe(true)
})

test('a budget is never overdrawn, and what is larger than all of it runs alone', async () => {
  const budget = new Budget(10)
  let used = 0
  let most = 0
  await Promise.all([3, 3, 3, 25, 9, 1, 10, 4].map(async (amount) => {
    const giveBack = await budget.take(amount)
    used += Math.min(10, amount)
    most = Math.max(most, used)
    await new Promise((resolve) => setImmediate(resolve))
    used -= Math.min(10, amount)
    giveBack()
    giveBack()
  }))
  expect(most).toBeLessThanOrEqual(10)
  expect(used).toBe(0)
})
