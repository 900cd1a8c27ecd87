import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { editNames, generateSpec, type GenerateSpec } from '../../../core/contract/generator.ts'
import { chooseEdits } from '../../../core/generator/chain.ts'
import { mostFiles, planSet, type SetPlan } from '../../../core/generator/plan.ts'
import { Random } from '../../../core/sample/random.ts'

const spec = (given: Partial<GenerateSpec>): GenerateSpec => generateSpec.parse({ out: '/set', ...given })
const of = ({ files }: SetPlan, ...roles: string[]) => files.filter(({ role }) => roles.includes(role))
const distinct = <T>(values: readonly T[]): number => new Set(values).size

const wellFormed = (plan: SetPlan, sources: number): void => {
  expect(distinct(plan.files.map(({ file }) => file))).toBe(plan.files.length)
  expect(distinct(plan.files.filter(({ index }) => index !== null).map(({ source, index }) => `${source}/${index}`))).toBe(plan.files.filter(({ index }) => index !== null).length)
  for (const { source, companion } of plan.files) {
    expect(source >= 0 && source < sources).toBe(true)
    expect(companion === null || (companion >= 0 && companion < sources && companion !== source)).toBe(true)
  }
}

test('copies: distractors and training images are in no other part; every query is as said; all edits differ', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 120 }), fc.integer({ min: 1, max: 150 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(4), fc.nat(1000), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), (sources, count, distractors, training, seed, references) => {
      const given = spec({ set: 'copies', count, distractors, training, seed, ...(references === undefined ? {} : { references }) })
      const plan = planSet(given, sources)
      expect(planSet(given, sources)).toEqual(plan)
      wellFormed(plan, sources)
      expect(of(plan, 'query', 'distractor')).toHaveLength(count)
      expect(of(plan, 'distractor')).toHaveLength(Math.round(count * distractors))
      expect(of(plan, 'training')).toHaveLength(training)
      if (references !== undefined) expect(of(plan, 'reference')).toHaveLength(references)
      const inReferences = new Set(of(plan, 'reference').map(({ source }) => source))
      const inTraining = new Set(of(plan, 'training').map(({ source }) => source))
      for (const { source } of of(plan, 'distractor')) expect(inReferences.has(source) || inTraining.has(source)).toBe(false)
      for (const source of inTraining) expect(inReferences.has(source)).toBe(false)
      const copied = new Map<number, number>()
      for (const { copyOf, source } of of(plan, 'query')) {
        expect(plan.files[copyOf ?? -1]).toMatchObject({ role: 'reference', source })
        copied.set(source, (copied.get(source) ?? 0) + 1)
      }
      // One after the other: none is copied twice before every one was copied once.
      const times = of(plan, 'reference').map(({ source }) => copied.get(source) ?? 0)
      if (times.length > 0 && copied.size > 0) expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1)
    })
  )
})

test('instances: views are split as said, foreign images are of another photo', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 2, max: 30 }), fc.double({ min: 0, max: 0.9, noNaN: true }), fc.nat(1000), (count, more, views, foreign, seed) => {
      const plan = planSet(spec({ set: 'instances', count, views, foreign, seed }), count + more)
      wellFormed(plan, count + more)
      const own = plan.files.filter(({ trueLabel, label, role }) => trueLabel !== null && (role !== 'train' || label === trueLabel))
      expect(own).toHaveLength(count * views)
      const sourceOf = new Map(own.map(({ trueLabel, source }) => [trueLabel, source]))
      expect(distinct([...sourceOf.values()])).toBe(count)
      const planted = of(plan, 'train').filter(({ label, trueLabel }) => label !== trueLabel)
      for (const { label, source, trueLabel } of planted) {
        expect(sourceOf.get(label)).not.toBe(source)
        if (more > 0) expect(trueLabel).toBeNull()
      }
      const share = planted.length / of(plan, 'train').length
      expect(Math.abs(share - foreign)).toBeLessThan(0.5 / of(plan, 'train').length + 0.02)
      if (views >= 3) for (const role of ['train', 'index', 'test']) expect(distinct(of(plan, role).flatMap(({ trueLabel }) => trueLabel ?? []))).toBe(count)
    })
  )
})

