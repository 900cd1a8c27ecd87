import * as fc from 'fast-check'
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rowBytes, VectorFile } from '../../../core/search/vectorFile.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-vectors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newPath = (): string => join(folder, `${files++}.bin`)

const chunks = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 6 })).chain(([dim, rows]) =>
  fc.record({
    dim: fc.constant(dim),
    parts: fc.tuple(...rows.map((n) => fc.float32Array({ minLength: n * dim, maxLength: n * dim, noNaN: true, min: -4, max: 4 })))
  })
)

test('what was appended in chunks is read back, whichever block is asked for', async () => {
  await fc.assert(fc.asyncProperty(chunks, fc.constantFrom('float32' as const, 'float16' as const), fc.nat(), fc.nat(), async ({ dim, parts }, dtype, a, b) => {
    const path = newPath()
    const file = await VectorFile.open(path, { dim, dtype })
    let rows = 0
    for (const part of parts) {
      expect(await file.append(part)).toBe(rows)
      rows += part.length / dim
    }
    await file.close()
    const again = await VectorFile.open(path, { dim, dtype, readOnly: true })
    expect(again.rows).toBe(rows)
    const from = a % (rows + 1)
    const count = b % (rows - from + 1)
    const expected = parts.flatMap((part) => [...part]).slice(from * dim, (from + count) * dim)
    const read = await again.read(from, count)
    if (dtype === 'float32') expect([...read]).toEqual(expected)
    else for (const [i, value] of read.entries()) expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThanOrEqual(2 ** -10 * Math.max(Math.abs(value), 2 ** -14))
    await again.close()
    rmSync(path)
  }), { numRuns: 60 })
})

test('what an engine wrote but did not commit is cut off and written over', async () => {
  const path = newPath()
  const options = { dim: 2, dtype: 'float32' as const }
  const file = await VectorFile.open(path, options)
  await file.append(Float32Array.of(1, 2, 3, 4, 5, 6))
  await file.close()
  appendFileSync(path, Buffer.from([1, 2, 3]))
  const resumed = await VectorFile.open(path, { ...options, committedRows: 2 })
  expect(resumed.rows).toBe(2)
  expect(statSync(path).size).toBe(2 * rowBytes(2, 'float32'))
  expect(await resumed.append(Float32Array.of(7, 8))).toBe(2)
  expect([...(await resumed.read(0, 3))]).toEqual([1, 2, 3, 4, 7, 8])
  await resumed.close()
})

test('a file that lost rows, is missing, or is read beyond its end says so', async () => {
  const path = newPath()
  const file = await VectorFile.open(path, { dim: 4, dtype: 'float16' })
  await file.append(new Float32Array(12))
  await expect(file.read(2, 2)).rejects.toThrow(/holds 3 of 4 vectors.*Embed again/)
  await expect(file.append(new Float32Array(3))).rejects.toThrow('whole rows')
  await file.close()
  truncateSync(path, 17)
  await expect(VectorFile.open(path, { dim: 4, dtype: 'float16', committedRows: 3 })).rejects.toThrow(/holds 2 of 3 vectors/)
  const missing = newPath()
  await expect(VectorFile.open(missing, { dim: 4, dtype: 'float16', readOnly: true })).rejects.toThrow(/is missing/)
  expect(existsSync(missing)).toBe(false)
})
