/** Every format of vectors: what is written is read, and nothing that is damaged passes without a word. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { npyBytes } from '../../../core/formats/npy.ts'
import { openVectorTable, type VectorTableOptions } from '../../../core/formats/vectorTable.ts'
import { writeVectorsAs, type VectorFormat } from '../../../core/formats/writeVectors.ts'
import { writeIscDescriptors } from '../../../core/formats/isc.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const formats: [VectorFormat, string][] = [['npy', 'npy'], ['npz', 'npz'], ['hdf5', 'h5'], ['parquet', 'parquet'], ['csv', 'csv'], ['faiss', 'index']]
const python = '/usr/bin/python3'
const hasH5py = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import h5py, numpy'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

interface Read {
  ids: string[]
  data: number[]
  dim: number
}

async function read(path: string, options: VectorTableOptions = {}): Promise<Read> {
  const table = await openVectorTable(path, options)
  try {
    const all: Read = { ids: [], data: [], dim: 0 }
    for await (const block of table.blocks()) {
      all.ids.push(...block.ids)
      for (const value of block.data) all.data.push(value)
      all.dim = block.dim
    }
    return all
  } finally {
    await table.close()
  }
}

async function write(path: string, format: VectorFormat, ids: readonly string[], data: Float32Array, dim: number): Promise<string[]> {
  return await writeVectorsAs(path, format, { rows: ids.length, dim, ids: async (from, count) => ids.slice(from, from + count), values: async (from, count) => data.subarray(from * dim, (from + count) * dim) })
}

/** The sentence of the error, or null where the file was read. Any other error fails the test. */
async function refusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (isWinnowError(error)) return `${error.code}: ${error.message}`
    throw error
  }
}

const id = fc.string({ unit: fc.constantFrom('a', 'B', '0', '/', '.', '_', 'ü', '𝄞', ',', '"', ' '), minLength: 1, maxLength: 12 }).map((text) => `i${text}z`)
const vectors = fc.integer({ min: 1, max: 5 }).chain((dim) => fc.array(fc.tuple(id, fc.float32Array({ minLength: dim, maxLength: dim, noNaN: true, noDefaultInfinity: true })), { minLength: 1, maxLength: 12 }))

