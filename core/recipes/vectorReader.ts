import { WinnowError } from '../domain/errors.ts'
import { type Matrix, normaliseRows } from '../domain/matrix.ts'
import type { RowReader } from '../search/rowReader.ts'
import { VectorFile } from '../search/vectorFile.ts'
import type { Artefact } from './artefact.ts'
import { type Vectors, vectorsSource } from './kinds.ts'

/** Rows that follow each other in the file are read in one go, at most so many. */
const most = 8192

/**
 * The rows of a vectors artefact, read when they are asked for, so that sets larger than memory can be gone through. With `unit` every row
 * is scaled to length 1 (a row of zeros stays zeros): inner products are cosines. Reading throws BAD_INPUT naming the image of a vector that
 * holds a value that is no finite number.
 */
export class VectorReader implements RowReader {
  readonly rows: number
  readonly dim: number
  readonly images: Int32Array
  readonly parts: Int32Array
  /** Ids of the models behind the vectors. */
  readonly models: readonly string[]
  readonly #file: VectorFile
  readonly #fileRows: Int32Array
  readonly #unit: boolean

  private constructor(file: VectorFile, fileRows: Int32Array, { dim, images, parts, models, unit }: { dim: number; images: Int32Array; parts: Int32Array; models: readonly string[]; unit: boolean }) {
    this.rows = fileRows.length
    this.dim = dim
    this.images = images
    this.parts = parts
    this.models = models
    this.#file = file
    this.#fileRows = fileRows
    this.#unit = unit
  }

  static async open(artefact: Artefact, { unit }: { unit: boolean }): Promise<VectorReader> {
    const { file: path, dim, dtype, rows, imageIds, parts } = await vectorsSource(artefact)
    const file = await VectorFile.open(path, { dim, dtype, readOnly: true })
    return new VectorReader(file, rows, { dim, images: imageIds, parts, models: modelsOf(artefact), unit })
  }

  async read(from: number, count: number): Promise<Float32Array> {
    const data = new Float32Array(count * this.dim)
    for (let done = 0; done < count; ) {
      const first = this.#fileRows[from + done] as number
      let run = 1
      while (done + run < count && run < most && this.#fileRows[from + done + run] === first + run) run++
      data.set(await this.#file.read(first, run), done * this.dim)
      done += run
    }
    this.#check(data, from)
    if (this.#unit) normaliseRows(data, this.dim)
    return data
  }

  async matrix(): Promise<Matrix> {
    return { rows: this.rows, dim: this.dim, data: await this.read(0, this.rows) }
  }

  #check(data: Float32Array, from: number): void {
    for (let at = 0, row = from; at < data.length; at += this.dim, row++) {
      let sum = 0
      // 0 x infinity and 0 x NaN are NaN, and NaN stays.
      for (let i = at; i < at + this.dim; i++) sum += (data[i] as number) * 0
      if (sum !== 0) throw new WinnowError('BAD_INPUT', `The vector of ${partName(this.images[row] as number, this.parts[row] as number)} holds a value that is no finite number. Embed that image again, or leave it out.`)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** Opens the artefacts, calls `use`, and closes them whatever happens. */
export async function withReaders<T>(artefacts: readonly Artefact[], { unit }: { unit: boolean }, use: (readers: VectorReader[]) => Promise<T>): Promise<T> {
  const readers: VectorReader[] = []
  try {
    for (const artefact of artefacts) readers.push(await VectorReader.open(artefact, { unit }))
    return await use(readers)
  } finally {
    for (const reader of readers) await reader.close()
  }
}

/** All rows in memory, in the artefact's order; with `unit` at length 1, which cosines need. For sets that fit. Throws as VectorReader does. */
export async function readVectors(artefact: Artefact, { unit = false } = {}): Promise<Vectors> {
  return await withReaders([artefact], { unit }, async ([reader]) => {
    const { images, parts } = reader as VectorReader
    return { matrix: await (reader as VectorReader).matrix(), images, parts }
  })
}

/** Ids of the models behind an artefact, as far as it says. */
export function modelsOf({ facts }: Pick<Artefact, 'facts'>): string[] {
  const { models } = facts
  return Array.isArray(models) ? models.filter((model) => typeof model === 'string') : []
}

/** Ids of the models behind any of these, each once. */
export const modelsOfAll = (artefacts: readonly Artefact[]): string[] => [...new Set(artefacts.flatMap(modelsOf))]

/** "image 12" or "image 12, part 4". */
export const partName = (image: number, part: number): string => `image ${image}${part === 0 ? '' : `, part ${part}`}`

/** One side's descriptors can only be compared with the other's when both have the same number of values. */
export function expectSameDim(what: string, a: { readonly dim: number }, otherWhat: string, b: { readonly dim: number }): void {
  if (a.dim !== b.dim) throw new WinnowError('BAD_INPUT', `${what} have ${a.dim} values a vector, ${otherWhat} ${b.dim}. Both must come from the same model and the same steps.`)
}
