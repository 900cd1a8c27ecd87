import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { artefactKind, type ArtefactKind } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import { type NpyArray, readNpy, writeNpy } from '../formats/npy.ts'
import { NpyRows } from '../formats/npyRows.ts'

/** What an artefact.json holds. `facts` are small: counts, names, what the columns mean; tables go into columns. */
const header = z.object({
  version: z.literal(1),
  kind: artefactKind,
  summary: z.string(),
  facts: z.record(z.string(), z.unknown()),
  columns: z.record(z.string(), z.object({ dtype: z.string(), shape: z.array(z.number()) }))
})
type Header = z.infer<typeof header>

export type ColumnData = Int8Array | Uint8Array | Int32Array | Float32Array | Float64Array
const columnTypes = [Int8Array, Uint8Array, Int32Array, Float32Array, Float64Array] as const

const headerName = 'artefact.json'

/**
 * What a step made: a folder with artefact.json and one NumPy file (`NAME.npy`) per column, so that numpy.load reads every intermediate
 * result. Columns are read one at a time and not kept.
 */
export class Artefact {
  readonly folder: string
  readonly kind: ArtefactKind
  readonly summary: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly columns: Readonly<Header['columns']>

  private constructor(folder: string, { kind, summary, facts, columns }: Header) {
    this.folder = folder
    this.kind = kind
    this.summary = summary
    this.facts = facts
    this.columns = columns
  }

  /** Throws CORRUPT where the folder is not a whole artefact. */
  static async open(folder: string): Promise<Artefact> {
    try {
      return new Artefact(folder, header.parse(JSON.parse(await readFile(join(folder, headerName), 'utf8'))))
    } catch (error) {
      throw new WinnowError('CORRUPT', `The result in ${folder} is gone or damaged (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). Run the recipe again: it is made anew.`)
    }
  }

  has(column: string): boolean {
    return Object.hasOwn(this.columns, column)
  }

  /** How many rows a column has (its first dimension); 0 where there is no such column. */
  rows(column: string): number {
    return this.columns[column]?.shape[0] ?? 0
  }

  async #array(column: string): Promise<NpyArray> {
    if (!this.has(column)) throw noColumn(column, this.folder)
    return await readNpy(join(this.folder, `${column}.npy`))
  }

  /** The column's values in rows-first order. Throws CORRUPT where the file is not what the header says, or holds another type. */
  async int32(column: string): Promise<Int32Array> {
    return expectType(await this.#array(column), Int32Array, column, this.folder)
  }

  async float32(column: string): Promise<Float32Array> {
    return expectType(await this.#array(column), Float32Array, column, this.folder)
  }

  async float64(column: string): Promise<Float64Array> {
    return expectType(await this.#array(column), Float64Array, column, this.folder)
  }

  async uint8(column: string): Promise<Uint8Array> {
    return expectType(await this.#array(column), Uint8Array, column, this.folder)
  }

  /** Rows [from, from + count) of a column of any type, as far as there are any: what a page shows, without reading the rest. */
  async slice(column: string, from: number, count: number): Promise<ColumnData> {
    if (!this.has(column)) throw noColumn(column, this.folder)
    const file = await NpyRows.open(join(this.folder, `${column}.npy`))
    try {
      const first = Math.min(from, file.rows)
      return asColumn(await file.read(first, Math.min(count, file.rows - first)), column, this.folder)
    } finally {
      await file.close()
    }
  }

  /** Of whatever type it is. */
  async values(column: string): Promise<ColumnData> {
    return asColumn((await this.#array(column)).data, column, this.folder)
  }
}

function expectType<T extends ColumnData>({ data }: NpyArray, type: new (...args: never[]) => T, column: string, folder: string): T {
  if (data instanceof type) return data
  throw otherValues(column, folder)
}

function asColumn(data: NpyArray['data'], column: string, folder: string): ColumnData {
  if (columnTypes.some((type) => data instanceof type)) return data as ColumnData
  throw otherValues(column, folder)
}

const noColumn = (column: string, folder: string): WinnowError => new WinnowError('CORRUPT', `The result in ${folder} has no column "${column}". Run the recipe again: it is made anew.`)
const otherValues = (column: string, folder: string): WinnowError =>
  new WinnowError('CORRUPT', `The column "${column}" in ${folder} holds other values than it should. Run the recipe again: it is made anew.`)

/** Writes an artefact: columns first, the header last, so that a folder with a header is whole. The caller renames the folder into place. */
export class ArtefactWriter {
  readonly folder: string
  readonly #columns: Header['columns'] = {}

  constructor(folder: string) {
    this.folder = folder
  }

  /** An empty folder to write into. */
  static async begin(folder: string): Promise<ArtefactWriter> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    return new ArtefactWriter(folder)
  }

  /** `shape` defaults to one dimension. Throws RangeError where the values do not fill it. */
  async column(name: string, data: ColumnData, shape: readonly number[] = [data.length]): Promise<void> {
    if (shape.reduce((product, size) => product * size, 1) !== data.length) throw new RangeError(`${data.length} values do not fill ${shape.join(' x ')}.`)
    await writeNpy(join(this.folder, `${name}.npy`), data, shape)
    this.#columns[name] = { dtype: data.constructor.name, shape: [...shape] }
  }

  /** `summary`: one sentence for people. */
  async finish(kind: ArtefactKind, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const whole: Header = { version: 1, kind, summary, facts: { ...facts }, columns: this.#columns }
    const part = join(this.folder, `${headerName}.part`)
    await writeFile(part, JSON.stringify(whole, null, 1), { flush: true })
    await rename(part, join(this.folder, headerName))
  }
}
