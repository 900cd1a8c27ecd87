import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeeperRule, keeperRule } from '../../../core/contract/duplicates.ts'
import { comparisonsOf } from '../../../core/dedupe/comparisons.ts'
import type { ImageTable } from '../../../core/dedupe/imageTable.ts'
import { compareKeepers, keeperRanking, keeperReason } from '../../../core/dedupe/keeperRules.ts'

interface Picture {
  width?: number; height?: number; sharpness?: number; compression?: number; mtimeMs?: number; pathLength?: number; protected?: number; heldOut?: number; label?: number; pinned?: number; format?: string
}

function tableOf(pictures: readonly Picture[]): ImageTable {
  const numbers = (pick: (picture: Picture) => number | undefined, otherwise: number): number[] => pictures.map((picture) => pick(picture) ?? otherwise)
  const formats = [...new Set(pictures.map(({ format }) => format ?? 'jpeg'))]
  return {
    ids: Int32Array.from(pictures, (_, i) => i + 1), sha: new Uint32Array(pictures.length * 4), pixels: new Uint32Array(pictures.length * 4),
    width: Int32Array.from(numbers(({ width }) => width, 640)), height: Int32Array.from(numbers(({ height }) => height, 480)),
    bytes: Float64Array.from(pictures, () => 1000), mtimeMs: Float64Array.from(numbers(({ mtimeMs }) => mtimeMs, 1e12)),
    sharpness: Float64Array.from(numbers(({ sharpness }) => sharpness, 100)), compression: Float64Array.from(numbers(({ compression }) => compression, 0.1)),
    format: Uint8Array.from(pictures, ({ format }) => formats.indexOf(format ?? 'jpeg')), formats,
    pathLength: Int32Array.from(numbers(({ pathLength }) => pathLength, 10)), pathRank: Int32Array.from(pictures, (_, i) => i),
    protected: Uint8Array.from(numbers((each) => each.protected, 0)), heldOut: Uint8Array.from(numbers(({ heldOut }) => heldOut, 0)),
    label: Uint8Array.from(numbers(({ label }) => label, 0)), pinned: Uint8Array.from(numbers(({ pinned }) => pinned, 0))
  }
}
const plain = (row: number) => ({ row, upscaled: false })
const rules: readonly KeeperRule[] = keeperRule.options

/** Which of two pictures is kept, and why. */
function kept(a: Picture, b: Picture, order: readonly KeeperRule[] = rules): [number, string] {
  const table = tableOf([a, b])
  const first = compareKeepers(table, order, plain(0), plain(1)) < 0 ? 0 : 1
  return [first, keeperReason(table, order, plain(first), plain(1 - first))]
}

describe('each rule prefers what it says, and says why', () => {
  test.each<[string, Picture, Picture, [number, string]]>([
    ['protected', { protected: 1 }, { width: 4000 }, [0, 'protected']],
    ['held out for testing', { heldOut: 1 }, { width: 4000 }, [0, 'in the test set']],
    ['protected before held out', { heldOut: 1 }, { protected: 1 }, [1, 'protected']],
    ['a human label', { label: 1 }, { label: 2 }, [1, 'has a human label']],
    ['a given label', { label: 1 }, {}, [0, 'has a label']],
    ['larger', { width: 1920, height: 1080 }, { width: 4032, height: 3024 }, [1, 'larger (4032×3024 against 1920×1080)']],
    ['less compressed', { compression: 0.4 }, { compression: 0.05 }, [1, 'less compressed (quality 95 against quality 60)']],
    ['lossless', { compression: 0 }, { compression: 0.25 }, [0, 'less compressed (lossless against quality 75)']],
    ['sharper', { sharpness: 90 }, { sharpness: 310 }, [1, 'sharper (310 against 90)']],
    ['older', { mtimeMs: Date.UTC(2021, 4, 4) }, { mtimeMs: Date.UTC(2019, 2, 2) }, [1, 'older (2019-03-02 00:00 against 2021-05-04 00:00)']],
    ['shorter path', { pathLength: 30 }, { pathLength: 12 }, [1, 'shorter path']],
    ['by hand, before every rule', { protected: 1, label: 2, width: 9000 }, { pinned: 1 }, [1, 'chosen by hand']],
    ['nothing', {}, {}, [0, 'equal by every rule; first by path']]
  ])('%s', (_name, a, b, expected) => {
    expect(kept(a, b)).toEqual(expected)
  })
})

