import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sizeTemplate, viewPlan, type ViewPlan, type ViewPlanInput } from '../../../core/contract/views.ts'
import { cropTemplateNames, templateViews } from '../../../core/descriptors/crops.ts'
import { isPartId, isWhole, partIds, partViewOf, wholePart } from '../../../core/descriptors/partView.ts'
import { combineViews } from '../../../core/descriptors/viewMean.ts'
import { dimOf, isc21Views, isOneView, landmarkViews, oneView, petViews, roxfordViews, viewPresets, viewsOf } from '../../../core/descriptors/viewPlans.ts'
import { templateSize, viewSizes } from '../../../core/descriptors/viewSizes.ts'

const plan = (input: ViewPlanInput = {}): ViewPlan => viewPlan.parse(input)
const card = { width: 224, height: 224 }
const sizes = (of: ViewPlan, width: number, height: number): string[] => viewSizes(of, { width, height }, card).map((size) => `${size.width}x${size.height}`)

describe('sizes', () => {
  test('L2: the five buckets of height / width, a bound belonging to the taller one', () => {
    const of = (height: number): string => Object.values(templateSize('L2', { width: 10_000, height })).join('x')
    expect([6699, 6700, 7699, 7700, 13_299, 13_300, 14_999, 15_000].map(of)).toEqual(['800x544', '800x608', '800x608', '800x800', '800x800', '608x800', '608x800', '544x800'])
  })

  test('templates without a 2 have three buckets; every template is a mirror of itself and divisible by 32', () => {
    expect([7699, 7700, 13_299, 13_300].map((height) => Object.values(templateSize('S', { width: 10_000, height })).join('x'))).toEqual(['512x384', '448x448', '448x448', '384x512'])
    for (const name of sizeTemplate.options) {
      for (const aspect of [0.3, 0.7, 1, 1.4, 3]) {
        const { width, height } = templateSize(name, { width: 1000, height: 1000 * aspect })
        expect([width % 32, height % 32]).toEqual([0, 0])
        const across = templateSize(name, { width: 1000, height: 1000 / aspect })
        if (name !== 'SS2') expect([across.width, across.height]).toEqual([height, width])
      }
    }
  })

  test('Landmark: three scales, rounded down to 32 and at least 128', () => {
    // 480 / 640 = 0.75: 800 x 608. 608 * 0.75 = 456 -> 448; 800 * 0.75 = 600 -> 576; 608 * 1.25 = 760 -> 736.
    expect(sizes(landmarkViews, 640, 480)).toEqual(['576x448', '800x608', '992x736'])
    const small = plan({ ...landmarkViews, base: { kind: 'size', width: 160, height: 96 } })
    expect(sizes(small, 9, 9)).toEqual(['128x128', '160x128', '192x128'])
  })

  test("ISC21: floor(512 sqrt 2) = 724, 512, floor(512 / sqrt 2) = 362, each mirrored; the mean of unit vectors", () => {
    expect(sizes(isc21Views, 31, 77)).toEqual(['724x724', '512x512', '362x362'])
    expect([viewsOf(isc21Views), isc21Views.combine]).toEqual([6, 'mean-of-unit'])
  })

  test('ROxford: the longest side to 1024, never enlarged, no least size', () => {
    expect(sizes(roxfordViews, 2048, 1000)).toEqual(['704x352', '1024x480', '1440x704'])
    expect(sizes(roxfordViews, 100, 300)).toEqual(['64x192', '96x288', '128x416'])
    expect(sizes(plan({ base: { kind: 'longest', side: 600 } }), 100, 300)).toEqual(['200x600'])
  })

  test('whatever the picture, every view has pixels, and scales never round up', () => {
    const side = fc.integer({ min: 1, max: 20_000 })
    fc.assert(fc.property(side, side, fc.constantFrom(...Object.values(viewPresets)), (width, height, preset) => {
      const found = viewSizes(preset, { width, height }, card)
      expect(found).toHaveLength(preset.scales.length)
      for (const size of found) expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1)
    }))
  })
})

