/** The thread that prepares a search for near-duplicates and writes what it found: identical pictures collapse to one before anything is compared. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { openForReading } from '../project/connection.ts'
import { DuplicateReads, type ImagePrints } from '../project/repositories/duplicates.ts'
import type { VectorSource } from '../search/vectorSource.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { sortEdges } from './edgeList.ts'
import { edgeBytes } from './edgeSpool.ts'
import { type GraphMeta, type GraphNodes, writeGraph } from './graphFile.ts'
import { rowOf } from './groupBook.ts'
import { bitsSet, orientedBytes } from './hammingScan.ts'
import { HashTable, hashWords, identicalClasses, sameHash } from './identicalImages.ts'

/** A hash with so few bits set (of 64; a photograph has 32) comes from a picture with next to no structure: it is near to any other such hash. */
const fewestBits = 8
/** Standard deviation of luma, 0..0.5: below, a picture is a flat area to the eye. */
const leastContrast = 0.01

export interface Loaded {
  readonly images: number
  /** Images whose bytes an earlier image has; further ones whose pixels an earlier image has. */
  readonly exactCopies: number
  readonly pixelCopies: number
}
export interface PerceptualInput {
  readonly imageIds: Int32Array
  /** 64 bytes an image, in shared memory: every thread that compares reads the same. */
  readonly hashes: SharedArrayBuffer
  /** Distinct pictures left out because they are flat. */
  readonly flat: number
  readonly digest: string
}
export interface DescriptorInput {
  readonly source: VectorSource
  readonly digest: string
}
export interface Finish {
  readonly spool: string
  readonly edges: number
  readonly file: string
  readonly strongest: 'descending' | 'ascending'
  readonly most: number
  readonly meta: Omit<GraphMeta, 'nodes' | 'edges'>
}

const { database } = workerData as { database: string }
const db = openForReading(database)
const reads = new DuplicateReads(db)
let prints: ImagePrints | null = null
let classOf = new Int32Array(0)

const graphThread = {
  load(_context: CallContext): Loaded {
    prints = reads.prints()
    const { ids, sha, pixels } = prints
    const shas = new HashTable(sha)
    classOf = Int32Array.from(identicalClasses(shas, new HashTable(pixels), ids.length))
    let copies = 0
    let exactCopies = 0
    for (let row = 0; row < ids.length; row++) {
      if (classOf[row] !== row) copies++
      const next = shas.next[row] as number
      if (next >= 0 && sameHash(sha, row, sha, next)) exactCopies++
    }
    return { images: ids.length, exactCopies, pixelCopies: copies - exactCopies }
  },

  perceptual(_context: CallContext): PerceptualInput {
    const { ids } = loaded()
    const all = reads.perceptual()
    const chosen: number[] = []
    let flat = 0
    for (const [i, id] of all.ids.entries()) {
      const row = rowOf(ids, id)
      if (row < 0 || classOf[row] !== row) continue
      const bits = bitsSet(all.hashes, i * orientedBytes)
      if (bits < fewestBits || bits > 64 - fewestBits || (all.contrast[i] as number) < leastContrast) flat++
      else chosen.push(i)
    }
    const hashes = new SharedArrayBuffer(Math.max(1, chosen.length * orientedBytes))
    const bytes = new Uint8Array(hashes)
    for (const [at, i] of chosen.entries()) bytes.set(all.hashes.subarray(i * orientedBytes, (i + 1) * orientedBytes), at * orientedBytes)
    const imageIds = Int32Array.from(chosen, (i) => all.ids[i] as number)
    return { imageIds, hashes, flat, digest: digestOf(['perceptual 1', Uint8Array.from(bytes), imageIds]) }
  },

  /** One row for each class of identical pictures: that of the first image that has one. */
  collapse(source: VectorSource, parameters: string, _context: CallContext): DescriptorInput {
    const { ids } = loaded()
    const first = new Int32Array(ids.length).fill(-1)
    const rowsOf = Int32Array.from(source.imageIds, (id) => rowOf(ids, id))
    for (const [at, row] of rowsOf.entries()) {
      if (row < 0) continue
      const root = classOf[row] as number
      const before = first[root] as number
      if (before < 0 || (source.imageIds[at] as number) < (source.imageIds[before] as number)) first[root] = at
    }
    const kept = first.filter((at) => at >= 0).sort((a, b) => (source.rows[a] as number) - (source.rows[b] as number))
    const collapsed = { ...source, rows: kept.map((at) => source.rows[at] as number), imageIds: kept.map((at) => source.imageIds[at] as number) }
    return { source: collapsed, digest: digestOf([`descriptor 1 ${source.file} ${source.dim} ${source.dtype} ${parameters}`, collapsed.rows, collapsed.imageIds]) }
  },

  /**
   * Sorts what lies in the spool and writes the graph, with the images that were looked at. `representatives`: the images that were compared, each
   * for its class; null: the first of every class. Returns how many edges the graph holds.
   */
  finish({ spool, edges: count, file, strongest, most, meta }: Finish, representatives: Int32Array | null, _context: CallContext): number {
    const { a, b, score, limit } = { ...readSpool(spool, count), limit: meta.limit }
    const within = strongest === 'descending' ? (value: number) => value >= Math.fround(limit) : (value: number) => value <= limit
    let kept = 0
    for (let i = 0; i < count; i++) {
      if (!within(score[i] as number)) continue
      a[kept] = a[i] as number
      b[kept] = b[i] as number
      score[kept++] = score[i] as number
    }
    const edges = sortEdges({ a: a.subarray(0, kept), b: b.subarray(0, kept), score: score.subarray(0, kept) }, strongest, most)
    const nodes = nodesFor(representatives)
    writeGraph(file, { meta: { ...meta, nodes: nodes.imageId.length, edges: edges.a.length, truncated: meta.truncated || kept > most }, nodes, edges })
    return edges.a.length
  },

  close(_context: CallContext): void {
    db.close()
  }
}
export type GraphThread = typeof graphThread

