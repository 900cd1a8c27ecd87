import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { IdJoin, joinSentence, remembering } from '../../../core/formats/idJoin.ts'
import { firstOfEach } from '../../../core/formats/readVectorFile.ts'
import type { Match } from '../../../core/project/repositories/imageMatch.ts'

const match = (id: string): Match => (id.startsWith('m') ? { imageId: null, why: 'missing', count: 0 } : id.startsWith('a') ? { imageId: null, why: 'ambiguous', count: 3 } : { imageId: Number(id) })

describe('the report of a join', () => {
  test('counts every id once and names the first twenty of each fate', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('m', 'a', ''), fc.nat(1000)), { maxLength: 100 }), (ids) => {
      const join = new IdJoin('a.csv')
      const texts = ['7', ...ids.map(([kind, number]) => `${kind}${number}`)]
      texts.forEach((id, i) => join.find(id, () => `line ${i + 1}`, match))
      const { missing, ambiguous, matched, ids: all } = join.report('no', null)
      expect(all).toBe(texts.length)
      expect(matched + missing.count + ambiguous.count).toBe(all)
      for (const [group, letter] of [[missing, 'm'], [ambiguous, 'a']] as const) {
        const expected = texts.map((id, i) => ({ id, place: `line ${i + 1}` })).filter(({ id }) => id.startsWith(letter))
        expect(group.count).toBe(expected.length)
        expect(group.first.map(({ id, place }) => ({ id, place }))).toEqual(expected.slice(0, 20))
      }
    }))
  })

  const joined = (strict: 'no' | 'rows' | 'both', without: number | null, ...ids: readonly string[]): string => {
    const join = new IdJoin('a.csv')
    ids.forEach((id, i) => join.find(id, () => `row ${i}`, match))
    try {
      return joinSentence(join.report(strict, without))
    } catch (error) {
      if (isWinnowError(error)) return error.message
      throw error
    }
  }

  test('says it in a sentence, and refuses as strictly as it is asked to', () => {
    expect(joined('no', 4, '1', 'mx', 'my', 'az')).toBe('a.csv: 1 of 4 ids found their image; 2 are called like no image (row 1: mx); 1 could be several images (row 3: az). 4 images have no row.')
    expect(joined('rows', 0, '1', 'mx')).toMatch(/1 is called like no image.*Every id must find its image/)
    expect(joined('rows', 4, '1')).toBe('a.csv: 1 of 1 ids found their image. 4 images have no row.')
    expect(joined('both', 4, '1')).toMatch(/says nothing about 4 images/)
    expect(joined('no', 0, 'mx', 'my')).toMatch(/none of its 2 ids names an image of the project; the first \(row 0\) is "mx"/)
  })

  test('the same id is looked up once', () => {
    let asked = 0
    const find = remembering((id) => {
      asked++
      return match(id)
    })
    for (const id of ['1', '2', '1', 'm', 'm']) find(id)
    expect(asked).toBe(3)
  })
})

test('of rows about the same image and part the first stands', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 40 }), (rows) => {
    const again: [number, number][] = []
    const kept = firstOfEach(Int32Array.from(rows, ([image]) => image), Int32Array.from(rows, ([, part]) => part), (row, earlier) => void again.push([row, earlier]))
    const first = rows.map(([image, part]) => rows.findIndex(([i, p]) => i === image && p === part))
    expect([...kept]).toEqual(first.map((_, row) => row).filter((row) => first[row] === row))
    expect(again).toEqual(first.map((at, row) => [row, at] as [number, number]).filter(([row, at]) => row !== at))
  }))
})
