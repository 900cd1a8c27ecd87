import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DecodeFailure } from '../../../core/images/decodeFailure.ts'
import { decodePnm, pnmHeader } from '../../../core/images/pnm.ts'

const limit = 1_000_000
const text = (content: string): Buffer => Buffer.from(content, 'latin1')
const decode = (content: string | Buffer) => decodePnm(typeof content === 'string' ? text(content) : content, limit)
const failureOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof DecodeFailure) return error.failure
    throw error
  }
  return 'none'
}

describe('Netpbm', () => {
  test('plain bitmap: 1 is black, digits need no space, comments anywhere', () => {
    expect([...decode('P1\n# made by hand\n3 2\n101\n0 # half way\n1 0').data]).toEqual([0, 255, 0, 255, 0, 255])
  })
  test('plain grey and colour, scaled to 255', () => {
    expect([...decode('P2 2 1 15 0 15').data]).toEqual([0, 255])
    const ppm = decode('P3\n2 1\n255\n1 2 3  4 5 6\n')
    expect(ppm.channels).toBe(3)
    expect([...ppm.data]).toEqual([1, 2, 3, 4, 5, 6])
  })
  test('packed bitmap: rows padded to bytes', () => {
    expect([...decode(Buffer.concat([text('P4 9 2\n'), Buffer.from([0xaa, 0x80, 0x55, 0x00])])).data]).toEqual([0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255])
  })
  test('raw grey, raw colour and 16 bit', () => {
    expect([...decode(Buffer.concat([text('P5 2 1 255\n'), Buffer.from([7, 200])])).data]).toEqual([7, 200])
    expect([...decode(Buffer.concat([text('P6 1 1 255\n'), Buffer.from([10, 13, 32])])).data]).toEqual([10, 13, 32])
    const wide = decode(Buffer.concat([text('P5\n2 1\n65535\n'), Buffer.from([0xff, 0xff, 0x80, 0x00])]))
    expect([...wide.data]).toEqual([255, 128])
    expect(wide.depth).toBe(16)
  })
  test('PAM with alpha', () => {
    const pam = decode(Buffer.concat([text('P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n'), Buffer.from([1, 2, 3, 4])]))
    expect(pam.channels).toBe(4)
    expect([...pam.data]).toEqual([1, 2, 3, 4])
  })
  test('samples above the maximum count as the maximum', () => {
    expect([...decode(Buffer.concat([text('P5 1 1 100\n'), Buffer.from([250])])).data]).toEqual([255])
  })
  test('a header that promises gigabytes is refused before anything is allocated', () => {
    expect(failureOf(() => decode('P6 999999999 999999999 255\n'))).toBe('too-large')
    expect(failureOf(() => decode('P6 1000 1000 255\nabc'))).toBe('truncated')
    expect(failureOf(() => decode('P2 1000 1000 255\n1 2 3'))).toBe('truncated')
    expect(failureOf(() => decode('P1 1000 1000\n101'))).toBe('truncated')
  })
  test('nonsense in the samples is corrupt, not a hang', () => {
    expect(failureOf(() => decode('P2 2 1 255 12 xx yy'))).toBe('corrupt')
    expect(failureOf(() => decode('P1 2 1 1z1111'))).toBe('corrupt')
  })
  test.each(['P5', 'P5 0 4 255\n', 'P5 4 4 0\n', 'P5 4 4 70000\n', 'P5 9999999999 1 255\n', 'P8 1 1 255\n', 'P5x1 1 255\n', 'Paper', 'P6 3 points'])('%j is no Netpbm file', (content) => {
    expect(pnmHeader(text(content))).toBeNull()
  })
  test('any bytes end in pixels or in a typed failure', () => {
    const kinds = fc.constantFrom('P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7')
    fc.assert(fc.property(kinds, fc.nat(40), fc.nat(40), fc.nat(70000), fc.uint8Array({ maxLength: 400 }), (kind, w, h, max, body) => {
      const head = kind === 'P7' ? `P7\nWIDTH ${w}\nHEIGHT ${h}\nDEPTH ${max % 6}\nMAXVAL ${max}\nENDHDR\n` : `${kind} ${w} ${h} ${kind === 'P1' || kind === 'P4' ? '' : max}\n`
      const failure = failureOf(() => {
        const { data, width, height, channels } = decode(Buffer.concat([text(head), body]))
        expect(data).toHaveLength(width * height * channels)
      })
      expect(['none', 'corrupt', 'truncated', 'too-large']).toContain(failure)
    }))
  })
})