describe.each(formats)('%s', (format, extension) => {
  test('gives back ids and vectors bit by bit', async () => {
    const folder = temporaryFolder('vectors')
    const path = join(folder, `a.${extension}`)
    await fc.assert(fc.asyncProperty(vectors, async (rows) => {
      const data = Float32Array.from(rows.flatMap(([, vector]) => [...vector]))
      const dim = data.length / rows.length
      await write(path, format, rows.map(([name]) => name), data, dim)
      const got = await read(path)
      expect(got.ids).toEqual(rows.map(([name]) => name))
      // -0 is written as 0 in text.
      expect(got.data.map((value) => value + 0)).toEqual(Array.from(data, (value) => value + 0))
    }), { numRuns: format === 'hdf5' ? 25 : 40 })
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('every beginning of a file is refused by name, or (text) read as what it is', async () => {
    const folder = temporaryFolder('vectors')
    const path = join(folder, `a.${extension}`)
    await write(path, format, ['one', 'two', 'three'], Float32Array.of(1, 2, 3, 4, 5, 6), 2)
    const whole = readFileSync(path)
    // The library for HDF5 takes a millisecond for each try.
    const step = format === 'hdf5' ? 23 : whole.length > 800 ? 3 : 1
    for (let length = 0; length < whole.length; length += step) {
      writeFileSync(path, whole.subarray(0, length))
      const sentence = await refusal(read(path))
      if (format === 'csv') expect(sentence ?? 'a.csv').toContain('a.csv')
      else expect(sentence).toMatch(new RegExp(`^(CORRUPT|BAD_INPUT): .*a\\.${extension}`, 'u'))
    }
  })

  test('a damaged byte is read or refused by name: never a crash, never a strange error', async () => {
    const folder = temporaryFolder('vectors')
    const path = join(folder, `a.${extension}`)
    await write(path, format, ['one', 'two', 'three'], Float32Array.of(1, 2, 3, 4, 5, 6), 2)
    const whole = readFileSync(path)
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
      const damaged = Buffer.from(whole)
      damaged[at] = byte
      writeFileSync(path, damaged)
      await refusal(read(path))
    }), { numRuns: format === 'hdf5' ? 120 : 250, seed: 2026 })
  })

  test('a length that is blown up, wherever it stands, costs neither minutes nor gigabytes', async () => {
    const folder = temporaryFolder('vectors')
    const path = join(folder, `a.${extension}`)
    await write(path, format, ['one', 'two', 'three'], Float32Array.of(1, 2, 3, 4, 5, 6), 2)
    const whole = readFileSync(path)
    const step = format === 'hdf5' ? 17 : 1
    let most = 0
    const before = process.memoryUsage().rss
    for (let at = 0; at < whole.length; at += step) {
      const damaged = Buffer.from(whole)
      damaged.fill(255, at, Math.min(whole.length, at + 3))
      writeFileSync(path, damaged)
      await refusal(read(path))
      most = Math.max(most, process.memoryUsage().rss)
    }
    expect(most - before).toBeLessThan(500 * 2 ** 20)
  })

  test('what holds no rows, NaN or infinity is refused', async () => {
    const path = join(temporaryFolder('vectors'), `a.${extension}`)
    expect(await refusal(write(path, format, [], new Float32Array(0), 2))).toMatch(/BAD_INPUT.*nothing to write/)
    expect(existsSync(path)).toBe(false)
    await write(path, format, ['one', 'two'], Float32Array.of(1, 2, Number.NaN, 4), 2)
    expect(await refusal(read(path))).toMatch(/BAD_INPUT: a\..*(row 1|line 3) \("two"\): value 1 of 2 is NaN/)
    await write(path, format, ['one', 'two'], Float32Array.of(1, Infinity, 3, 4), 2)
    expect(await refusal(read(path))).toMatch(/(row 0|line 2) \("one"\): value 2 of 2 is Infinity/)
  })

  test('an unfinished write leaves what was there', async () => {
    const folder = temporaryFolder('vectors')
    const path = join(folder, `a.${extension}`)
    await write(path, format, ['one'], Float32Array.of(1, 2), 2)
    const before = readFileSync(path)
    await expect(writeVectorsAs(path, format, { rows: 2, dim: 2, ids: async () => ['one', 'two'], values: async () => { throw new Error('Stopped') } })).rejects.toThrow('Stopped')
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })
})

