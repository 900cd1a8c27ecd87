import { crc32 } from 'node:zlib'
import { npyHeader, type NpyDtype } from './npyHeader.ts'
import { bytesOf, type NpyData } from './npyValues.ts'
import { longestText, outBlocks, type OutColumn, type OutTable } from './outTable.ts'
import { writeWhole, type PartFile } from './wholeFile.ts'

interface Stored {
  readonly name: string
  readonly at: number
  readonly size: number
  readonly crc: number
}

/**
 * Writes an .npz archive as numpy.savez does: one .npy member for each column, stored without compression, with ZIP64 sizes; text as `|S n`
 * in UTF-8. Whole or not at all.
 */
export async function writeNpz(path: string, { rows, columns }: OutTable): Promise<void> {
  await writeWhole(path, async (file) => {
    const members: Stored[] = []
    for (const column of columns) members.push(await writeMember(file, column, rows))
    await writeDirectory(file, members)
  })
}

async function writeMember(file: PartFile, column: OutColumn, rows: number): Promise<Stored> {
  const name = `${column.name}.npy`
  const at = file.size
  await file.write(localHeader(name, 0, 0))
  const dtype: NpyDtype = column.kind === 'text' ? `|S${(await longestText(column, rows)).bytes}` : column.kind === 'number' ? column.dtype : '<f4'
  const from = file.size
  const header = npyHeader(dtype, column.kind === 'vector' ? [rows, column.dim] : [rows])
  let crc = crc32(header)
  await file.write(header)
  for (const block of outBlocks(rows, column.kind === 'vector' ? column.dim : 4)) {
    const bytes = bytesOf((await column.values(block.from, block.count)) as NpyData, dtype)
    crc = crc32(bytes, crc)
    await file.write(bytes)
  }
  const size = file.size - from
  await file.writeAt(localHeader(name, size, crc), at)
  return { name, at, size, crc }
}

// Bit 11: the name is UTF-8. The date is that of every archive, 1980-01-01: the same table gives the same bytes.
const utf8Name = 0x800
const firstDate = 0x21

function localHeader(name: string, size: number, crc: number): Uint8Array {
  const title = Buffer.from(name)
  const header = Buffer.alloc(30 + title.length + 20)
  header.write('PK\u0003\u0004', 0, 'latin1')
  header.writeUInt16LE(45, 4)
  header.writeUInt16LE(utf8Name, 6)
  header.writeUInt16LE(firstDate, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(0xffffffff, 18)
  header.writeUInt32LE(0xffffffff, 22)
  header.writeUInt16LE(title.length, 26)
  header.writeUInt16LE(20, 28)
  title.copy(header, 30)
  const extra = 30 + title.length
  header.writeUInt16LE(1, extra)
  header.writeUInt16LE(16, extra + 2)
  header.writeBigUInt64LE(BigInt(size), extra + 4)
  header.writeBigUInt64LE(BigInt(size), extra + 12)
  return header
}

async function writeDirectory(file: PartFile, members: readonly Stored[]): Promise<void> {
  const from = file.size
  for (const { name, at, size, crc } of members) {
    const title = Buffer.from(name)
    const entry = Buffer.alloc(46 + title.length + 28)
    entry.write('PK\u0001\u0002', 0, 'latin1')
    entry.writeUInt16LE(45, 4)
    entry.writeUInt16LE(45, 6)
    entry.writeUInt16LE(utf8Name, 8)
    entry.writeUInt16LE(firstDate, 14)
    entry.writeUInt32LE(crc, 16)
    entry.writeUInt32LE(0xffffffff, 20)
    entry.writeUInt32LE(0xffffffff, 24)
    entry.writeUInt16LE(title.length, 28)
    entry.writeUInt16LE(28, 30)
    entry.writeUInt32LE(0xffffffff, 42)
    title.copy(entry, 46)
    const extra = 46 + title.length
    entry.writeUInt16LE(1, extra)
    entry.writeUInt16LE(24, extra + 2)
    for (const [i, value] of [size, size, at].entries()) entry.writeBigUInt64LE(BigInt(value), extra + 4 + i * 8)
    await file.write(entry)
  }
  const end = file.size
  const tail = Buffer.alloc(56 + 20 + 22)
  tail.write('PK\u0006\u0006', 0, 'latin1')
  tail.writeBigUInt64LE(44n, 4)
  tail.writeUInt16LE(45, 12)
  tail.writeUInt16LE(45, 14)
  tail.writeBigUInt64LE(BigInt(members.length), 24)
  tail.writeBigUInt64LE(BigInt(members.length), 32)
  tail.writeBigUInt64LE(BigInt(end - from), 40)
  tail.writeBigUInt64LE(BigInt(from), 48)
  tail.write('PK\u0006\u0007', 56, 'latin1')
  tail.writeBigUInt64LE(BigInt(end), 64)
  tail.writeUInt32LE(1, 72)
  tail.write('PK\u0005\u0006', 76, 'latin1')
  tail.writeUInt16LE(members.length, 84)
  tail.writeUInt16LE(members.length, 86)
  tail.writeUInt32LE(0xffffffff, 88)
  tail.writeUInt32LE(0xffffffff, 92)
  await file.write(tail)
}
