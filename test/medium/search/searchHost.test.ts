import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { SearchHost } from '../../../core/search/searchHost.ts'
import { clusteredVectors, scatteredVectors, naiveNeighbours, naivePairs, withVectors } from './randomVectors.ts'

const host = new SearchHost()
afterAll(() => host.close())
const faissLoads = (() => {
  try {
    createRequire(import.meta.url)('faiss-node')
    return true
  } catch {
    return false
  }
})()

test('both engines answer the same through their processes, and say what computed', async () => {
  const matrix = clusteredVectors(300, 16, 11)
  await withVectors(matrix, 16, async (source) => {
    const expected = naiveNeighbours(matrix, source.imageIds, 16, 7, true)
    const engines = faissLoads ? (['exact', 'faiss'] as const) : (['exact'] as const)
    for (const engine of engines) {
      const seen: number[] = []
      const found = await host.knn({ queries: source, references: source, k: 7, engine, excludeSelf: true }, { onProgress: (done, total) => void seen.push(done / total) })
      expect([...found.imageIds]).toEqual(expected.imageIds)
      expect(found.provider).toBe(engine === 'faiss' ? 'faiss' : 'cpu')
      expect(seen.at(-1)).toBe(1)
    }
  })
})

test('edges come in chunks and a search can go on in the middle', async () => {
  const matrix = clusteredVectors(200, 8, 4)
  await withVectors(matrix, 8, async (source) => {
    const pairs: string[] = []
    for (const from of [0, 120]) {
      await host.edges({ vectors: source, floor: 0.8, cap: 1e6, engine: 'exact', from }, async ({ a, b, score, floor }) => {
        if (from === 0) pairs.push(...Array.from(a, (first, i) => `${first} ${b[i]} ${score[i]}`))
        return floor
      })
    }
    expect(pairs.sort()).toEqual(naivePairs(matrix, source.imageIds, 8, 0.8))
  })
})

test('a search process that is killed is replaced and the search goes on', async () => {
  const matrix = scatteredVectors(20000, 96, 2)
  await withVectors(matrix, 96, async (source) => {
    const request = { queries: source, references: source, k: 3, engine: 'exact', excludeSelf: true } as const
    const whole = await host.knn(request)
    let killed = 0
    const again = await host.knn(request, {
      onProgress: () => {
        const pid = host.processes.exact
        if (killed === 0 && pid !== undefined) {
          killed = pid
          process.kill(pid, 'SIGKILL')
        }
      }
    })
    expect(killed).toBeGreaterThan(0)
    expect(host.processes.exact).not.toBe(killed)
    expect(again.imageIds).toEqual(whole.imageIds)
  })
})

test('an aborted search ends with the reason, and the next one works', async () => {
  const matrix = scatteredVectors(30000, 64, 2)
  await withVectors(matrix, 64, async (source) => {
    const request = { queries: source, references: source, k: 3, engine: 'exact', excludeSelf: true } as const
    const controller = new AbortController()
    const search = host.knn(request, { signal: controller.signal })
    await wait(150)
    controller.abort(new Error('enough'))
    await expect(search).rejects.toThrow('enough')
    const one = { ...source, rows: source.rows.slice(0, 1), imageIds: source.imageIds.slice(0, 1) }
    expect((await host.knn({ ...request, queries: one })).imageIds).toHaveLength(3)
  })
})

test('a missing vectors file is named', async () => {
  const source = await withVectors(clusteredVectors(10, 4, 1), 4, async (source) => source)
  await expect(host.knn({ queries: source, references: source, k: 1, engine: 'exact', excludeSelf: true })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(source.file) })
})

test.skipIf(!faissLoads)(`the faiss process is replaced before its leak grows${faissLoads ? '' : ' (skipped: faiss is not set up here, npm run setup:faiss)'}`, async () => {
  const small = new SearchHost({ mostLeakedBytes: 64 * 300 * 4 })
  const matrix = clusteredVectors(500, 64, 9)
  await withVectors(matrix, 64, async (source) => {
    const one = (row: number) => ({ ...source, rows: source.rows.slice(row, row + 200), imageIds: source.imageIds.slice(row, row + 200) })
    const seen: (number | undefined)[] = []
    for (const row of [0, 200, 300]) {
      await small.knn({ queries: one(row), references: source, k: 1, engine: 'faiss', excludeSelf: false })
      seen.push(small.processes.faiss)
    }
    expect(seen[0]).toBeDefined()
    expect(seen[1]).toBeUndefined()
    expect(seen[2]).not.toBe(seen[0])
  })
  await small.close()
})
