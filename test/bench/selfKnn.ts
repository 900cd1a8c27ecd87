import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SearchHost } from '../../core/search/searchHost.ts'
import { VectorFile } from '../../core/search/vectorFile.ts'
import type { VectorSource } from '../../core/search/vectorSource.ts'
import { median, sgemmRate } from './machine.ts'
import type { BenchResult } from './result.ts'

const n = 20_000
const dim = 256
const k = 20
const rounds = 3

function unitVectors(): Float32Array {
  const vectors = Float32Array.from({ length: n * dim }, () => Math.random() - 0.5)
  for (let row = 0; row < n; row++) {
    const vector = vectors.subarray(row * dim, (row + 1) * dim)
    const norm = Math.hypot(...vector)
    for (let i = 0; i < dim; i++) vector[i] = (vector[i] ?? 0) / norm
  }
  return vectors
}

/** Exact self-kNN of 20,000 x 256, k = 20, from the file to the lists, against the bare time of its own matrix product. */
export async function benchSelfKnn(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const path = join(folder, 'vectors.bin')
  const file = await VectorFile.open(path, { dim, dtype: 'float32' })
  await file.append(unitVectors())
  await file.close()
  const ids = Int32Array.from({ length: n }, (_, i) => i)
  const source: VectorSource = { file: path, dim, dtype: 'float32', rows: ids, imageIds: ids }
  const search = new SearchHost()
  const engines = ['exact', 'faiss'] as const
  const results: BenchResult[] = []
  for (const engine of engines) {
    try {
      await search.knn({ queries: { ...source, rows: ids.slice(0, 16), imageIds: ids.slice(0, 16) }, references: source, k, engine, excludeSelf: true })
    } catch (error) {
      console.log(`skipped ${engine}: ${(error as Error).message}`)
      continue
    }
    const ratios: number[] = []
    const seconds: number[] = []
    for (let round = 0; round < rounds; round++) {
      const product = (n * n * dim) / 1e9 / (await sgemmRate())
      const start = performance.now()
      await search.knn({ queries: source, references: source, k, engine, excludeSelf: true })
      seconds.push((performance.now() - start) / 1000)
      ratios.push((seconds.at(-1) ?? 0) / product)
    }
    results.push({
      bench: 'knn',
      what: `${engine} self-kNN at 20,000 x 256, k = 20, of the time of the same product`,
      ratio: median(ratios),
      target: { atMost: engine === 'exact' ? 2 : 10 },
      unit: 'x',
      figures: { seconds: median(seconds), 'queries/s': n / median(seconds) }
    })
  }
  await search.close()
  rmSync(folder, { recursive: true })
  return results
}