test('identities: pairs are of unlabelled individuals, each once, half of them of one individual', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 2, max: 12 }), fc.double({ min: 0, max: 0.3, noNaN: true }), fc.nat(1000), fc.option(fc.integer({ min: 2, max: 3000 }), { nil: undefined }), (count, views, labelled, seed, pairs) => {
      const plan = planSet(spec({ set: 'identities', count, views, labelled, seed, ...(pairs === undefined ? {} : { pairs }) }), count + 3)
      wellFormed(plan, count + 3)
      expect(plan.files).toHaveLength(count * views)
      expect(distinct(plan.pairs.map(({ a, b }) => `${Math.min(a, b)}-${Math.max(a, b)}`))).toBe(plan.pairs.length)
      expect(plan.pairs.length).toBeGreaterThan(0)
      for (const { a, b, same } of plan.pairs) {
        const [one, other] = [plan.files[a], plan.files[b]]
        expect([one?.label, other?.label]).toEqual([null, null])
        expect(a).not.toBe(b)
        expect(one?.trueLabel === other?.trueLabel).toBe(same)
      }
      const wanted = pairs ?? (count - Math.round(count * labelled)) * 10
      expect(plan.pairs.length).toBeLessThanOrEqual(wanted)
      expect(plan.pairs.filter(({ same }) => same).length).toBeLessThanOrEqual(Math.ceil(wanted / 2))
    }),
    { numRuns: 40 }
  )
})

test('what cannot be made is said before anything is made', () => {
  expect(() => planSet(spec({}), 1)).toThrow('at least 2 different images')
  expect(() => planSet(spec({ training: 50 }), 40)).toThrow('need 52 different images')
  expect(() => planSet(spec({ set: 'instances', count: 41 }), 40)).toThrow('the project has 40')
  expect(() => planSet(spec({ set: 'identities', count: 4, labelled: 0.9 }), 40)).toThrow('at least 2 individuals without labels')
  expect(() => planSet(spec({ set: 'instances', count: 5000, views: 100 }), 6000)).toThrow(`the most is ${mostFiles.toLocaleString('en')}`)
  expect(() => planSet(spec({}), 1_000_000)).toThrow(`the most is ${mostFiles.toLocaleString('en')}. Ask for fewer queries or references`)
  expect(generateSpec.safeParse({ out: '/set', only: ['crop', 'sharpen'] }).success).toBe(false)
  expect(generateSpec.safeParse({ out: '/set', views: 1 }).success).toBe(false)
})

test('a chain has at least one edit, nothing that needs another picture where there is none, and only what was asked for', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.constantFrom('copy' as const, 'view' as const, 'identity' as const), fc.constantFrom('moderate' as const, 'hard' as const), fc.boolean(), fc.option(fc.uniqueArray(fc.constantFrom(...editNames), { minLength: 1 })), (seed, kind, strength, companion, only) => {
      const edits = chooseEdits(new Random(seed), { kind, strength, only }, companion)
      expect(edits.length).toBeGreaterThan(0)
      expect(chooseEdits(new Random(seed), { kind, strength, only }, companion)).toEqual(edits)
      if (!companion) expect(edits.some(({ name }) => name.startsWith('overlay'))).toBe(false)
      if (only && companion) expect(edits.map(({ name }) => name).every((name) => only.includes(name))).toBe(true)
      if (only && companion && strength === 'hard') expect(edits).toHaveLength(only.length)
      if (kind !== 'copy' && !only) expect(edits.some(({ name }) => name === 'mirror' || name === 'flip')).toBe(false)
    })
  )
})