describe('archives', () => {
  const arrays = (count: number): Record<string, Uint8Array> => ({ 'embeddings.npy': npyBytes(new Float32Array(count).fill(1), [count / 2, 2]), 'ids.npy': npyBytes(Array.from({ length: count / 2 }, (_, i) => `i${i}`), [count / 2]) })

  test('compressed and stored archives of another writer are read', async () => {
    const folder = temporaryFolder('npz')
    for (const level of [0, 6] as const) {
      const path = join(folder, 'a.npz')
      writeFileSync(path, zipSync(arrays(2000), { level }))
      expect((await read(path)).ids).toHaveLength(1000)
    }
  })

  test('an archive that would fill the memory is refused before it is unpacked', async () => {
    const path = join(temporaryFolder('npz'), 'bomb.npz')
    const size = 80 * 2 ** 20
    writeFileSync(path, zipSync({ ...arrays(2), 'embeddings.npy': npyBytes(new Float32Array(size / 4), [size / 8, 2]) }, { level: 9 }))
    expect(await refusal(read(path))).toMatch(/CORRUPT: bomb\.npz: "embeddings\.npy" would grow from/)
  })

  test('a checksum that does not agree, arrays of different lengths, no arrays and no vectors are named', async () => {
    const folder = temporaryFolder('npz')
    const path = join(folder, 'a.npz')
    const bytes = zipSync(arrays(2000), { level: 0 })
    bytes[1000] = (bytes[1000] as number) ^ 1
    writeFileSync(path, bytes)
    expect(await refusal(read(path))).toMatch(/CORRUPT: a\.npz: "embeddings\.npy" does not agree with its checksum/)
    writeFileSync(path, zipSync({ ...arrays(6), 'ids.npy': npyBytes(['a'], [1]) }))
    expect(await refusal(read(path))).toMatch(/CORRUPT: a\.npz: "embeddings" has 3 rows and "ids" has 1/)
    writeFileSync(path, zipSync({ 'readme.txt': strToU8('hello') }))
    expect(await refusal(read(path))).toMatch(/BAD_INPUT: a\.npz holds no NumPy arrays/)
    writeFileSync(path, zipSync({ 'ids.npy': npyBytes(['a'], [1]) }))
    expect(await refusal(read(path))).toMatch(/nothing in it is a table of vectors.*"ids"/)
  })

  test.each(['embeddings', 'features', 'vectors'])('the array "%s" is found by its name among others', async (name) => {
    const path = join(temporaryFolder('npz'), 'a.npz')
    writeFileSync(path, zipSync({ 'other.npy': npyBytes(new Float32Array(4), [2, 2]), [`${name}.npy`]: npyBytes(Float32Array.of(1, 2), [1, 2]), 'paths.npy': npyBytes(['x.jpg'], [1]) }))
    expect(await read(path)).toEqual({ ids: ['x.jpg'], data: [1, 2], dim: 2 })
  })
})

describe('ids beside vectors', () => {
  const folder = (): string => {
    const made = temporaryFolder('ids')
    writeFileSync(join(made, 'a.npy'), npyBytes(Float32Array.of(1, 2, 3, 4), [2, 2]))
    return made
  }

  test.each([['a.ids.txt', 'x, y\nz\n'], ['a_ids.csv', 'filename\n"x, y"\nz\n'], ['a.npy.csv', 'index,filename\n0,"x, y"\n1,z\n']])('%s is found', async (name, text) => {
    const at = folder()
    writeFileSync(join(at, name), text)
    expect((await read(join(at, 'a.npy'))).ids).toEqual(['x, y', 'z'])
  })

  test('too few, too many and none at all are named', async () => {
    const at = folder()
    expect(await refusal(read(join(at, 'a.npy')))).toMatch(/a\.npy holds vectors without ids/)
    writeFileSync(join(at, 'a.ids.txt'), 'x\n')
    expect(await refusal(read(join(at, 'a.npy')))).toMatch(/a\.ids\.txt ends before a\.npy: row 1 has no id/)
    writeFileSync(join(at, 'a.ids.txt'), 'x\ny\nz\n')
    expect(await refusal(read(join(at, 'a.npy')))).toMatch(/a\.ids\.txt has more ids than a\.npy has vectors \(2\)/)
  })

  test('raw floats need their dimension and whole rows', async () => {
    const at = folder()
    writeFileSync(join(at, 'features.dat'), new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer))
    writeFileSync(join(at, 'features.dat.csv'), 'index,filename\n0,x\n1,z\n')
    expect(await read(join(at, 'features.dat'), { dim: 2 })).toEqual({ ids: ['x', 'z'], data: [1, 2, 3, 4], dim: 2 })
    expect(await refusal(read(join(at, 'features.dat')))).toMatch(/how many values a vector has/)
    expect(await refusal(read(join(at, 'features.dat'), { dim: 3 }))).toMatch(/not whole vectors of 3 float32/)
  })
})

const madeByPython = { ids: ['Q00000', 'Q00001', 'Q00002'], data: [0, 1, 2, 3, 4, 5], dim: 2 }
const readAll = async (folder: string): Promise<void> => {
  const files = readdirSync(folder).filter((name) => !name.includes('.ids.'))
  expect(files.length).toBeGreaterThan(10)
  for (const name of files) expect({ name, ...(await read(join(folder, name))) }).toEqual({ name, ...madeByPython })
}

