import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuplicateSettings } from '../../core/contract/duplicates.ts'
import { type Edges, sortEdges } from '../../core/dedupe/edgeList.ts'
import { descriptorGraph, writeGraph } from '../../core/dedupe/graphFile.ts'
import type { GroupsThread, GroupsThreadData } from '../../core/dedupe/groups.thread.ts'
import { hashWords } from '../../core/dedupe/identicalImages.ts'
import { openForReading } from '../../core/project/connection.ts'
import { DuplicateReads } from '../../core/project/repositories/duplicates.ts'
import { startThread } from '../../core/workers/thread.ts'
import { bigProject } from './library.ts'
import { median } from './machine.ts'
import type { BenchResult } from './result.ts'
import { quiet, spent } from './spent.ts'

const images = 200_000
const edges = 1_000_000
const descriptorId = 1
const thresholds = [0.8, 0.85, 0.9, 0.95]
const rounds = 4

/** A million edges: most inside small groups, as near-duplicates are, the rest anywhere. */
function randomEdges(ids: Int32Array): Edges {
  const a = new Int32Array(edges)
  const b = new Int32Array(edges)
  const score = new Float32Array(edges)
  for (let i = 0; i < edges; i++) {
    const from = Math.floor(Math.random() * images)
    const to = Math.random() < 0.9 ? (from + 1 + Math.floor(Math.random() * 20)) % images : (from + 1 + Math.floor(Math.random() * (images - 1))) % images
    a[i] = ids[Math.min(from, to)] as number
    b[i] = ids[Math.max(from, to)] as number
    score[i] = 0.8 + Math.random() * 0.2
  }
  return sortEdges({ a, b, score }, 'descending')
}

/** Writes what a search over all images of the project would have left. */
function storeGraph(project: string, graphsFolder: string): void {
  const db = openForReading(join(project, 'project.db'))
  const { ids, sha } = new DuplicateReads(db).images()
  db.close()
  mkdirSync(graphsFolder, { recursive: true })
  const found = randomEdges(ids)
  writeGraph(descriptorGraph(graphsFolder, descriptorId), {
    meta: { kind: 'descriptor', digest: '', descriptorId, model: 'bench', engine: 'exact', provider: 'cpu', limit: 0.8, truncated: false, nodes: ids.length, edges: found.a.length, at: 0 },
    nodes: { imageId: ids, representative: ids, print: Uint32Array.from({ length: ids.length * 2 }, (_, i) => sha[(i >> 1) * hashWords + (i & 1)] as number) },
    edges: found
  })
}

/** Moving the threshold over a million stored edges, through the thread that the window asks: the new groups in order, and the numbers beside them. */
export async function benchRegrouping(): Promise<BenchResult[]> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const project = await bigProject(home, images)
  const graphsFolder = join(home, 'graphs')
  storeGraph(project, graphsFolder)
  const data: GroupsThreadData = { database: join(project, 'project.db'), graphsFolder, vectorsFolder: join(home, 'vectors') }
  const thread = startThread<GroupsThread>(new URL('../../core/dedupe/groups.thread.ts', import.meta.url), data)
  const settings = (threshold: number): DuplicateSettings => ({ descriptorId, threshold, radius: null, rules: ['protected', 'labelled', 'larger', 'sharper', 'older', 'shorter-path'] })
  const call = thread.connection
  const loading = performance.now()
  await call.call('summary', [settings(0.99)])
  const first = performance.now() - loading

  const replay: number[] = []
  const wall: number[] = []
  const cpu: number[] = []
  let groups = 0
  const { others } = await spent(async () => {
    for (let round = 0; round < rounds; round++) {
      for (const threshold of thresholds) {
        const start = performance.now()
        const before = process.cpuUsage()
        groups = (await call.call('list', [settings(threshold), { state: 'all' }, 'path'])).groups.length
        const { milliseconds } = await call.call('summary', [settings(threshold)])
        const { user, system } = process.cpuUsage(before)
        wall.push(performance.now() - start)
        cpu.push((user + system) / 1000)
        replay.push(milliseconds)
      }
    }
  })
  await thread.end()
  rmSync(home, { recursive: true })
  const judged = others > quiet ? 'cpu' : 'wall'
  const both = { wall: median(wall), cpu: median(cpu) }
  return [{
    bench: 'regrouping',
    what: 'another threshold over a million stored edges of 200,000 images: groups, their order, and the summary',
    ratio: both[judged],
    judged,
    ...both,
    others,
    target: { atMost: 100 },
    unit: 'ms',
    figures: { 'stars alone ms': median(replay), 'slowest ms': Math.max(...wall), 'first look (reads everything) ms': first, groups }
  }]
}
