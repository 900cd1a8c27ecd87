/** Between rows by number, which the mathematics speaks of, and parts of images, which artefacts speak of. */
import { partKey } from '../descriptors/partKey.ts'
import type { RankedLists } from '../domain/rankedLists.ts'
import { stackRows } from '../rerank/stackRows.ts'
import type { ArtefactWriter } from './artefact.ts'
import { type Lists, type Vectors, writeLists } from './kinds.ts'
import { columnsOf } from './vectorKeys.ts'

/** Row i is part parts[i] of image images[i]. */
export interface RowNames {
  readonly images: Int32Array
  readonly parts: Int32Array
}

/** Numbers parts of images from 0 on, in the order in which they are met. */
export class RowBook {
  readonly #rows = new Map<number, number>()

  static of({ images, parts }: RowNames): RowBook {
    const book = new RowBook()
    for (let i = 0; i < images.length; i++) book.number(images[i] as number, parts[i] as number)
    return book
  }

  get size(): number {
    return this.#rows.size
  }

  /** The row's number; a new one where it was not met before. */
  number(image: number, part: number): number {
    const key = partKey(image, part)
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    this.#rows.set(key, this.#rows.size)
    return this.#rows.size - 1
  }

  /** -1 where it was not met. */
  find(image: number, part: number): number {
    return this.#rows.get(partKey(image, part)) ?? -1
  }

  names(): RowNames {
    return columnsOf([...this.#rows.keys()])
  }
}

/** Lists by row number as lists of parts of images. */
export function namedLists({ k, indices, scores }: RankedLists, queries: RowNames, references: RowNames): Lists {
  return {
    queries: queries.images,
    queryParts: queries.parts,
    k,
    references: indices.map((row) => (row < 0 ? -1 : (references.images[row] as number))),
    referenceParts: indices.map((row) => (row < 0 ? 0 : (references.parts[row] as number))),
    scores
  }
}

/** Lists of parts of images by row number; parts that the book has not met become new rows of it. */
export function numberedLists({ queries, k, references, referenceParts, scores }: Lists, book: RowBook): RankedLists {
  return { queries: queries.length, k, indices: references.map((image, i) => (image < 0 ? -1 : book.number(image, referenceParts[i] as number))), scores }
}

/** Writes re-ranked lists; `before` beside each entry is its score before the step (NaN: it was not listed). */
export async function writeReranked(out: ArtefactWriter, lists: Lists, before: Float32Array | null, summary: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  if (before) await out.column('before', before, [lists.queries.length, lists.k])
  await writeLists(out, lists, summary, facts)
}

/** The rows of the first, then those of the second. */
export const stackVectors = (first: Vectors, second: Vectors): Vectors =>
  ({ matrix: stackRows(first.matrix, second.matrix), images: joined(first.images, second.images), parts: joined(first.parts, second.parts) })

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
