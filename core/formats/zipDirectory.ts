import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { WinnowError } from '../domain/errors.ts'
import { fileBytes } from './byteStream.ts'
import { readFully } from './wholeFile.ts'

export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressed: number
  readonly size: number
  readonly headerAt: number
}

const mostMembers = 10_000
const mostDirectoryBytes = 16 * 2 ** 20
/** Deflate shrinks zeros to a thousandth; what shrinks to less than a hundredth, and is large, is no table of vectors. */
const mostRatio = 100
const harmlessBytes = 64 * 2 ** 20

/**
 * What a ZIP archive holds, by its central directory (APPNOTE 6.3, ZIP64 included), without unpacking anything. Throws CORRUPT for an
 * archive that is cut short or contradicts itself, that claims to unpack to a hundred times its size, and BAD_INPUT for encryption.
 */
export async function zipDirectory(handle: FileHandle, fileSize: number, name: string): Promise<ZipMember[]> {
  const damaged = (how: string): WinnowError => new WinnowError('CORRUPT', `${name} is no whole ZIP archive: ${how}. It was cut short or damaged; get or write it again.`)
  const tail = Buffer.alloc(Math.min(fileSize, 65_557))
  await readFully(handle, tail, fileSize - tail.length, name)
  const endAt = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (endAt < 0 || endAt + 22 > tail.length) throw damaged('its directory is missing')
  let count = tail.readUInt16LE(endAt + 10)
  let directorySize = tail.readUInt32LE(endAt + 12)
  let directoryAt = tail.readUInt32LE(endAt + 16)
  const locator = endAt - 20
  if (locator >= 0 && tail.toString('latin1', locator, locator + 4) === 'PK\u0006\u0007') {
    const end64 = Buffer.alloc(56)
    const at = safe(tail.readBigUInt64LE(locator + 8))
    if (at + 56 > fileSize) throw damaged('its ZIP64 directory lies beyond its end')
    await readFully(handle, end64, at, name)
    if (end64.toString('latin1', 0, 4) !== 'PK\u0006\u0006') throw damaged('its ZIP64 directory is missing')
    count = safe(end64.readBigUInt64LE(32))
    directorySize = safe(end64.readBigUInt64LE(40))
    directoryAt = safe(end64.readBigUInt64LE(48))
  }
  if (directoryAt + directorySize > fileSize) throw damaged('its directory lies beyond its end')
  if (count > mostMembers || directorySize > mostDirectoryBytes) throw new WinnowError('CORRUPT', `${name} claims to hold ${count} files; ${mostMembers} is the most.`)
  const directory = Buffer.alloc(directorySize)
  await readFully(handle, directory, directoryAt, name)
  const members: ZipMember[] = []
  for (let at = 0; members.length < count; ) {
    if (at + 46 > directory.length || directory.toString('latin1', at, at + 4) !== 'PK\u0001\u0002') throw damaged(`entry ${members.length + 1} of its directory is missing`)
    const nameLength = directory.readUInt16LE(at + 28)
    const extraLength = directory.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32)
    if (next > directory.length) throw damaged(`entry ${members.length + 1} of its directory is cut short`)
    const title = directory.toString('utf8', at + 46, at + 46 + nameLength)
    if ((directory.readUInt16LE(at + 8) & 1) === 1) throw new WinnowError('BAD_INPUT', `${name}: "${title.slice(0, 60)}" is encrypted. Write the archive without a password.`)
    const large = zip64(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength))
    const wide = (value: number): number => {
      if (value !== 0xffffffff) return value
      const full = large.shift()
      if (full === undefined) throw damaged(`"${title.slice(0, 60)}" has no size`)
      return full
    }
    // Their order in the extra field is this one.
    const size = wide(directory.readUInt32LE(at + 24))
    const compressed = wide(directory.readUInt32LE(at + 20))
    const headerAt = wide(directory.readUInt32LE(at + 42))
    const method = directory.readUInt16LE(at + 10)
    if (method !== 0 && method !== 8) throw new WinnowError('BAD_INPUT', `${name}: "${title.slice(0, 60)}" is packed by method ${method}, which is not read here. Use numpy.savez or numpy.savez_compressed.`)
    if (headerAt + 30 + compressed > fileSize || (method === 0 && size !== compressed)) throw damaged(`"${title.slice(0, 60)}" is longer than the archive`)
    if (size > harmlessBytes && size > compressed * mostRatio) throw new WinnowError('CORRUPT', `${name}: "${title.slice(0, 60)}" would grow from ${compressed} to ${size} bytes. That is no table of vectors; write it again with numpy.savez.`)
    members.push({ name: title, method, crc: directory.readUInt32LE(at + 16), compressed, size, headerAt })
    at = next
  }
  return members
  function safe(value: bigint): number {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a size in its directory is impossible')
    return Number(value)
  }
  function zip64(extra: Buffer): number[] {
    for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
      if (extra.readUInt16LE(at) !== 1) continue
      const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
      return Array.from({ length: Math.floor(field.length / 8) }, (_, i) => safe(field.readBigUInt64LE(i * 8)))
    }
    return []
  }
}

/** The unpacked bytes of a member, in pieces; never more than the directory says, and checked against its CRC at the end. Throws CORRUPT. */
export async function* zipMember(handle: FileHandle, { name: title, method, crc, compressed, size, headerAt }: ZipMember, name: string): AsyncGenerator<Uint8Array> {
  const damaged = (how: string): WinnowError => new WinnowError('CORRUPT', `${name}: "${title.slice(0, 60)}" ${how}. The archive is damaged; get or write it again.`)
  const header = Buffer.alloc(30)
  await readFully(handle, header, headerAt, name)
  if (header.toString('latin1', 0, 4) !== 'PK\u0003\u0004') throw damaged('is not where the directory says')
  const from = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = fileBytes(handle, from, from + compressed)
  const pieces = method === 0 ? packed : Readable.from(packed).pipe(createInflateRaw({ chunkSize: 2 ** 18 }))
  let length = 0
  let sum = 0
  try {
    for await (const piece of pieces as AsyncIterable<Uint8Array>) {
      length += piece.length
      if (length > size) throw damaged(`unpacks to more than the ${size} bytes it says`)
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'string' && String((error as { code: string }).code).startsWith('Z_')) throw damaged('cannot be unpacked')
    throw error
  }
  if (length !== size) throw damaged(`unpacks to ${length} bytes where ${size} are said`)
  if (sum !== crc) throw damaged('does not agree with its checksum')
}
