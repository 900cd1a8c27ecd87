import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PairSpool } from '../../../core/clean/pairSpool.ts'
import type { NeighbourBlock } from '../../../core/clean/sameLabelNeighbours.ts'
import { temporaryFolder } from '../review/syntheticProject.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const block = (rowsDone: number, pairs: readonly (readonly [number, number, number, number])[]): NeighbourBlock => ({
  rowsDone,
  queries: Int32Array.from(pairs, ([query]) => query),
  references: Int32Array.from(pairs, ([, reference]) => reference),
  similarities: Float32Array.from(pairs, ([, , similarity]) => similarity),
  ranks: Int32Array.from(pairs, ([, , , rank]) => rank)
})

test('blocks are found again in their order, what was not finished or is damaged is done anew', async () => {
  const path = join(folder.path, 'spool')
  const first = await PairSpool.open(path)
  expect([first.rowsDone, first.pairs]).toEqual([0, 0])
  await first.append(block(10, [[1, 2, 0.5, 1], [3, 4, 0.25, 7]]))
  await first.append(block(20, []))
  await first.append(block(1_000_000, [[999_999, 5, -0.5, 2]]))
  await expect(first.append(block(20, []))).rejects.toThrow('are done already')
  writeFileSync(join(path, '000001000001.pairs.part'), 'half')

  const again = await PairSpool.open(path)
  expect([again.rowsDone, again.pairs]).toEqual([1_000_000, 3])
  expect([...(await again.column('queries'))]).toEqual([1, 3, 999_999])
  expect([...(await again.column('references'))]).toEqual([2, 4, 5])
  expect([...(await again.column('similarities'))]).toEqual([0.5, 0.25, -0.5])
  expect([...(await again.column('ranks'))]).toEqual([1, 7, 2])
  expect(readdirSync(path).some((name) => name.endsWith('.part'))).toBe(false)

  truncateSync(join(path, readdirSync(path).sort()[1] ?? ''), 2)
  const damaged = await PairSpool.open(path)
  expect([damaged.rowsDone, damaged.pairs]).toEqual([10, 2])
  expect(readdirSync(path)).toHaveLength(1)
})
