import type { FileHandle } from 'node:fs/promises'
import { WinnowError } from '../domain/errors.ts'
import { npyHeader, npyHeaderBytes, readNpyHeader, type NpyDtype, type NpyHeader } from './npyHeader.ts'
import { bytesOf, dtypeOfData, valuesOf, type NpyData } from './npyValues.ts'
import { openForeign, readFully, writeWhole } from './wholeFile.ts'

const mostWholeBytes = 4 * 2 ** 30

export interface NpyArray {
  readonly dtype: NpyDtype
  readonly shape: readonly number[]
  readonly data: NpyData
}

/**
 * Reads a whole .npy file (C order, little-endian). Memory: the file's size. For tables that may be large use `NpyRows`.
 * Throws NOT_FOUND, or CORRUPT/BAD_INPUT naming what is wrong with the file (see readNpyHeader).
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const { handle, size, name } = await openForeign(path)
  try {
    const { dtype, shape, offset, count, itemBytes } = await headerOf(handle, size, name)
    if (count * itemBytes > mostWholeBytes) throw new WinnowError('BAD_INPUT', `${name} holds ${count * itemBytes} bytes; at most ${mostWholeBytes} are read at once. Split it into several files.`)
    const bytes = new Uint8Array(count * itemBytes)
    await readFully(handle, bytes, offset, name)
    return { dtype, shape, data: valuesOf(bytes, dtype, name) }
  } finally {
    await handle.close()
  }
}

/** The array in the bytes of an .npy file (a member of an .npz). `name` is what errors call it. */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const { dtype, shape, offset } = readNpyHeader(bytes, bytes.length, name)
  return { dtype, shape, data: valuesOf(new Uint8Array(bytes.subarray(offset)), dtype, name) }
}

/** The bytes of an .npy file. `dtype` overrides what the data says: '|b1' for booleans, '|S n' for strings as bytes. */
export function npyBytes(data: NpyData, shape: readonly number[], dtype: NpyDtype = dtypeOfData(data)): Uint8Array {
  checkShape(data, shape)
  return Buffer.concat([npyHeader(dtype, shape), bytesOf(data, dtype)])
}

/**
 * Writes an .npy file, whole or not at all. `dtype` overrides what the data says: '|b1' for booleans, '|S n' for strings as bytes.
 * Throws RangeError where the shape does not hold the values.
 */
export async function writeNpy(path: string, data: NpyData, shape: readonly number[], dtype: NpyDtype = dtypeOfData(data)): Promise<void> {
  checkShape(data, shape)
  await writeWhole(path, async (file) => {
    await file.write(npyHeader(dtype, shape))
    await file.write(bytesOf(data, dtype))
  })
}

function checkShape(data: NpyData, shape: readonly number[]): void {
  const count = shape.reduce((product, one) => product * one, 1)
  if (count !== data.length || shape.some((one) => !Number.isSafeInteger(one) || one < 0)) throw new RangeError(`${data.length} values are not an array of shape (${shape.join(', ')}).`)
}

/** The header of an open .npy file of `size` bytes. */
export async function headerOf(handle: FileHandle, size: number, name: string): Promise<NpyHeader> {
  const start = new Uint8Array(Math.min(size, 12))
  await readFully(handle, start, 0, name)
  const header = new Uint8Array(Math.min(size, npyHeaderBytes(start, name)))
  await readFully(handle, header, 0, name)
  return readNpyHeader(header, size, name)
}
