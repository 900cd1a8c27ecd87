import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evenly, exemplarsOf } from '../../../core/pseudo/exemplars.ts'
import { familiesOf } from '../../../core/pseudo/families.ts'
import { type Electorate, knnVote, unfinishedQueries, type VoteNeighbours } from '../../../core/pseudo/knnVote.ts'
import { placeVotes, sliceVotes } from '../../../core/pseudo/votes.ts'

interface Labelled {
  readonly id: number
  readonly classId: number
  readonly family: number
}

function electorateOf(labelled: readonly Labelled[], others: readonly { id: number; family: number }[] = []): Electorate {
  const classIds = Int32Array.from(new Set(labelled.map(({ classId }) => classId))).sort()
  const most = Math.max(0, ...labelled.map(({ id }) => id), ...others.map(({ id }) => id))
  const electorate = { classIds, classSizes: new Int32Array(classIds.length), classPlaceOf: new Int32Array(most + 1), familyOf: new Int32Array(most + 1) }
  for (const { id, classId } of labelled) {
    const place = classIds.indexOf(classId)
    electorate.classPlaceOf[id] = place + 1
    electorate.classSizes[place] = (electorate.classSizes[place] ?? 0) + 1
  }
  for (const { id, family } of [...labelled, ...others]) electorate.familyOf[id] = family
  return electorate
}

const settings = { k: 20, temperature: 0.07, candidates: 9 }
const ask = (query: number, neighbours: readonly (readonly [id: number, similarity: number])[], width = neighbours.length): VoteNeighbours => ({
  queries: Int32Array.of(query),
  width,
  imageIds: Int32Array.from({ length: width }, (_, i) => neighbours[i]?.[0] ?? -1),
  similarities: Float32Array.from({ length: width }, (_, i) => neighbours[i]?.[1] ?? 0)
})

