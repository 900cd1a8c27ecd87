import { closeSync, fsyncSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { WinnowError } from '../domain/errors.ts'
import type { Edges } from './edgeList.ts'

const magic = 'WINGRAPH'
const version = 1
const headerBytes = 16
const mostMetaBytes = 65536

/** What a search found, and on what. */
const graphMeta = z.object({
  kind: z.enum(['perceptual', 'descriptor']),
  /** Names the images and parameters: where it is the same, the search need not be done again. */
  digest: z.string(),
  descriptorId: z.number().nullable(),
  model: z.string().nullable(),
  engine: z.string(),
  provider: z.string(),
  /** Least cosine (descriptor) or greatest Hamming distance (perceptual) that is complete in here. */
  limit: z.number(),
  /** True where even the strongest edges were too many and some were left out. */
  truncated: z.boolean(),
  nodes: z.number(),
  edges: z.number(),
  at: z.number()
})
export type GraphMeta = z.infer<typeof graphMeta>

/**
 * The images that were looked at: `representative[i]` stands for image `imageId[i]` in the edges (-1 where it had no vector to compare), `print` is 2
 * words of its content's hash.
 */
export interface GraphNodes {
  readonly imageId: Int32Array
  readonly representative: Int32Array
  readonly print: Uint32Array
}

/** The machine's edges on disk. Perceptual scores are distances, ascending; descriptor scores cosines, descending. */
export interface Graph {
  readonly meta: GraphMeta
  readonly nodes: GraphNodes
  readonly edges: Edges
}

export const perceptualGraph = (folder: string): string => join(folder, 'perceptual.graph')
export const descriptorGraph = (folder: string, descriptorId: number): string => join(folder, `descriptor-${descriptorId}.graph`)

/** Writes beside the target, waits for the disk, renames: a reader sees the old file or the new one. */
export function writeGraph(file: string, { meta, nodes, edges }: Graph): void {
  const json = Buffer.from(JSON.stringify(meta))
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ')
  json.copy(padded)
  const header = Buffer.alloc(headerBytes)
  header.write(magic, 0, 'latin1')
  header.writeUInt32LE(version, 8)
  header.writeUInt32LE(padded.length, 12)
  const part = `${file}.part`
  const handle = openSync(part, 'w', 0o644)
  try {
    for (const bytes of [header, padded, nodes.imageId, nodes.representative, nodes.print, edges.a, edges.b, edges.score]) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let at = 0; at < view.length; ) at += writeSync(handle, view, at)
    }
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(part, file)
}

/** Null where there is none. Throws CORRUPT naming the file where it is not what it says. */
export function readGraph(file: string): Graph | null {
  const bytes = readWhole(file)
  if (!bytes) return null
  const meta = metaOf(bytes, file)
  let at = headerBytes + bytes.readUInt32LE(12)
  const { nodes: n, edges: m } = meta
  if (bytes.length !== at + 16 * n + 12 * m) throw corrupt(file, `it should have ${at + 16 * n + 12 * m} bytes and has ${bytes.length}`)
  // A fresh buffer, so that the views are aligned and nothing else shares it.
  const data = new Uint8Array(bytes.length - at)
  data.set(bytes.subarray(at))
  at = 0
  const take = <T>(make: (buffer: ArrayBuffer, offset: number, length: number) => T, length: number): T => {
    const view = make(data.buffer, at, length)
    at += length * 4
    return view
  }
  const int32 = (buffer: ArrayBuffer, offset: number, length: number): Int32Array => new Int32Array(buffer, offset, length)
  const nodes = { imageId: take(int32, n), representative: take(int32, n), print: take((b, o, l) => new Uint32Array(b, o, l), 2 * n) }
  const edges = { a: take(int32, m), b: take(int32, m), score: take((b, o, l) => new Float32Array(b, o, l), m) }
  return { meta, nodes, edges }
}

/** Only what was searched and how; null where there is no file or it cannot be used. */
export function readGraphMeta(file: string): GraphMeta | null {
  let handle: number | undefined
  try {
    handle = openSync(file, 'r')
    const header = Buffer.alloc(headerBytes)
    readSync(handle, header, 0, headerBytes, 0)
    const bytes = Buffer.alloc(headerBytes + Math.min(header.readUInt32LE(12), mostMetaBytes))
    readSync(handle, bytes, 0, bytes.length, 0)
    return metaOf(bytes, file)
  } catch {
    return null
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

function readWhole(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  }
}

function metaOf(bytes: Buffer, file: string): GraphMeta {
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 8) !== magic) throw corrupt(file, 'it does not begin as one')
  if (bytes.readUInt32LE(8) !== version) throw corrupt(file, `its version is ${bytes.readUInt32LE(8)}, this program knows ${version}`)
  const length = bytes.readUInt32LE(12)
  try {
    return graphMeta.parse(JSON.parse(bytes.toString('utf8', headerBytes, headerBytes + length)))
  } catch {
    throw corrupt(file, 'its description cannot be read')
  }
}

const corrupt = (file: string, why: string): WinnowError => new WinnowError('CORRUPT', `${file} is not a graph of near-duplicates: ${why}. Search for near-duplicates again.`)
