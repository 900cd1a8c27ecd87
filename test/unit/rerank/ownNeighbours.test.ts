import { expect, test } from 'vitest'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { ownNeighbours } from '../../../core/rerank/ownNeighbours.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const pool = matrixOf(Float32Array.of(1, 0, 1, 0, 0.8, 0.6, 1, 0), 2)

test('a row leads its own list, before its copies and even where copies would push it out', async () => {
  const lists = await ownNeighbours(pool, { from: 1, to: 4 }, 2, new PlainBlas())
  expect([...lists.indices]).toEqual([1, 0, 2, 0, 3, 0])
  expect([...lists.scores]).toEqual([1, 1, 1, Math.fround(0.8), 1, 1])
})

test('other rows of the same image are kept out', async () => {
  const lists = await ownNeighbours(pool, { from: 0, to: 1 }, 4, new PlainBlas(), { ids: [7, 7, 8, 9] })
  expect([...lists.indices]).toEqual([0, 3, 2, -1])
})

test('a list of one is the row', async () => {
  expect([...(await ownNeighbours(pool, { from: 0, to: 4 }, 1, new PlainBlas())).indices]).toEqual([0, 1, 2, 3])
})
