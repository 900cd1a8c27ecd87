/// <reference lib="esnext.float16" />
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { npyBytes, parseNpy } from '../../../core/formats/npy.ts'
import { npyHeader, readNpyHeader, type NpyDtype } from '../../../core/formats/npyHeader.ts'
import { byteStrings, type NpyData } from '../../../core/formats/npyValues.ts'

/** An .npy file with any dictionary in its header. */
function withHeader(dictionary: string, body = new Uint8Array(0), version = 1): Uint8Array {
  const text = `${dictionary}\n`
  const fixed = Buffer.alloc(version === 1 ? 10 : 12)
  fixed.write('\u0093NUMPY', 'latin1')
  fixed[6] = version
  if (version === 1) fixed.writeUInt16LE(text.length, 8)
  else fixed.writeUInt32LE(text.length, 8)
  return Buffer.concat([fixed, Buffer.from(text, 'latin1'), body])
}

const sentenceOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (isWinnowError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  throw new Error('It was accepted.')
}

const numbers: fc.Arbitrary<NpyData> = fc.oneof(
  fc.float32Array(), fc.float64Array(), fc.int8Array(), fc.int16Array(), fc.int32Array(), fc.uint8Array(), fc.uint16Array(), fc.uint32Array(), fc.bigInt64Array(), fc.bigUint64Array(),
  fc.float32Array().map((values) => Float16Array.from(values))
)
// A zero at the end is npy's padding; a lone surrogate is no text.
const strings = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replace(/\0+$/u, '')))

describe('npy', () => {
  test('gives back every typed array as it was, with its shape', () => {
    fc.assert(fc.property(numbers, fc.integer({ min: 1, max: 4 }), (data, columns) => {
      const shape = data.length % columns === 0 ? [data.length / columns, columns] : [data.length]
      const read = parseNpy(npyBytes(data, shape), 'a.npy')
      expect(read.shape).toEqual(shape)
      expect(read.data).toStrictEqual(data)
    }))
  })

  test('gives back strings, as code points and as UTF-8 bytes', () => {
    fc.assert(fc.property(strings, (data) => {
      expect(parseNpy(npyBytes(data, [data.length]), 'a.npy').data).toEqual(data)
      expect(parseNpy(npyBytes(data, [data.length], byteStrings(data)), 'a.npy').data).toEqual(data)
    }))
  })

  test('the header is as long for any number of rows, and aligned', () => {
    fc.assert(fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 4096 }), (rows, dim) => {
      const header = npyHeader('<f4', [rows, dim])
      expect(header.length).toBe(npyHeader('<f4', [0, dim]).length)
      expect(header.length % 64).toBe(0)
    }))
  })

  test.each([1, 2, 3])('reads version %i, keys in any order, double quotes, Python 2 numbers', (version) => {
    const body = Float32Array.of(1, 2)
    const file = withHeader(`{"shape": (1L, 2), 'fortran_order' : False,'descr':"<f4"}`, new Uint8Array(body.buffer), version)
    expect(parseNpy(file, 'a.npy')).toEqual({ dtype: '<f4', shape: [1, 2], data: body })
  })

  test.each([
    ['a shape with more rows than there are bytes', "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 256), }", /CORRUPT: a.npy is cut short.*\(1000000000, 256\)/],
    ['a shape beyond any file', "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991), }", /CORRUPT.*no file can hold/],
    ['fewer rows than there are bytes', "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", /CORRUPT: a.npy is longer than it says/],
    ['Fortran order', "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 4), }", /BAD_INPUT.*ascontiguousarray/],
    ['pickled objects', "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", /BAD_INPUT.*pickled/],
    ['a structure', "{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }", /BAD_INPUT.*structured/],
    ['big-endian numbers', "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", /BAD_INPUT.*big-endian/],
    ['an unknown type', "{'descr': '<c16', 'fortran_order': False, 'shape': (2,), }", /BAD_INPUT.*"<c16"/],
    ['endless strings', "{'descr': '|S999999999', 'fortran_order': False, 'shape': (2,), }", /CORRUPT.*999999999/],
    ['strings of no length, so that a small file gives any number of them', "{'descr': '|S0', 'fortran_order': False, 'shape': (1000000000000,), }", /CORRUPT/],
    ['a negative dimension', "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", /CORRUPT.*whole number/],
    ['a missing key', "{'descr': '<f4', 'shape': (2,), }", /CORRUPT.*missing/],
    ['a key twice', "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", /CORRUPT.*twice/],
    ['code in place of a dictionary', "__import__('os').system('true')", /CORRUPT/],
    ['33 dimensions', `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1,'.repeat(33)}), }`, /CORRUPT.*33 dimensions/]
  ])('%s is named', (_, dictionary, sentence) => {
    expect(sentenceOf(() => parseNpy(withHeader(dictionary, new Uint8Array(8)), 'a.npy'))).toMatch(sentence)
  })

  test('Fortran order of a single column is the same as C order', () => {
    expect(parseNpy(withHeader("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1), }", Uint8Array.of(7, 8)), 'a.npy').data).toEqual(Uint8Array.of(7, 8))
  })

  test('a boolean that is none, a string that is no text and a character beyond Unicode are named with their row', () => {
    expect(sentenceOf(() => parseNpy(withHeader("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", Uint8Array.of(0, 1, 2)), 'a.npy'))).toMatch(/value 2/)
    expect(sentenceOf(() => parseNpy(withHeader("{'descr': '|S2', 'fortran_order': False, 'shape': (2,), }", Uint8Array.of(65, 0, 0xc3, 0x28)), 'a.npy'))).toMatch(/row 1.*UTF-8/)
    expect(sentenceOf(() => parseNpy(withHeader("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", Uint8Array.of(0, 0, 0x11, 0)), 'a.npy'))).toMatch(/row 0.*no character/)
  })

  const whole: [NpyDtype, Uint8Array][] = [
    ['<f4', npyBytes(Float32Array.of(1, 2, 3, 4), [2, 2])],
    ['<U3', npyBytes(['a', 'bcd'], [2])]
  ]
  test.each(whole)('every beginning of a file of %s is refused by name', (_, file) => {
    for (let length = 0; length < file.length; length++) expect(sentenceOf(() => parseNpy(file.subarray(0, length), 'a.npy'))).toMatch(/^CORRUPT: a\.npy/)
  })

  test.each(whole)('a damaged file of %s is read or refused by name, never a crash', (_, file) => {
    fc.assert(fc.property(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = Uint8Array.from(file)
      damaged[at] = byte
      try {
        parseNpy(damaged, 'a.npy')
      } catch (error) {
        expect(isWinnowError(error)).toBe(true)
      }
    }), { numRuns: 500 })
  })

  test('a header that claims to be very long is not read', () => {
    const file = Buffer.concat([Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0xff, 0xff, 0xff, 0x7f), new Uint8Array(100)])
    expect(sentenceOf(() => readNpyHeader(file, 112, 'a.npy'))).toMatch(/CORRUPT.*2147483647/)
  })
})
