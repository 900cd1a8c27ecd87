import type { ColumnMetaData, Compressors, PageHeader, SchemaTree } from 'hyparquet/src/types.js'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'

const harmlessBytes = 64 * 2 ** 20
const mostRatio = 100

/**
 * Walks the pages of a column chunk and adds up what they claim, before they are unpacked into arrays: the library trusts the lengths of runs,
 * and a damaged one of a few bytes would have it fill gigabytes for many seconds. `bytes`: the chunk; `path`: its column from the schema's root.
 * Throws Error saying what does not agree.
 */
export function checkPages(bytes: Uint8Array, { num_values, codec }: ColumnMetaData, path: SchemaTree[], compressors: Compressors): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const levels = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)]
  let values = 0
  let size = 0
  while (reader.offset < bytes.length - 1) {
    const header = parquetHeader(reader)
    const from = reader.offset
    reader.offset += whole(header.compressed_page_size)
    size += whole(header.uncompressed_page_size)
    if (reader.offset > bytes.length) throw new Error('a page is longer than its column')
    // The column's own sum is not held against it: some writers leave dictionaries or headers out.
    if (size > harmlessBytes && size > bytes.length * mostRatio) throw new Error('a page grows to more than a hundred times its size')
    const packed = bytes.subarray(from, reader.offset)
    const unpacked = (): Uint8Array => decompressPage(packed, header.uncompressed_page_size, codec, compressors)
    if (header.dictionary_page_header) {
      // Every entry takes a bit at least.
      if (whole(header.dictionary_page_header.num_values) > header.uncompressed_page_size * 8) throw new Error('a dictionary has more entries than bits')
    } else if (header.data_page_header) {
      values += whole(header.data_page_header.num_values)
      checkFirst(unpacked(), header.data_page_header, levels)
    } else if (header.data_page_header_v2) {
      values += whole(header.data_page_header_v2.num_values)
      checkSecond(packed, header, levels, codec, compressors)
    }
    if (values > Number(num_values)) throw new Error('its pages hold more values than the column')
  }
}

/** A length of a header, which may be anything in a damaged file. */
function whole(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 0) throw new Error('a length is negative or missing')
  return value
}

const isDictionary = (encoding: string): boolean => encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'

/** A page of the first kind: levels, each after its length, then values. */
function checkFirst(page: Uint8Array, { num_values: count, encoding }: NonNullable<PageHeader['data_page_header']>, levels: readonly number[]): void {
  let at = 0
  for (const level of levels) {
    if (level === 0) continue
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
    const length = view.getUint32(at, true)
    if (at + 4 + length > page.length) throw new Error('levels are longer than their page')
    checkRuns(page.subarray(at + 4, at + 4 + length), bits(level), count)
    at += 4 + length
  }
  if (isDictionary(encoding)) checkRuns(page.subarray(at + 1), page[at] ?? 0, count)
}

/** A page of the second kind: levels without a length of their own, never compressed. */
function checkSecond(packed: Uint8Array, { data_page_header_v2: header, uncompressed_page_size: size }: PageHeader, levels: readonly number[], codec: ColumnMetaData['codec'], compressors: Compressors): void {
  if (!header) return
  const lengths = [whole(header.repetition_levels_byte_length), whole(header.definition_levels_byte_length)]
  let at = 0
  for (const [i, level] of levels.entries()) {
    const length = lengths[i] as number
    if (at + length > packed.length) throw new Error('levels are longer than their page')
    if (level > 0) checkRuns(packed.subarray(at, at + length), bits(level), header.num_values)
    at += length
  }
  if (whole(header.num_nulls) > header.num_values) throw new Error('more values are missing than there are')
  if (!isDictionary(header.encoding)) return
  const rest = packed.subarray(at)
  const page = header.is_compressed === false ? rest : decompressPage(rest, size - at, codec, compressors)
  checkRuns(page.subarray(1), page[0] ?? 0, header.num_values)
}

/** Bit-packed runs are padded to eight values; some writers pad to their own blocks. */
const mostPadding = 512
const bits = (level: number): number => 32 - Math.clz32(level)

/** Runs of the RLE and bit-packed hybrid of `width` bits: none may be longer than what is left of `count` values (bit-packed: but for padding). */
function checkRuns(bytes: Uint8Array, width: number, count: number): void {
  if (width > 32) throw new Error('values are wider than 32 bits')
  let left = count
  for (let at = 0; left > 0 && at < bytes.length; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 28) throw new Error('a run has no length')
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const length = Math.floor(header / 2)
    if (header % 2 === 1) {
      if (length * 8 > left + mostPadding) throw new Error('a run is longer than its page')
      left -= length * 8
      at += length * width
    } else {
      if (length > left) throw new Error('a run is longer than its page')
      left -= length
      at += Math.ceil(width / 8)
    }
  }
}