describe('one vector of several views', () => {
  const unit = (vector: readonly number[]): number[] => vector.map((x) => x / Math.hypot(...vector))
  const close = (found: Float32Array, expected: readonly number[]): void => {
    expect(found).toHaveLength(expected.length)
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5)
  }
  const views = fc.integer({ min: 2, max: 6 }).chain((dim) => fc.array(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: dim, maxLength: dim }).filter((v) => Math.hypot(...v) > 0.1), { minLength: 1, maxLength: 5 }))
  const meanOf = (list: readonly (readonly number[])[]): number[] => (list[0] ?? []).map((_, d) => list.reduce((sum, v) => sum + (v[d] as number), 0) / list.length)

  test('before normalisation and after it are not the same', () => {
    // (3, 0) and (0, 1): the longer one weighs more before.
    close(combineViews(Float32Array.of(3, 0, 0, 1), 2, 'mean', true), unit([3, 1]))
    close(combineViews(Float32Array.of(3, 0, 0, 1), 2, 'mean', false), [1.5, 0.5])
    close(combineViews(Float32Array.of(3, 0, 0, 1), 2, 'mean-of-unit', false), [Math.SQRT1_2, Math.SQRT1_2])
    close(combineViews(Float32Array.of(3, 0, 0, 1), 2, 'concatenate', false), [Math.SQRT1_2, 0, 0, Math.SQRT1_2])
  })

  test('as by the definitions', () => {
    fc.assert(fc.property(views, (list) => {
      const dim = list[0]?.length ?? 0
      const flat = Float32Array.from(list.flat())
      close(combineViews(flat, dim, 'mean', false), meanOf(list))
      fc.pre(Math.hypot(...meanOf(list)) > 0.01 && Math.hypot(...meanOf(list.map(unit))) > 0.01)
      close(combineViews(flat, dim, 'mean', true), unit(meanOf(list)))
      close(combineViews(flat, dim, 'mean-of-unit', true), unit(meanOf(list.map(unit))))
    }))
  })

  test('the cosine of concatenated views is the mean of the cosines of the views: the pet score', () => {
    const dim = 3
    const vector = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: dim, maxLength: dim }).filter((v) => Math.hypot(...v) > 0.1)
    const pair = fc.tuple(vector, vector)
    fc.assert(fc.property(pair, pair, (x, y) => {
      const [one, other] = [x, y].map((list) => combineViews(Float32Array.from(list.flat()), dim, 'concatenate', true)) as [Float32Array, Float32Array]
      const cosine = (v: readonly number[], w: readonly number[]): number => v.reduce((sum, value, i) => sum + value * (w[i] as number), 0) / Math.hypot(...v) / Math.hypot(...w)
      expect(one.reduce((sum, value, i) => sum + value * (other[i] as number), 0)).toBeCloseTo((cosine(x[0], y[0]) + cosine(x[1], y[1])) / 2, 4)
    }))
    expect([dimOf(petViews, 5120), dimOf(isc21Views, 256)]).toEqual([10_240, 256])
  })

  test('a view without length adds nothing and breaks nothing', () => {
    close(combineViews(Float32Array.of(0, 0, 0, 2), 2, 'mean-of-unit', true), [0, 1])
    close(combineViews(new Float32Array(4), 2, 'mean', true), [0, 0])
  })
})

test('only the plain plan is the plain plan', () => {
  expect([isOneView(oneView), isOneView(plan()), viewsOf(oneView)]).toEqual([true, true, 1])
  const others: ViewPlanInput[] = [{ grey: true }, { blur: 5 }, { flip: true }, { turns: [0, 2] }, { turns: [1] }, { degrade: [{ width: 60, height: 60 }] }, { scales: [{}, {}] }, { scales: [{ factor: 0.5 }] }, { base: { kind: 'size', width: 224, height: 224 } }]
  expect(others.filter((each) => isOneView(plan(each)))).toEqual([])
})

test('part ids: what they mean besides their box is the same wherever they are made', () => {
  for (const template of cropTemplateNames) for (const view of templateViews(template, 300, 200)) expect(partViewOf(view.part, view.box)).toEqual(view)
  expect(partViewOf(0, null)).toEqual(wholePart)
  expect(isWhole(partViewOf(partIds.flip, null))).toBe(false)
  expect(isWhole(partViewOf(500, { left: 0, top: 0, width: 3, height: 3 }))).toBe(false)
  expect([-1, 0.5, 2000, Number.NaN].filter(isPartId)).toEqual([])
  expect(() => partViewOf(2000, null)).toThrow(RangeError)
})
