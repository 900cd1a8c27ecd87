import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NeighbourPairs } from './pairColumns.ts'
import type { NeighbourBlock } from './sameLabelNeighbours.ts'

const columnNames = ['queries', 'references', 'similarities', 'ranks'] as const
const fileName = /^(\d{12})\.pairs$/

/**
 * Blocks of found pairs on disk, one file a block named after the rows that are done with it, so that a search that was killed goes on where it
 * was, and a hundred million pairs never stand in memory with the vectors: columns are read back one at a time.
 * A file is its number of pairs as int32 and then the four columns, 4 bytes a value, little-endian.
 */
export class PairSpool {
  readonly #folder: string
  readonly #blocks: { file: string; pairs: number }[] = []
  #rowsDone = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Takes up what lies in the folder, as far as it is whole: what a killed process left half done, and whatever comes after a damaged file, is removed. */
  static async open(folder: string): Promise<PairSpool> {
    await mkdir(folder, { recursive: true })
    const spool = new PairSpool(folder)
    let whole = true
    for (const file of (await readdir(folder)).sort()) {
      const rows = fileName.exec(file)?.[1]
      const pairs = whole && rows !== undefined ? await pairsIn(join(folder, file)) : null
      if (rows === undefined || pairs === null) {
        whole &&= rows === undefined
        await rm(join(folder, file), { force: true })
        continue
      }
      spool.#blocks.push({ file, pairs })
      spool.#rowsDone = Number(rows)
    }
    return spool
  }

  /** All pairs of the queries before this row are here. */
  get rowsDone(): number {
    return this.#rowsDone
  }

  get pairs(): number {
    return this.#blocks.reduce((sum, { pairs }) => sum + pairs, 0)
  }

  /** Blocks must come in the order of their rows. */
  async append(block: NeighbourBlock): Promise<void> {
    if (block.rowsDone <= this.#rowsDone) throw new RangeError(`Rows before ${this.#rowsDone} are done already; a block up to ${block.rowsDone} came.`)
    const file = `${String(block.rowsDone).padStart(12, '0')}.pairs`
    const part = join(this.#folder, `${file}.part`)
    const handle = await open(part, 'w')
    try {
      for (const data of [Int32Array.of(block.queries.length), ...columnNames.map((name) => block[name])]) await handle.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, join(this.#folder, file))
    this.#blocks.push({ file, pairs: block.queries.length })
    this.#rowsDone = block.rowsDone
  }

  /** One column of all blocks, in their order. */
  async column<N extends keyof NeighbourPairs>(name: N): Promise<NeighbourPairs[N]> {
    const place = columnNames.indexOf(name)
    const values = name === 'similarities' ? new Float32Array(this.pairs) : new Int32Array(this.pairs)
    let at = 0
    for (const { file, pairs } of this.#blocks) {
      const bytes = await readFile(join(this.#folder, file))
      const column = bytes.buffer.slice(bytes.byteOffset + 4 + place * pairs * 4, bytes.byteOffset + 4 + (place + 1) * pairs * 4)
      values.set(name === 'similarities' ? new Float32Array(column) : new Int32Array(column), at)
      at += pairs
    }
    return values as NeighbourPairs[N]
  }
}

/** How many pairs the file says it holds; null where it does not hold them. */
async function pairsIn(path: string): Promise<number | null> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const count = Buffer.alloc(4)
    const { bytesRead } = await handle.read(count, 0, 4, 0)
    const pairs = count.readInt32LE()
    return bytesRead === 4 && size === 4 + pairs * 16 ? pairs : null
  } finally {
    await handle.close()
  }
}
