import { open, stat } from 'node:fs/promises'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { parseNpy } from '../formats/npy.ts'

/** A vector has at most 65,536 values; as text they take some twenty bytes each. */
const mostBytes = 4 * 2 ** 20

/**
 * A vector that somebody got elsewhere, to compare ours with: an .npy file of floating-point or whole numbers (any shape with one row), or JSON: a list
 * of numbers, a list with one such list, or an object whose "vector" or "embedding" is one. Throws NOT_FOUND, BAD_INPUT or CORRUPT naming the file.
 */
export async function readReferenceVector(file: string): Promise<Float64Array> {
  const bytes = await readSmall(file)
  const values = bytes[0] === 0x93 ? fromNpy(bytes, file) : fromJson(bytes, file)
  if (values.length < 2) throw new WinnowError('BAD_INPUT', `${file} holds ${values.length} value${values.length === 1 ? '' : 's'}; a vector has more.`)
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new WinnowError('BAD_INPUT', `${file}: value ${bad + 1} of the vector is not a finite number.`)
  return values
}

async function readSmall(file: string): Promise<Buffer> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new WinnowError('BAD_INPUT', `${file} is not a file. Name the .npy or JSON file that holds the vector.`)
    if (found.size > mostBytes) throw new WinnowError('BAD_INPUT', `${file} has ${found.size} bytes; the vector of one picture is far smaller. Save that one row alone.`)
    const handle = await open(file)
    try {
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw systemError(error, file) ?? error
  }
}

function fromNpy(bytes: Buffer, file: string): Float64Array {
  const { data, shape } = parseNpy(bytes, file)
  const long = shape.filter((length) => length !== 1)
  if (long.length !== 1) throw new WinnowError('BAD_INPUT', `${file} has the shape (${shape.join(', ')}); the vector of one picture is needed. Save that one row alone.`)
  if (Array.isArray(data) && data.some((value) => typeof value === 'string')) throw new WinnowError('BAD_INPUT', `${file} holds text; a vector of numbers is needed.`)
  return Float64Array.from(data as ArrayLike<number | bigint>, Number)
}

function fromJson(bytes: Buffer, file: string): Float64Array {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new WinnowError('CORRUPT', `${file} is neither an .npy file nor JSON (${(error as Error).message}).`)
  }
  const named = typeof json === 'object' && json !== null && !Array.isArray(json) ? ((json as Record<string, unknown>)['vector'] ?? (json as Record<string, unknown>)['embedding']) : json
  const list = Array.isArray(named) && named.length === 1 && Array.isArray(named[0]) ? (named[0] as unknown[]) : named
  if (!Array.isArray(list)) throw new WinnowError('BAD_INPUT', `${file} holds no list of numbers. Write the vector as [0.1, -0.2, …], or as {"vector": […]}.`)
  const bad = list.findIndex((value) => typeof value !== 'number')
  if (bad >= 0) throw new WinnowError('BAD_INPUT', `${file}: value ${bad + 1} of the vector is not a number.`)
  return Float64Array.from(list as number[])
}