test('a difference that no one sees does not decide', () => {
  expect(kept({ compression: 0.11, sharpness: 101, mtimeMs: 2e12 }, { compression: 0.1, sharpness: 100, mtimeMs: 1e12 })[1]).toMatch(/^older/)
})

test('an enlargement is not preferred for its size', () => {
  const table = tableOf([{ width: 2000, height: 1500, sharpness: 20 }, { width: 200, height: 150, sharpness: 400 }])
  const enlarged = { row: 0, upscaled: true }
  expect(compareKeepers(table, ['larger'], enlarged, plain(1))).toBeGreaterThan(0)
  expect(keeperReason(table, ['larger'], plain(1), enlarged)).toBe('not enlarged (2000×1500 is larger but much less sharp)')
  expect(comparisonsOf(table, 1, 0)).toContainEqual({ text: 'enlarged: 2000×1500 against 200×150', better: 'keeper' })
})

test('the order of the rules is the order of the person', () => {
  const [small, large] = [{ label: 2, width: 100 }, { width: 4000 }]
  expect(kept(small, large, ['labelled', 'larger'])[0]).toBe(0)
  expect(kept(small, large, ['larger', 'labelled'])[0]).toBe(1)
  expect(kept(small, large, [])[0]).toBe(0)
})

test('the order is total and does not depend on where one starts', () => {
  const picture = fc.record({
    width: fc.constantFrom(100, 640, 4000), sharpness: fc.constantFrom(NaN, 10, 100, 105, 900), compression: fc.constantFrom(NaN, 0, 0.1, 0.5), mtimeMs: fc.constantFrom(1e12, 1.1e12),
    pathLength: fc.constantFrom(5, 9), protected: fc.nat(1), heldOut: fc.nat(1), label: fc.nat(2), pinned: fc.nat(1)
  })
  fc.assert(fc.property(fc.array(picture, { minLength: 1, maxLength: 12 }), fc.shuffledSubarray([...rules]), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.nat(), (pictures, order, enlarged, seed) => {
    const table = tableOf(pictures)
    const candidates = pictures.map((_, row) => ({ row, upscaled: enlarged[row] as boolean }))
    const mixed = [...candidates].sort((a, b) => ((a.row * 31 + seed) % 13) - ((b.row * 31 + seed) % 13))
    const rank = (list: typeof candidates): number[] => Array.from(keeperRanking(table, order, list), (place) => (list[place] as { row: number }).row)
    const ranked = rank(candidates)
    expect(rank(mixed)).toEqual(ranked)
    for (const [i, a] of ranked.entries()) for (const b of ranked.slice(i + 1)) expect(compareKeepers(table, order, candidates[a] as never, candidates[b] as never)).toBeLessThan(0)
  }))
})

test('a member is compared with its keeper in words, with whose favour', () => {
  const table = tableOf([{ width: 1024, height: 768, label: 2 }, { width: 640, height: 480, compression: 0.5, sharpness: 300, mtimeMs: 5e11, format: 'png', protected: 1 }])
  expect(comparisonsOf(table, 0, 1)).toEqual([
    { text: 'protected', better: 'member' },
    { text: 'no label', better: 'keeper' },
    { text: 'smaller: 640×480 against 1024×768', better: 'keeper' },
    { text: 'png against jpeg', better: 'same' },
    { text: 'more compressed: quality 50 against quality 90', better: 'keeper' },
    { text: 'sharper: 300 against 100', better: 'member' },
    { text: 'older: 1985-11-05 00:53 against 2001-09-09 01:46', better: 'member' }
  ])
  expect(comparisonsOf(table, 0, 0)).toEqual([])
})
