// A zip of a folder, stored without compression, with Unix modes: what @electron/packager wants Electron's binary in.
// (Format: PKWARE APPNOTE 6.3; Electron's folder is far below 4 GiB, so no Zip64.)
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { crc32 } from 'node:zlib'

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

export function zipFolder(folder, target) {
  const out = openSync(target, 'w')
  const central = []
  let offset = 0
  const write = (bytes) => {
    writeSync(out, bytes)
    offset += bytes.length
  }
  for (const path of filesIn(folder)) {
    const name = Buffer.from(relative(folder, path).split(sep).join('/'))
    const data = readFileSync(path)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0) // version needed
    common.writeUInt16LE(0x0800, 2) // names are UTF-8
    common.writeUInt16LE(0x21, 8) // 1980-01-01
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((lstatSync(path).mode << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, tail, name)
    write(Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name]))
    write(data)
  }
  const start = offset
  for (const part of central) write(part)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(central.length / 4, 8)
  end.writeUInt16LE(central.length / 4, 10)
  end.writeUInt32LE(offset - start, 12)
  end.writeUInt32LE(start, 16)
  write(end)
  closeSync(out)
}
