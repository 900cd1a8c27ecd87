import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Edges } from '../../../core/dedupe/edgeList.ts'
import { edgeBytes, EdgeSpool } from '../../../core/dedupe/edgeSpool.ts'
import { type Graph, readGraph, readGraphMeta, writeGraph } from '../../../core/dedupe/graphFile.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-graph-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const edges = (...scores: number[]): Edges => ({ a: Int32Array.from(scores, (_, i) => i + 1), b: Int32Array.from(scores, (_, i) => i + 100), score: Float32Array.from(scores) })

describe('graph file', () => {
  const graph: Graph = {
    meta: { kind: 'descriptor', digest: 'd', descriptorId: 3, model: 'modèle', engine: 'exact', provider: 'cpu', limit: 0.5, truncated: false, nodes: 3, edges: 2, at: 5 },
    nodes: { imageId: Int32Array.of(1, 2, 9), representative: Int32Array.of(1, 1, -1), print: Uint32Array.of(1, 2, 3, 4, 0xffffffff, 6) },
    edges: edges(0.9, 0.7)
  }

  test('comes back as it was written, over an older one', () => {
    const file = join(folder, 'g.graph')
    writeGraph(file, { ...graph, meta: { ...graph.meta, digest: 'older' } })
    writeGraph(file, graph)
    expect(readGraph(file)).toEqual(graph)
    expect(readGraphMeta(file)).toEqual(graph.meta)
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('is absent, or says what is wrong with it', async () => {
    const file = join(folder, 'g.graph')
    expect(readGraph(file)).toBeNull()
    expect(readGraphMeta(file)).toBeNull()
    writeGraph(file, graph)
    await truncate(file, (await stat(file)).size - 4)
    expect(() => readGraph(file)).toThrow(/g\.graph is not a graph of near-duplicates: it should have \d+ bytes and has \d+\. Search for near-duplicates again\./)
    await writeFile(file, 'something else altogether')
    expect(() => readGraph(file)).toThrow('it does not begin as one')
    expect(readGraphMeta(file)).toBeNull()
    await writeFile(file, '')
    expect(readGraphMeta(file)).toBeNull()
  })
})

describe('edge spool', () => {
  const options = { digest: 'x', floor: 0.5, cap: 100, strength: (score: number) => score }

  test('goes on from its checkpoint; what was written after it is cut off', async () => {
    const file = join(folder, 's')
    const first = await EdgeSpool.open(file, options)
    await first.append(edges(0.9, 0.8), { rowsDone: 10, provider: 'cpu' })
    await first.save()
    await first.append(edges(0.7), { rowsDone: 20, provider: 'cpu' })
    await first.close()
    const second = await EdgeSpool.open(file, options)
    expect({ rows: second.rowsDone, edges: second.edges, provider: second.provider }).toEqual({ rows: 10, edges: 2, provider: 'cpu' })
    await second.append(edges(0.6), { rowsDone: 20, provider: 'cpu' })
    await second.close()
    expect((await readFile(file)).length).toBe(3 * edgeBytes)
  })

  test('another search starts afresh, and so does one whose edges were lost', async () => {
    const file = join(folder, 's')
    const first = await EdgeSpool.open(file, options)
    await first.append(edges(0.9, 0.8), { rowsDone: 10, provider: 'cpu' })
    await first.save()
    await first.close()
    const other = await EdgeSpool.open(file, { ...options, digest: 'y' })
    expect({ rows: other.rowsDone, edges: other.edges }).toEqual({ rows: 0, edges: 0 })
    await other.close()
    await rm(file)
    const lost = await EdgeSpool.open(file, options)
    expect(lost.rowsDone).toBe(0)
    await lost.close()
    await lost.remove()
    expect(existsSync(file)).toBe(false)
  })

  test('raises the floor when there is too much, and gives up storing only when even the strongest do not fit', async () => {
    const spool = await EdgeSpool.open(join(folder, 's'), { ...options, cap: 10 })
    await spool.append(edges(...Array.from({ length: 12 }, (_, i) => 0.5 + i / 30)), { rowsDone: 1, provider: 'cpu' })
    expect(spool.floor).toBeGreaterThan(0.6)
    expect(spool.truncated).toBe(false)
    await spool.append(edges(...Array.from({ length: 12 }, () => 1)), { rowsDone: 2, provider: 'cpu' })
    expect(spool.truncated).toBe(true)
    await spool.close()
  })
})
