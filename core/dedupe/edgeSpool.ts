import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Edges } from './edgeList.ts'

const bins = 4096
/** A checkpoint is written at most this often. */
const checkpointEveryMilliseconds = 1_000

const checkpoint = z.object({
  digest: z.string(),
  rowsDone: z.number(),
  edges: z.number(),
  floor: z.number(),
  truncated: z.boolean(),
  provider: z.string(),
  counts: z.array(z.number())
})
type Checkpoint = z.infer<typeof checkpoint>

/** Edges written at once: the engine's loop breathes between two of them. */
const piece = 65_536

/** Bytes of one edge in the spool: int32 a, int32 b, float32 score. */
export const edgeBytes = 12

export interface SpoolOptions {
  /** Names the search: a spool of another one is thrown away. */
  readonly digest: string
  /** Least strength kept at first. */
  readonly floor: number
  /** Edges kept at most: beyond, the floor rises. */
  readonly cap: number
  /** 0..1, greater is stronger. */
  readonly strength: (score: number) => number
}

/**
 * Edges on their way to disk, in the order they are found, so that a search that is killed goes on where it was and the engine's memory holds one
 * chunk. When there are more than `cap`, the floor rises until three quarters are left (they are thrown out when the graph is written).
 */
export class EdgeSpool {
  readonly file: string
  readonly #options: SpoolOptions
  readonly #handle: FileHandle
  #state: Checkpoint
  #saved = 0

  private constructor(file: string, handle: FileHandle, options: SpoolOptions, state: Checkpoint) {
    this.file = file
    this.#handle = handle
    this.#options = options
    this.#state = state
  }

  /** Goes on with what lies there where it belongs to the same search, else starts afresh. */
  static async open(file: string, options: SpoolOptions): Promise<EdgeSpool> {
    const found = await readCheckpoint(file)
    if (found && found.digest === options.digest) {
      const handle = await open(file, 'r+').catch(() => null)
      if (handle && (await handle.stat()).size >= found.edges * edgeBytes) {
        await handle.truncate(found.edges * edgeBytes)
        return new EdgeSpool(file, handle, options, found)
      }
      await handle?.close()
    }
    const fresh = { digest: options.digest, rowsDone: 0, edges: 0, floor: options.floor, truncated: false, provider: '', counts: Array.from({ length: bins }, () => 0) }
    return new EdgeSpool(file, await open(file, 'w+'), options, fresh)
  }

  get rowsDone(): number {
    return this.#state.rowsDone
  }
  get floor(): number {
    return this.#state.floor
  }
  get truncated(): boolean {
    return this.#state.truncated
  }
  get provider(): string {
    return this.#state.provider
  }
  get edges(): number {
    return this.#state.edges
  }

  /** Adds a chunk: all edges of the rows before `rowsDone` are now here. `floor` and `truncated` as the search raised them. */
  async append({ a, b, score }: Edges, { rowsDone, provider, floor = 0, truncated = false }: { rowsDone: number; provider: string; floor?: number; truncated?: boolean }): Promise<void> {
    for (let from = 0; from < a.length; from += piece) await this.#write(a.subarray(from, from + piece), b.subarray(from, from + piece), score.subarray(from, from + piece))
    const state = this.#state
    this.#state = { ...state, rowsDone, provider, floor: Math.max(state.floor, floor), truncated: state.truncated || truncated }
    this.#raise()
    if (Date.now() - this.#saved > checkpointEveryMilliseconds) await this.save()
  }

  async save(): Promise<void> {
    this.#saved = Date.now()
    const part = `${progressFile(this.file)}.part`
    await writeFile(part, JSON.stringify(this.#state))
    await rename(part, progressFile(this.file))
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true })
    await rm(progressFile(this.file), { force: true })
  }

  async #write(a: Int32Array, b: Int32Array, score: Float32Array): Promise<void> {
    const { edges, counts } = this.#state
    const words = new Int32Array(a.length * 3)
    const scores = new Float32Array(words.buffer)
    for (let i = 0; i < a.length; i++) {
      words[3 * i] = a[i] as number
      words[3 * i + 1] = b[i] as number
      scores[3 * i + 2] = score[i] as number
      const bin = this.#bin(score[i] as number)
      counts[bin] = (counts[bin] as number) + 1
    }
    const bytes = new Uint8Array(words.buffer)
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at, bytes.length - at, edges * edgeBytes + at)).bytesWritten
    this.#state = { ...this.#state, edges: edges + a.length }
  }

  #bin(score: number): number {
    return Math.max(0, Math.min(bins - 1, Math.floor(this.#options.strength(score) * bins)))
  }

  #raise(): void {
    const { counts, floor } = this.#state
    const lowest = Math.floor(floor * bins)
    let kept = 0
    for (let bin = Math.min(lowest, bins - 1); bin < bins; bin++) kept += counts[bin] as number
    if (kept <= this.#options.cap) return
    let bin = bins
    let total = 0
    while (bin > 0 && total + (counts[bin - 1] as number) <= this.#options.cap * 0.75) total += counts[--bin] as number
    this.#state = bin === bins ? { ...this.#state, truncated: true } : { ...this.#state, floor: Math.max(floor, bin / bins) }
  }
}

const progressFile = (file: string): string => `${file}.json`

async function readCheckpoint(file: string): Promise<Checkpoint | null> {
  try {
    return checkpoint.parse(JSON.parse(await readFile(progressFile(file), 'utf8')))
  } catch {
    return null
  }
}
