/**
 * One view of every file with rows: CSV, npy, npz, HDF5, Parquet, faiss, raw floats. A file has named columns; rows are read in order, in
 * blocks, only the columns that were asked for, so that memory does not depend on how many rows there are.
 */
import { WinnowError } from '../domain/errors.ts'

export type TableFormat = 'csv' | 'npy' | 'npz' | 'hdf5' | 'parquet' | 'faiss' | 'raw'

export interface TableColumn {
  readonly name: string
  /** What it holds; a CSV does not say, everything in it is text until it is read as something else. */
  readonly kind: 'text' | 'integer' | 'number' | 'vector' | 'other'
  /** Values in a row: 1 but for vectors. */
  readonly dim: number
  /** Rows of this column; null where only reading tells. */
  readonly rows: number | null
}

/** `name` may be several columns of numbers that together are a vector. */
export interface Wanted {
  readonly as: 'text' | 'number' | 'vector'
  readonly name: string | readonly string[]
}
export type Values<W extends Wanted> = W['as'] extends 'text' ? string[] : W['as'] extends 'number' ? Float64Array : Float32Array

export interface TableBlock {
  /** Row (from 0) of the first; rows are data rows, the header is none. */
  readonly first: number
  readonly rows: number
  /** In the order asked for: strings, doubles, or rows x dim float32. */
  readonly values: readonly (string[] | Float64Array | Float32Array)[]
  /** What a person finds row `first + i` by: `line 7` in text, `row 5` elsewhere. */
  readonly place: (i: number) => string
}

export interface Table {
  readonly name: string
  readonly format: TableFormat
  readonly columns: readonly TableColumn[]
  /** Throws WinnowErrors that name the file, the place and what to do. Columns of different lengths are CORRUPT. */
  blocks(wanted: readonly Wanted[], signal?: AbortSignal): AsyncGenerator<TableBlock>
  close(): Promise<void>
}

/** A block should hold about this much. */
export const blockBytes = 4 * 2 ** 20
export const rowPlace = (first: number) => (i: number): string => `row ${first + i}`

/** The column called `name`, or BAD_INPUT naming those there are. */
export function columnOf(table: Table, name: string): TableColumn {
  const found = table.columns.find((one) => one.name === name)
  if (found) return found
  throw new WinnowError('BAD_INPUT', `${table.name} has no "${shorten(name)}". It has ${listed(table.columns.map((one) => one.name))}.`)
}

export const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
export const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing that can be read' : `${names.slice(0, 12).map((one) => `"${shorten(one)}"`).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`

/** Words of the field for the id of an image, in the order they are looked for. */
export const idNames = ['id', 'ids', 'image_id', 'image_ids', 'image_names', 'names', 'name', 'paths', 'path', 'filenames', 'filename', 'files', 'file', 'file_name', 'file_path', 'image', 'images', 'keys', 'key', 'sha256', 'hash'] as const

/** Words for the part of an image that a row describes. */
export const partNames = ['part', 'parts', 'part_id']

/**
 * Whether a file of `fileBytes` may claim `claimed` bytes of values. Compressed vectors shrink to a half, ids to a tenth; what claims a
 * hundred times its size is a bomb or damaged. Throws CORRUPT.
 */
export function checkClaim(name: string, claimed: number, fileBytes: number): void {
  if (claimed <= 64 * 2 ** 20 || claimed <= fileBytes * 100) return
  throw new WinnowError('CORRUPT', `${name} is ${fileBytes} bytes and claims to hold ${claimed} bytes of values. It is damaged or made to fill memory; write it again without compression.`)
}

export const mostDimensions = 65_536
/** A vector has between 1 and 65,536 values. Throws BAD_INPUT. */
export function checkDim(dim: number, name: string): number {
  if (Number.isInteger(dim) && dim >= 1 && dim <= mostDimensions) return dim
  throw new WinnowError('BAD_INPUT', `${name} has vectors of ${dim} values; from 1 to ${mostDimensions} can be read.`)
}
