import { join } from 'node:path'
import { normaliseRows } from '../domain/matrix.ts'
import type { Match } from '../project/repositories/imageMatch.ts'
import { GrowingInt32 } from '../search/growingList.ts'
import { VectorFile } from '../search/vectorFile.ts'
import { IdJoin, type JoinReport, type Strictness } from './idJoin.ts'
import { openVectorTable, type VectorTableOptions } from './vectorTable.ts'

export interface ReadVectorsRequest extends VectorTableOptions {
  readonly file: string
  /** Scale every vector to length 1. */
  readonly normalise: boolean
  readonly strict: Strictness
}

export interface JoinedVectors {
  readonly dim: number
  /** Row of vectors.bin, image and part of each vector, in the order of the file; an image's part stands once. */
  readonly rows: Int32Array
  readonly images: Int32Array
  readonly parts: Int32Array
  readonly report: JoinReport
  /** Vectors of nothing but zeros: they are like nothing. */
  readonly zeros: number
}

/**
 * Reads a file of vectors, finds the image of each and writes the vectors of those found to `folder`/vectors.bin (float32), block by block.
 * `images`: the images that ids may name. Throws what openVectorTable and IdJoin throw.
 */
export async function readVectorFile({ file, normalise, strict, ...options }: ReadVectorsRequest, { match, images, folder, report, signal }: {
  match: (id: string) => Match; images: Int32Array; folder: string; report?: (rows: number) => void; signal?: AbortSignal
}): Promise<JoinedVectors> {
  const table = await openVectorTable(file, options)
  const idJoin = new IdJoin(table.name)
  const found = { images: new GrowingInt32(), parts: new GrowingInt32(), places: new GrowingInt32() }
  let target: VectorFile | null = null
  let dim = 1
  let zeros = 0
  let word = 'row'
  try {
    for await (const block of table.blocks(signal)) {
      dim = block.dim
      target ??= await VectorFile.open(join(folder, 'vectors.bin'), { dim, dtype: 'float32', committedRows: 0 })
      word = block.place(0).split(' ')[0] as string
      let kept = 0
      for (let i = 0; i < block.rows; i++) {
        const image = idJoin.find(block.ids[i] as string, () => block.place(i), match)
        if (image === null) continue
        found.images.push(image)
        found.parts.push(block.parts?.[i] ?? 0)
        found.places.push(Number(block.place(i).slice(word.length + 1)))
        if (block.data.subarray(i * dim, (i + 1) * dim).every((value) => value === 0)) zeros++
        if (kept < i) block.data.copyWithin(kept * dim, i * dim, (i + 1) * dim)
        kept++
      }
      const vectors = block.data.subarray(0, kept * dim)
      if (normalise) normaliseRows(vectors, dim)
      await target.append(vectors)
      report?.(block.first + block.rows)
    }
    const once = firstOfEach(found.images.view(), found.parts.view(), (again, earlier) => {
      idJoin.duplicate(`image ${found.images.view()[again] as number}`, () => `${word} ${found.places.view()[again] as number}`, `The same image as ${word} ${found.places.view()[earlier] as number}, which stands.`)
    })
    const chosen = once.map((row) => found.images.view()[row] as number)
    return {
      dim, zeros, rows: once, images: chosen, parts: once.map((row) => found.parts.view()[row] as number),
      report: idJoin.report(strict, images.length - new Set(chosen).size)
    }
  } finally {
    await target?.close()
    await table.close()
  }
}

/** The rows that are the first of their image and part, ascending; `again` hears of the others, in order. */
export function firstOfEach(images: Int32Array, parts: Int32Array, again: (row: number, earlier: number) => void): Int32Array {
  const order = Int32Array.from(images.keys()).sort((x, y) => (images[x] as number) - (images[y] as number) || (parts[x] as number) - (parts[y] as number) || x - y)
  const earlier = new Int32Array(images.length).fill(-1)
  for (let at = 1, first = 0; at < order.length; at++) {
    const [row, before] = [order[at] as number, order[first] as number]
    if (images[row] === images[before] && parts[row] === parts[before]) earlier[row] = before
    else first = at
  }
  const kept = new GrowingInt32()
  earlier.forEach((before, row) => (before < 0 ? kept.push(row) : again(row, before)))
  return kept.view().slice()
}
