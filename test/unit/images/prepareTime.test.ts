import { describe, expect, test } from 'vitest'
import { prepareSeconds } from '../../../core/images/prepareTime.ts'

const work = { images: 10_000, bytes: 2e9, modelMilliseconds: 30, onCpu: true, workers: 2 }

describe('how long preparing takes', () => {
  test('counts reading, not only the model', () => {
    expect(prepareSeconds(work)).toBeGreaterThan((10_000 * 30) / 1000 / 2 + 60)
    expect(prepareSeconds({ ...work, modelMilliseconds: 0 })).toBeGreaterThan(60)
  })
  test('more of anything takes longer, more workers shorter, nothing takes no time', () => {
    expect(prepareSeconds({ ...work, bytes: 4e9 })).toBeGreaterThan(prepareSeconds(work))
    expect(prepareSeconds({ ...work, workers: 8 })).toBeLessThan(prepareSeconds(work))
    expect(prepareSeconds({ ...work, images: 0, bytes: 0 })).toBe(0)
  })
  test('a GPU works while the cores decode', () => {
    const gpu = { ...work, onCpu: false, modelMilliseconds: 1 }
    expect(prepareSeconds(gpu)).toBeLessThan(prepareSeconds({ ...gpu, onCpu: true }))
  })
})
