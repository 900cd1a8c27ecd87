import { crc32 } from 'node:zlib'
import { WinnowError } from '../domain/errors.ts'
import { countOf, type Descriptors, featureProblem, type LocalFeatures, widthOf } from './localFeatures.ts'

/**
 * Features on disk, little-endian: "WLF1", uint32 width, height, number of points, kind (1 binary, 2 float), descriptor width, CRC-32 of
 * all other bytes, 0; float64 shrink; then points (float32), scores (float32), descriptors (bytes or float32).
 */
const headerBytes = 40
const magic = 0x31464c57
const sumAt = 24

const checksum = (bytes: Uint8Array): number => crc32(bytes.subarray(sumAt + 4), crc32(bytes.subarray(0, sumAt)))

export function encodeFeatures(features: LocalFeatures): Uint8Array {
  const { width, height, shrink, points, scores, descriptors } = features
  const parts = [points, scores, descriptors.data].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))
  const bytes = new Uint8Array(headerBytes + parts.reduce((sum, { length }) => sum + length, 0))
  let at = headerBytes
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  const head = new DataView(bytes.buffer)
  for (const [i, value] of [magic, width, height, countOf(features), descriptors.kind === 'binary' ? 1 : 2, widthOf(descriptors)].entries()) head.setUint32(4 * i, value, true)
  head.setFloat64(32, shrink, true)
  head.setUint32(sumAt, checksum(bytes), true)
  return bytes
}

/** Throws CORRUPT, naming the file and what is wrong with it. */
export function decodeFeatures(bytes: Uint8Array, name: string): LocalFeatures {
  const wrong = (why: string): WinnowError => new WinnowError('CORRUPT', `${name} is not a whole file of features: ${why}. Delete it; it is made anew.`)
  if (bytes.length < headerBytes) throw wrong('it is too short')
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [found, width, height, n, kind, dim, sum] = Array.from({ length: 7 }, (_, i) => head.getUint32(4 * i, true)) as [number, number, number, number, number, number, number]
  if (found !== magic) throw wrong('it begins with other bytes')
  if (kind !== 1 && kind !== 2) throw wrong(`it has descriptors of an unknown kind ${kind}`)
  const descriptorBytes = n * dim * (kind === 1 ? 1 : 4)
  if (bytes.length !== headerBytes + 12 * n + descriptorBytes) throw wrong(`it has ${bytes.length} bytes, its header says ${headerBytes + 12 * n + descriptorBytes}`)
  if (checksum(bytes) !== sum) throw wrong('its checksum does not fit')
  // A copy (a Buffer shares its memory with others, and begins anywhere in it).
  const body = new Uint8Array(bytes.subarray(headerBytes)).buffer
  const descriptors: Descriptors = kind === 1 ? { kind: 'binary', bytes: dim, data: new Uint8Array(body, 12 * n, descriptorBytes) } : { kind: 'float', dim, data: new Float32Array(body, 12 * n, n * dim) }
  const features: LocalFeatures = { width, height, shrink: head.getFloat64(32, true), points: new Float32Array(body, 0, 2 * n), scores: new Float32Array(body, 8 * n, n), descriptors }
  const problem = featureProblem(features)
  if (problem) throw wrong(problem)
  return features
}

/** Bytes that the features take in memory, about. */
export const featureBytes = ({ points, scores, descriptors }: LocalFeatures): number => points.byteLength + scores.byteLength + descriptors.data.byteLength + 200
