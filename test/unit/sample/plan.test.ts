import { describe, expect, test } from 'vitest'
import { planSample } from '../../../core/sample/plan.ts'
import { sceneClasses } from '../../../core/sample/truth.ts'

describe('the plan of a sample', () => {
  const { items, truth } = planSample({ count: 600, seed: 7 })

  test('is the same for the same seed, and another for another', () => {
    expect(planSample({ count: 600, seed: 7 })).toEqual({ items, truth })
    expect(planSample({ count: 600, seed: 8 }).truth.images).not.toEqual(truth.images)
  })

  test('has what is planted: copies, edits, wrong labels, unlabelled images, one corrupt file', () => {
    const { images } = truth
    expect(images).toHaveLength(600)
    expect(new Set(images.map(({ path }) => path)).size).toBe(600)
    expect(images.filter(({ edit }) => edit === 'exact')).toHaveLength(30)
    expect(images.filter(({ edit }) => edit !== null && edit !== 'exact')).toHaveLength(72)
    expect(new Set(images.map(({ edit }) => edit)).size).toBe(14)
    expect(images.filter(({ corrupt }) => corrupt)).toHaveLength(1)
    expect(images.filter((one) => one.folder !== null && one.folder !== one.class).length).toBeGreaterThan(8)
    expect(images.filter(({ folder }) => folder === null).length).toBeGreaterThan(50)
    for (const name of sceneClasses) expect(images.filter((one) => one.class === name).length).toBeGreaterThan(55)
  })

  test('puts an unlabelled image into no class folder, and names tell nothing', () => {
    for (const { path, folder } of truth.images) {
      expect(path.split('/').slice(0, -1)).toEqual(folder === null ? [] : [folder])
      expect(path).toMatch(/photo-\d{4}\.(?:jpg|png|webp)$/)
    }
  })

  test('draws the originals before their copies', () => {
    const drawn = new Set<string>()
    for (const item of items) {
      if (item.kind === 'edit') expect(drawn).toContain(item.from)
      drawn.add(item.path)
    }
  })
})
