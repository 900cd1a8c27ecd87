/// <reference lib="esnext.float16" />
import { WinnowError } from '../domain/errors.ts'
import type { NpyData } from './npyValues.ts'

/** Values of any numeric type as float32 (a view where they are already). Integers beyond 2^24 lose digits, as they do in NumPy's astype. */
export function asFloat32(data: NpyData, name: string): Float32Array {
  if (data instanceof Float32Array) return data
  if (Array.isArray(data)) throw new WinnowError('BAD_INPUT', `${name} holds text where numbers are needed.`)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data as BigInt64Array, Number)
  return Float32Array.from(data)
}

export function asFloat64(data: NpyData, name: string): Float64Array {
  if (data instanceof Float64Array) return data
  if (Array.isArray(data)) throw new WinnowError('BAD_INPUT', `${name} holds text where numbers are needed.`)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data as BigInt64Array, Number)
  return Float64Array.from(data)
}

/** Ids: text as it is, whole numbers as their digits. */
export function asText(data: NpyData, name: string): string[] {
  if (Array.isArray(data)) return data
  if (data instanceof Float16Array || data instanceof Float32Array || data instanceof Float64Array) throw new WinnowError('BAD_INPUT', `${name} holds fractions where ids are needed. Save ids as strings or whole numbers.`)
  return Array.from(data as ArrayLike<number | bigint>, String)
}