test('reads what NumPy and h5py wrote: every number type, compressed, chunked, fixed and variable strings (numpy/, by writeVectors.py)', async () => {
  await readAll(join(import.meta.dirname, 'numpy'))
})

describe.skipIf(!hasH5py)('beside NumPy and h5py (needs Debian’s python3-h5py)', () => {
  const runPython = (code: string, ...args: string[]): string => execFileSync(python, ['-c', code, ...args], { encoding: 'utf8' })

  test('reads what they write today', async () => {
    const at = temporaryFolder('python')
    runPython(readFileSync(join(import.meta.dirname, 'writeVectors.py'), 'utf8'), at)
    await readAll(at)
  })

  test('they read what Winnow writes', async () => {
    const at = join(temporaryFolder('python'), 'deep')
    mkdirSync(at)
    const ids = ['a/ü.jpg', 'b', 'c']
    for (const [format, extension] of formats) if (['npy', 'npz', 'hdf5'].includes(format)) await write(join(at, `a.${extension}`), format, ids, Float32Array.of(0, 1, 2, 3, 4, 5), 2)
    const out = runPython(`
import sys, json, numpy as np, h5py
at = sys.argv[1]
z, f = np.load(at + '/a.npz'), h5py.File(at + '/a.h5')
print(json.dumps([np.load(at + '/a.npy').tolist(), z['embeddings'].tolist(), [i.decode() for i in z['ids']], f['embeddings'][:].tolist(), [i.decode() for i in f['ids'][:]]]))`, at)
    const rows = [[0, 1], [2, 3], [4, 5]]
    expect(JSON.parse(out)).toEqual([rows, rows, ids, rows, ids])
  })

  test('the ISC file has the types and the order that its evaluation expects', async () => {
    const path = join(temporaryFolder('python'), 'isc.h5')
    const ids = ['R000002', 'Q50001', 'T000000', 'Q50000', 'R000001']
    await writeIscDescriptors(path, { ids, dim: 2, values: async (rows) => Float32Array.from([...rows].flatMap((row) => [row, row + 0.5])) })
    const out = runPython(`
import sys, json, h5py
f = h5py.File(sys.argv[1])
print(json.dumps({k: [str(f[k].dtype), f[k][:].tolist() if f[k].dtype.kind == 'f' else [i.decode() for i in f[k][:]]] for k in f}))`, path)
    expect(JSON.parse(out)).toEqual({
      query: ['float32', [[3, 3.5], [1, 1.5]]], query_ids: ['|S6', ['Q50000', 'Q50001']],
      reference: ['float32', [[4, 4.5], [0, 0.5]]], reference_ids: ['|S7', ['R000001', 'R000002']], train: ['float32', [[2, 2.5]]]
    })
  })
})

test('the challenge’s limits are checked', async () => {
  const path = join(temporaryFolder('isc'), 'isc.h5')
  const values = async (rows: Uint32Array): Promise<Float32Array> => new Float32Array(rows.length * 2)
  expect(await refusal(writeIscDescriptors(path, { ids: ['Q00000', 'R000000'], dim: 257, values }))).toMatch(/at most 256 dimensions/)
  expect(await refusal(writeIscDescriptors(path, { ids: ['Q00000', 'R00000'], dim: 2, values }))).toMatch(/"R00000" is no id of the challenge/)
  expect(await refusal(writeIscDescriptors(path, { ids: ['Q00000'], dim: 2, values }))).toMatch(/There is no reference/)
  expect(await refusal(writeIscDescriptors(path, { ids: ['Q00000', 'Q00000', 'R000000'], dim: 2, values }))).toMatch(/"Q00000" stands twice/)
  expect(existsSync(path)).toBe(false)
})
