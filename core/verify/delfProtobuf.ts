import { WinnowError } from '../domain/errors.ts'
import { delfFeatures } from './delfFeatures.ts'
import type { LocalFeatures } from './localFeatures.ts'

/** Numbers of the fields, from delf/protos/feature.proto and datum.proto of tensorflow/models. */
const field = { feature: 1, descriptor: 1, x: 2, y: 3, strength: 6, floatList: 2, value: 1 } as const
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/**
 * DELF features in the bytes of a .delf file, as TensorFlow's DELF writes it (a protocol buffer, DelfFeatures). Throws CORRUPT where the bytes are not one,
 * BAD_INPUT where descriptors differ in length or a value is not finite; both name `name`.
 */
export function parseDelfProtobuf(bytes: Uint8Array, name: string): LocalFeatures {
  const points: number[] = []
  const scores: number[] = []
  const descriptors: Float32Array[] = []
  try {
    for (const { number, type, data } of fieldsOf(bytes)) {
      if (number !== field.feature || type !== wire.bytes) continue
      let [x, y, strength] = [0, 0, 0]
      let descriptor = new Float32Array(0)
      for (const part of fieldsOf(data)) {
        if (part.number === field.descriptor && part.type === wire.bytes) descriptor = floatsOf(part.data)
        else if (part.type === wire.fixed32 && part.number === field.x) x = float(part.data)
        else if (part.type === wire.fixed32 && part.number === field.y) y = float(part.data)
        else if (part.type === wire.fixed32 && part.number === field.strength) strength = float(part.data)
      }
      points.push(x, y)
      scores.push(strength)
      descriptors.push(descriptor)
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new WinnowError('CORRUPT', `${name} is no whole .delf file (${error.message}). Write it again.`)
  }
  const dim = descriptors[0]?.length ?? 1
  const other = descriptors.findIndex(({ length }) => length !== dim)
  if (dim === 0 || other >= 0) throw new WinnowError('BAD_INPUT', `${name}: feature ${Math.max(0, other)} has ${descriptors[Math.max(0, other)]?.length ?? 0} descriptor values${dim > 0 ? `, the first has ${dim}` : ''}. All features need as many.`)
  const data = new Float32Array(dim * descriptors.length)
  for (const [i, descriptor] of descriptors.entries()) data.set(descriptor, i * dim)
  return delfFeatures({ points: Float32Array.from(points), scores: Float32Array.from(scores), dim, data }, name)
}

interface Field {
  readonly number: number
  readonly type: number
  readonly data: Uint8Array
}

/** The fields of a message, one after the other. Throws RangeError where they do not end with its bytes. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('it ends early')
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number in it has no end')
  }
  while (at < bytes.length) {
    const key = varint()
    const type = key % 8
    if (type === wire.varint) {
      varint()
      continue
    }
    const length = type === wire.fixed32 ? 4 : type === wire.fixed64 ? 8 : type === wire.bytes ? varint() : Number.NaN
    if (!(at + length <= bytes.length)) throw new RangeError(Number.isNaN(length) ? `its byte ${at} begins no field` : 'it ends early')
    yield { number: Math.floor(key / 8), type, data: bytes.subarray(at, at + length) }
    at += length
  }
}

const float = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true)

/** The values of a DatumProto: packed as the .proto has it, or one by one as other writers may. */
function floatsOf(datum: Uint8Array): Float32Array<ArrayBuffer> {
  const values: number[] = []
  for (const { number, type, data } of fieldsOf(datum)) {
    if (number !== field.floatList || type !== wire.bytes) continue
    for (const part of fieldsOf(data)) {
      if (part.number !== field.value) continue
      if (part.data.length % 4 !== 0) throw new RangeError('a list of numbers in it is not whole')
      for (let at = 0; at < part.data.length; at += 4) values.push(float(part.data.subarray(at)))
    }
  }
  return Float32Array.from(values)
}
