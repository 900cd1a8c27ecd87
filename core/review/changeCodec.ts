import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ByteReader, ByteWriter } from './bytes.ts'
import { ChangeTable } from './changeTable.ts'
import { Column } from './columns.ts'
import { facetNames, facets } from './facets.ts'

/**
 * An act's changes as one blob:
 *   version (2 knows vetoes), flags (1: deflated), length of the key part, key part, record part.
 * The key part (facets and their id sets) stands first and by itself, so that "which acts touched this image" need not unpack records.
 * Ids are stored as differences, columns as one value where all rows agree, texts as a dictionary with 1, 2 or 4-byte places. A decision about
 * one image takes some 60 bytes; 900,000 verdicts with one reason take what their ids need.
 */
const version = 2
const deflated = 1
const worthDeflating = 512

export function encodeChanges(tables: readonly ChangeTable[]): Buffer {
  const keyPart = new ByteWriter()
  const recordPart = new ByteWriter()
  keyPart.byte(tables.length)
  for (const table of tables) {
    keyPart.byte(facetNames.indexOf(table.facet))
    keyPart.int(table.rows)
    if (table.width === 2) {
      keyPart.int(table.hashes.length)
      for (const hash of table.hashes) keyPart.bytes(hash)
    }
    keyPart.array(differences(table.keys.subarray(0, table.rows * table.width)))
    for (const column of [...table.before, ...(table.beforeAct ? [table.beforeAct] : []), ...table.after]) writeColumn(recordPart, column)
  }
  const parts = [keyPart.finish(), recordPart.finish()] as const
  const deflate = parts[0].length + parts[1].length >= worthDeflating
  const [keys, records] = deflate ? ([deflateRawSync(parts[0], { level: 3 }), deflateRawSync(parts[1], { level: 3 })] as const) : parts
  const head = new ByteWriter()
  head.byte(version)
  head.byte(deflate ? deflated : 0)
  head.int(keys.length)
  return Buffer.concat([head.finish(), keys, records])
}

/** Throws RangeError for a blob that this program did not write. */
export function decodeChanges(blob: Buffer): ChangeTable[] {
  const { keys, records } = partsOf(blob)
  const tables = readKeys(keys())
  const reader = new ByteReader(records())
  for (const table of tables) {
    for (const column of [...table.before, ...(table.beforeAct ? [table.beforeAct] : []), ...table.after]) readColumn(reader, column, table.rows)
  }
  return tables
}

/** Only which keys an act touched; the records of these tables are empty. */
export const decodeKeys = (blob: Buffer): ChangeTable[] => readKeys(partsOf(blob).keys())

function partsOf(blob: Buffer): { keys: () => Buffer; records: () => Buffer } {
  const head = new ByteReader(blob)
  const written = head.byte()
  if (written < 1 || written > version) throw new RangeError(`The log's record has version ${written}; this program reads up to ${version}.`)
  const packed = head.byte() === deflated
  const length = head.int()
  const unpack = (part: Buffer): Buffer => (packed ? inflateRawSync(part) : part)
  return { keys: () => unpack(blob.subarray(6, 6 + length)), records: () => unpack(blob.subarray(6 + length)) }
}

function readKeys(part: Buffer): ChangeTable[] {
  const reader = new ByteReader(part)
  return Array.from({ length: reader.byte() }, () => {
    const facet = facetNames[reader.byte()]
    if (!facet) throw new RangeError('The log names a facet that this program does not know.')
    const rows = reader.int()
    const table = new ChangeTable(facet, Math.max(rows, 1))
    if (facets[facet].key === 'pair') {
      for (let left = reader.int(); left > 0; left--) table.hashes.push(Buffer.from(reader.bytes(32)))
    }
    table.keys = sums(reader.int32s(rows * table.width))
    table.rows = rows
    return table
  })
}

const differences = (values: Int32Array): Int32Array => values.map((value, i) => (i === 0 ? value : value - (values[i - 1] ?? 0)))

function sums(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  for (let i = 1; i < values.length; i++) values[i] = (values[i] ?? 0) + (values[i - 1] ?? 0)
  return values
}

const shape = { allNull: 0, constant: 1, rows: 2 } as const

function writeColumn(writer: ByteWriter, column: Column): void {
  if (column.length > 0 && column.constant) {
    const value = column.get(0)
    writer.byte(value === null ? shape.allNull : shape.constant)
    if (value === null) return
    if (typeof value === 'string') writer.text(value)
    else if (column.kind === 'int') writer.int(value)
    else writer.real(value)
    return
  }
  writer.byte(shape.rows)
  if (column.kind === 'real') {
    writer.array(column.reals.subarray(0, column.length))
    return
  }
  const ints = column.ints.subarray(0, column.length)
  if (column.kind === 'int') {
    writer.array(ints)
    return
  }
  writer.int(column.dictionary.length)
  for (const text of column.dictionary) writer.text(text)
  const places = placeBytes(column.dictionary.length)
  writer.array(places === 1 ? Uint8Array.from(ints) : places === 2 ? Uint16Array.from(ints) : ints)
}

function readColumn(reader: ByteReader, column: Column, rows: number): void {
  const kind = reader.byte()
  if (kind !== shape.rows) {
    const value = kind === shape.allNull ? null : column.kind === 'text' ? reader.text() : column.kind === 'int' ? reader.int() : reader.real()
    for (let row = 0; row < rows; row++) column.push(value)
    return
  }
  column.length = rows
  if (column.kind === 'real') {
    column.reals = reader.float64s(rows)
    return
  }
  if (column.kind === 'int') {
    column.ints = reader.int32s(rows)
    return
  }
  for (let left = reader.int(); left > 0; left--) column.dictionary.push(reader.text())
  const places = placeBytes(column.dictionary.length)
  column.ints = places === 1 ? Int32Array.from(reader.bytes(rows)) : places === 2 ? Int32Array.from(reader.uint16s(rows)) : reader.int32s(rows)
}

const placeBytes = (texts: number): 1 | 2 | 4 => (texts < 256 ? 1 : texts < 65_536 ? 2 : 4)
