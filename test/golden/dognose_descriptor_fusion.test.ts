import { expect, test } from 'vitest'
import { featureMaps, maxPool, meanMaxPool, meanPool, signedGemPool } from '../../core/descriptors/featureMap.ts'
import { meanScores } from '../../core/descriptors/meanScores.ts'
import type { PairTable } from '../../core/descriptors/pairTable.ts'
import { normaliseRows } from '../../core/domain/matrix.ts'
import { dot } from '../../core/search/dot.ts'
import { golden } from './golden.ts'
import { largestDifference } from './numbers.ts'

interface Dognose {
  readonly dual_descriptor: { feature_map: number[][][][]; S: number[][]; M: number[][]; 'G(p=3)': number[][]; descriptor: number[][]; cosine_0_1: number }
  readonly fusion: { inputs: Record<string, number[]>; 'final_result.csv': string }
}

const { dual_descriptor: dual, fusion } = golden<Dognose>('dognose')

test('mean, maximum and generalised mean; mean beside maximum, of unit length, and the cosine', () => {
  const maps = featureMaps(Float32Array.from(dual.feature_map.flat(3)), dual.feature_map.length, dual.feature_map[0]?.length ?? 0)
  expect(largestDifference(meanPool(maps).data, dual.S.flat())).toBeLessThan(1e-5)
  expect(largestDifference(maxPool(maps).data, dual.M.flat())).toBeLessThan(1e-5)
  const { data, dim } = meanMaxPool(maps)
  normaliseRows(data, dim)
  expect(largestDifference(data, dual.descriptor.flat())).toBeLessThan(1e-5)
  expect(Math.abs(dot(data, 0, data, dim, dim) - dual.cosine_0_1)).toBeLessThan(1e-5)
  expect(largestDifference(signedGemPool(maps, 3).data, dual['G(p=3)'].flat())).toBeLessThan(1e-5)
})

test('the mean of the models’ scores, whatever the order of their rows', () => {
  const [, ...lines] = fusion['final_result.csv'].trim().split(/\r?\n/)
  const rows = lines.map((line) => line.split(','))
  const names = [...new Set(rows.flatMap(([a, b]) => [a, b]))]
  const numbers = (column: 0 | 1): Int32Array => Int32Array.from(rows, (row) => names.indexOf(row[column]))
  const tables = Object.values(fusion.inputs).map((scores, model): PairTable => {
    const order = scores.map((_, i) => (i * 2 + model) % scores.length).filter((row, i, all) => all.indexOf(row) === i)
    for (let i = 0; i < scores.length; i++) if (!order.includes(i)) order.push(i)
    const zeros = new Int32Array(scores.length)
    return { a: Int32Array.from(order, (i) => numbers(0)[i] as number), aParts: zeros, b: Int32Array.from(order, (i) => numbers(1)[i] as number), bParts: zeros, scores: Float64Array.from(order, (i) => scores[i] as number) }
  })
  const { table, incomplete } = meanScores(tables, { missing: 'error' })
  expect(incomplete).toBe(0)
  const found = new Map(Array.from(table.a, (a, i) => [`${names[a]},${names[table.b[i] as number]}`, table.scores[i] as number] as const))
  expect(found.size).toBe(rows.length)
  for (const [a, b, score] of rows) expect(Math.abs((found.get(`${a},${b}`) ?? Number.NaN) - Number(score))).toBeLessThan(1e-5)
})
