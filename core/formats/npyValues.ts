/// <reference lib="esnext.float16" />
import { WinnowError } from '../domain/errors.ts'
import type { NpyDtype, NumberDtype } from './npyHeader.ts'

export type NumberArray = Float16Array | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
/** Numbers as the typed array of their type (booleans as bytes of 0 and 1), strings as strings. */
export type NpyData = NumberArray | string[]

const arrays = {
  '<f2': Float16Array, '<f4': Float32Array, '<f8': Float64Array,
  '|i1': Int8Array, '<i2': Int16Array, '<i4': Int32Array, '<i8': BigInt64Array,
  '|u1': Uint8Array, '<u2': Uint16Array, '<u4': Uint32Array, '<u8': BigUint64Array, '|b1': Uint8Array
} as const

/** The type that a typed array is saved as; for strings `<U` with the longest one's code points (at least 1). */
export function dtypeOfData(data: NpyData): NpyDtype {
  if (Array.isArray(data)) return `<U${data.reduce((most, one) => Math.max(most, codePoints(one)), 1)}`
  // |b1 stands behind |u1 in the table: bytes are numbers unless somebody says otherwise.
  const found = Object.entries(arrays).find(([, type]) => data instanceof type)
  if (!found) throw new RangeError('A Uint8ClampedArray or DataView cannot be saved as npy.')
  return found[0] as NumberDtype
}

/** The dtype `|S n` that holds every string as UTF-8 (n at least 1). */
export const byteStrings = (data: readonly string[]): NpyDtype => `|S${data.reduce((most, one) => Math.max(most, Buffer.byteLength(one)), 1)}`

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}

/** Bytes of an array's values, little-endian; a view where it is one already. Throws RangeError for a string that does not fit its length. */
export function bytesOf(data: NpyData, dtype: NpyDtype): Uint8Array {
  if (!Array.isArray(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const size = Number(dtype.slice(2))
  const wide = dtype.startsWith('<U')
  const bytes = Buffer.alloc(data.length * size * (wide ? 4 : 1))
  data.forEach((text, i) => {
    // NumPy takes the zeros at the end for padding.
    if (text.endsWith('\0')) throw new RangeError(`String ${i} ends in a zero character, which npy cannot keep.`)
    if (!wide) {
      if (Buffer.byteLength(text) > size) throw new RangeError(`String ${i} is longer than ${size} bytes.`)
      bytes.write(text, i * size)
      return
    }
    let at = i * size
    for (const character of text) {
      if (at === (i + 1) * size) throw new RangeError(`String ${i} is longer than ${size} characters.`)
      bytes.writeUInt32LE(character.codePointAt(0) as number, at * 4)
      at++
    }
  })
  return bytes
}

/** The values that `bytes` (little-endian, whole values, aligned to 8) hold. `firstRow` is named where a string is not text. Throws CORRUPT. */
export function valuesOf(bytes: Uint8Array<ArrayBuffer>, dtype: NpyDtype, name: string, first = 0): NpyData {
  if (dtype.startsWith('|S')) return stringsOf(bytes, Number(dtype.slice(2)), name, first)
  if (dtype.startsWith('<U')) return wideStringsOf(bytes, Number(dtype.slice(2)), name, first)
  const type = arrays[dtype as NumberDtype]
  if (bytes.byteOffset % type.BYTES_PER_ELEMENT !== 0) return valuesOf(new Uint8Array(bytes), dtype, name, first)
  const data = new type(bytes.buffer, bytes.byteOffset, bytes.byteLength / type.BYTES_PER_ELEMENT)
  if (dtype === '|b1') {
    const wrong = (data as Uint8Array).findIndex((value) => value > 1)
    if (wrong >= 0) throw new WinnowError('CORRUPT', `${name}, value ${first + wrong}: a boolean is neither 0 nor 1. The file is damaged.`)
  }
  return data
}

function stringsOf(bytes: Uint8Array<ArrayBuffer>, size: number, name: string, first: number): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return Array.from({ length: size === 0 ? 0 : bytes.length / size }, (_, i) => {
    let end = (i + 1) * size
    while (end > i * size && bytes[end - 1] === 0) end--
    try {
      return decoder.decode(bytes.subarray(i * size, end))
    } catch {
      throw new WinnowError('CORRUPT', `${name}, row ${first + i}: a string is not UTF-8 text. Save ids and names as UTF-8.`)
    }
  })
}

function wideStringsOf(bytes: Uint8Array<ArrayBuffer>, size: number, name: string, first: number): string[] {
  const points = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: size === 0 ? 0 : bytes.length / size / 4 }, (_, i) => {
    let end = (i + 1) * size
    while (end > i * size && points.getUint32((end - 1) * 4, true) === 0) end--
    let text = ''
    for (let at = i * size; at < end; at++) {
      const point = points.getUint32(at * 4, true)
      if (point > 0x10ffff) throw new WinnowError('CORRUPT', `${name}, row ${first + i}: a string holds ${point}, which is no character. The file is damaged.`)
      text += String.fromCodePoint(point)
    }
    return text
  })
}