function loaded(): ImagePrints {
  if (!prints) throw new Error('load must be called first')
  return prints
}

/** Every image with who stands for its class, so that a representative that goes away can be replaced. */
function nodesFor(representatives: Int32Array | null): GraphNodes {
  const { ids, sha } = loaded()
  const standsFor = new Int32Array(ids.length).fill(-1)
  for (const id of representatives ?? ids) {
    const row = rowOf(ids, id)
    if (row < 0) continue
    const root = classOf[row] as number
    if (representatives || root === row) standsFor[root] = id
  }
  return {
    imageId: ids,
    representative: classOf.map((root) => standsFor[root] as number),
    print: Uint32Array.from({ length: ids.length * 2 }, (_, i) => sha[(i >> 1) * hashWords + (i & 1)] as number)
  }
}

/** What identifies the pictures and their classes, together with the parameters. */
function digestOf(parts: readonly (string | NodeJS.TypedArray)[]): string {
  const { ids, sha } = loaded()
  const hash = createHash('sha256')
  for (const part of [...parts, ids, sha, classOf]) hash.update(typeof part === 'string' ? part : new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return hash.digest('hex')
}

function readSpool(file: string, count: number): { a: Int32Array; b: Int32Array; score: Float32Array } {
  const a = new Int32Array(count)
  const b = new Int32Array(count)
  const score = new Float32Array(count)
  const block = 65536
  const words = new Int32Array(block * 3)
  const scores = new Float32Array(words.buffer)
  const handle = openSync(file, 'r')
  try {
    for (let done = 0; done < count; ) {
      const some = Math.min(block, count - done)
      for (let at = 0; at < some * edgeBytes; ) {
        const read = readSync(handle, words, at, some * edgeBytes - at, done * edgeBytes + at)
        if (read === 0) throw new Error(`${file} ended early`)
        at += read
      }
      for (let i = 0; i < some; i++) {
        a[done + i] = words[3 * i] as number
        b[done + i] = words[3 * i + 1] as number
        score[done + i] = scores[3 * i + 2] as number
      }
      done += some
    }
  } finally {
    closeSync(handle)
  }
  return { a, b, score }
}

if (!parentPort) throw new Error('graph.thread.ts is the entry of a worker thread')
serveThread(parentPort, graphThread)