describe('the kNN vote', () => {
  test('near neighbours count by exp((cosine - 1) / temperature), divided by the root of the class size', () => {
    const electorate = electorateOf([{ id: 1, classId: 10, family: 0 }, { id: 2, classId: 20, family: 0 }, { id: 3, classId: 20, family: 0 }, { id: 4, classId: 20, family: 0 }])
    const votes = knnVote(ask(9, [[1, 0.9], [2, 0.8], [3, 0.7]]), electorate, settings)
    const weight = (cosine: number, size: number): number => Math.exp((Math.fround(cosine) - 1) / 0.07) / Math.sqrt(size)
    const [a, b] = [weight(0.9, 1), weight(0.8, 3) + weight(0.7, 3)]
    expect([...votes.classIds.subarray(0, 2)]).toEqual([10, 20])
    expect(votes.scores[0]).toBeCloseTo(a / (a + b), 10)
    expect(votes.scores[1]).toBeCloseTo(b / (a + b), 10)
    expect([...votes.nearestIds.subarray(0, 2)]).toEqual([1, 2])
  })

  test('neither the image itself nor its own duplicates vote', () => {
    const electorate = electorateOf([{ id: 1, classId: 10, family: 5 }, { id: 2, classId: 20, family: 6 }, { id: 9, classId: 30, family: 5 }])
    const votes = knnVote(ask(9, [[9, 1], [1, 0.999], [2, 0.5]]), electorate, settings)
    expect(votes.counts[0]).toBe(1)
    expect(votes.classIds[0]).toBe(20)
    expect(votes.scores[0]).toBe(1)
  })

  test('a small temperature gives everything to the nearest, not nothing to all', () => {
    const electorate = electorateOf([{ id: 1, classId: 10, family: 0 }, { id: 2, classId: 20, family: 0 }])
    const votes = knnVote(ask(9, [[1, -0.5], [2, -0.6]]), electorate, { ...settings, temperature: 1e-6 })
    expect([...votes.scores.subarray(0, 2)]).toEqual([1, 0])
  })

  test('without a voter there is no candidate', () => {
    const votes = knnVote(ask(9, [[3, 0.9]], 4), electorateOf([{ id: 1, classId: 10, family: 0 }]), settings)
    expect(votes.counts[0]).toBe(0)
    expect(votes.voters[0]).toBe(0)
  })

  test('does what a naive implementation does, whatever the neighbours', () => {
    const labelled = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 60 }), classId: fc.integer({ min: 1, max: 12 }), family: fc.integer({ min: 0, max: 4 }) }), { selector: ({ id }) => id, minLength: 1, maxLength: 40 })
    const query = fc.record({ id: fc.integer({ min: 1, max: 70 }), family: fc.integer({ min: 0, max: 4 }) })
    const seen = fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.double({ min: -1, max: 1, noNaN: true })), { maxLength: 40 })
    fc.assert(
      fc.property(labelled, query, seen, fc.integer({ min: 1, max: 25 }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 1, max: 9 }), (labelled, { id, family }, seen, k, temperature, candidates) => {
        const known = labelled.find((one) => one.id === id)
        const own = known?.family ?? family
        const electorate = electorateOf(labelled, known ? [] : [{ id, family }])
        const neighbours = seen.map(([other, similarity]) => [other, Math.fround(similarity)] as const).toSorted((a, b) => b[1] - a[1])
        const votes = knnVote(ask(id, neighbours, neighbours.length + 1), electorate, { k, temperature, candidates })

        const voting = neighbours.flatMap(([other, similarity]) => {
          const voter = labelled.find((one) => one.id === other)
          return voter && other !== id && (own === 0 || voter.family !== own) ? [{ ...voter, similarity }] : []
        }).slice(0, k)
        const classes = [...new Set(voting.map(({ classId }) => classId))].map((classId) => {
          const mine = voting.filter((voter) => voter.classId === classId)
          const size = labelled.filter((one) => one.classId === classId).length
          return { classId, weight: mine.reduce((sum, { similarity }) => sum + Math.exp((similarity - 1) / temperature) / Math.sqrt(size), 0), nearest: mine[0]!.id }
        })
        const total = classes.reduce((sum, { weight }) => sum + weight, 0)
        expect(votes.voters[0]).toBe(voting.length)
        expect(votes.counts[0]).toBe(Math.min(candidates, classes.length))
        const given = [...votes.classIds.subarray(0, votes.counts[0])]
        const scores = [...votes.scores.subarray(0, votes.counts[0])]
        expect(new Set(given).size).toBe(given.length)
        expect(scores).toEqual(scores.toSorted((a, b) => b - a))
        for (const [rank, classId] of given.entries()) {
          const naive = classes.find((one) => one.classId === classId)!
          expect(scores[rank]).toBeCloseTo(naive.weight / total, 9)
          expect(votes.nearestIds[rank]).toBe(naive.nearest)
        }
        if (classes.length <= candidates && classes.length > 0) expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
      })
    )
  })

  test('a query needs more neighbours when too few may vote and its row was full', () => {
    const electorate = electorateOf([{ id: 1, classId: 10, family: 5 }, { id: 2, classId: 20, family: 0 }], [{ id: 9, family: 5 }])
    const full = ask(9, [[1, 0.9], [2, 0.8]])
    const padded = ask(9, [[1, 0.9], [2, 0.8]], 3)
    expect(unfinishedQueries(full, knnVote(full, electorate, { ...settings, k: 2 }), 2)).toEqual([0])
    expect(unfinishedQueries(padded, knnVote(padded, electorate, { ...settings, k: 2 }), 2)).toEqual([])
    expect(unfinishedQueries(full, knnVote(full, electorate, { ...settings, k: 1 }), 1)).toEqual([])
  })

  test('votes found with more neighbours take their places', () => {
    const electorate = electorateOf([{ id: 1, classId: 10, family: 0 }, { id: 2, classId: 20, family: 0 }])
    const both = { queries: Int32Array.of(8, 9), width: 1, imageIds: Int32Array.of(1, 1), similarities: Float32Array.of(0.5, 0.5) }
    const all = knnVote(both, electorate, settings)
    placeVotes(all, knnVote(ask(9, [[2, 0.9]]), electorate, settings), [1])
    expect(sliceVotes(all, 0, 1).classIds[0]).toBe(10)
    expect(sliceVotes(all, 1, 2).classIds[0]).toBe(20)
  })
})

describe('families of duplicates', () => {
  test('join all evidence, through others too; images alone have none', () => {
    const families = familiesOf([
      { imageIds: Int32Array.of(1, 2, 5, 6), groups: Int32Array.of(0, 0, 1, 1) },
      { imageIds: Int32Array.of(2, 3, 7), groups: Int32Array.of(4, 4, 9) }
    ], 8)
    expect(families[1]).toBe(families[2])
    expect(families[1]).toBe(families[3])
    expect(families[5]).toBe(families[6])
    expect(families[1]).not.toBe(families[5])
    expect([families[4], families[7], families[8]]).toEqual([0, 0, 0])
  })
})

describe('exemplars', () => {
  test('are the images nearest to the mean direction of their class, whatever their lengths', () => {
    const vectors = Float32Array.of(10, 0, 0, 1, 1, 1, 1, 1.2)
    expect(exemplarsOf({ imageIds: Int32Array.of(4, 5, 6, 7), vectors, dim: 2 }, 2)).toEqual([6, 7])
  })
  test('a sample is spread evenly', () => {
    expect(evenly(3, 5)).toEqual([0, 1, 2])
    expect(evenly(10, 4)).toEqual([0, 2, 5, 7])
  })
})
