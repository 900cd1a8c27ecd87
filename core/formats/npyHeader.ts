import { WinnowError } from '../domain/errors.ts'

/** Types that we read and write, in NumPy's words: little-endian numbers, booleans, and strings of a fixed length (S: bytes, U: code points). */
export type NumberDtype = '<f2' | '<f4' | '<f8' | '|i1' | '<i2' | '<i4' | '<i8' | '|u1' | '<u2' | '<u4' | '<u8' | '|b1'
export type StringDtype = `|S${number}` | `<U${number}`
export type NpyDtype = NumberDtype | StringDtype

export interface NpyHeader {
  readonly dtype: NpyDtype
  readonly shape: readonly number[]
  /** Bytes of one value. */
  readonly itemBytes: number
  /** Values in the whole array. */
  readonly count: number
  /** Where the values begin. */
  readonly offset: number
}

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)
const numberBytes: Readonly<Record<string, number>> = { f2: 2, f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8, u1: 1, u2: 2, u4: 4, u8: 8, b1: 1 }
const longestHeader = 65_535
/** Fixed-length strings longer than this are no ids and no paths. */
const longestString = 65_536
const mostDimensions = 32
/** NumPy leaves room for a first dimension of so many digits, so that it can be written again in place. */
const growthDigits = 21

/**
 * The header of an .npy file (format 1.0 of NumPy's NEP 1): magic, version, length, a Python dictionary, padded to a multiple of 64 bytes.
 * Its length does not depend on the first dimension, so that it can be written again once the number of rows is known.
 */
export function npyHeader(dtype: NpyDtype, shape: readonly number[]): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0] as number},` : shape.join(', ')
  const room = shape.length === 0 ? 0 : growthDigits - String(shape[0]).length
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${dimensions}), }${' '.repeat(room)}`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64
  const bytes = Buffer.alloc(length, ' ')
  bytes.set(magic)
  bytes[6] = 1
  bytes[7] = 0
  bytes.writeUInt16LE(length - 10, 8)
  bytes.write(text, 10, 'latin1')
  bytes[length - 1] = 10
  return bytes
}

/** How many bytes must be read before `readNpyHeader` can do its work: 12 tell, from then on this many. Throws CORRUPT for what is no .npy file. */
export function npyHeaderBytes(start: Uint8Array, name: string): number {
  if (start.length < magic.length || magic.some((byte, i) => start[i] !== byte)) throw new WinnowError('CORRUPT', `${name} is not an .npy file: it does not begin with NumPy’s mark. Write it with numpy.save.`)
  const version = start[6]
  if (version !== undefined && (version < 1 || version > 3)) throw new WinnowError('CORRUPT', `${name} is an .npy file of version ${version}, which is unknown: there are 1, 2 and 3.`)
  const fixed = version === 1 ? 10 : 12
  if (start.length < fixed) throw cutShort(name, `its header alone needs more than the ${start.length} bytes there are`)
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestHeader) throw new WinnowError('CORRUPT', `${name} says that its header is ${length} bytes long; ${longestHeader} is the most. The file is damaged.`)
  return fixed + length
}

/**
 * Reads and checks the header at the beginning of `start`. `fileBytes` is the size of the whole file, which must be the header's own and what
 * its shape and type need, to the byte. Throws CORRUPT for a lie about size, shape or type, BAD_INPUT for what NumPy may write and Winnow
 * does not read (pickled objects, structures, big-endian, Fortran order), each naming the file and what to do.
 */
export function readNpyHeader(start: Uint8Array, fileBytes: number, name: string): NpyHeader {
  const offset = npyHeaderBytes(start, name)
  if (start.length < offset || fileBytes < offset) throw cutShort(name, `its header says that it is ${offset} bytes long, and the file ends before`)
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength).subarray(start[6] === 1 ? 10 : 12, offset).toString('latin1')
  const { descr, fortranOrder, shape } = new HeaderText(text, name).read()
  const { dtype, itemBytes } = dtypeOf(descr, name)
  if (shape.length > mostDimensions) throw new WinnowError('CORRUPT', `${name}: its header gives ${shape.length} dimensions; ${mostDimensions} is the most.`)
  const count = shape.reduce((product, one) => product * one, 1)
  const expected = offset + count * itemBytes
  const shown = `(${shape.join(', ')})`
  if (!Number.isSafeInteger(expected)) throw new WinnowError('CORRUPT', `${name}: its header gives the shape ${shown}, which no file can hold.`)
  if (fileBytes < expected) throw cutShort(name, `its header gives the shape ${shown} of ${dtype}, ${expected} bytes in all, and the file has ${fileBytes}`)
  if (fileBytes > expected) throw new WinnowError('CORRUPT', `${name} is longer than it says: the shape ${shown} of ${dtype} needs ${expected} bytes, and the file has ${fileBytes}. It is damaged, or several arrays were saved into one file: save them apart.`)
  if (itemBytes === 0 && count > 0) throw new WinnowError('CORRUPT', `${name}: its header gives ${count} strings of length 0.`)
  // With at most one dimension above 1 both orders are the same.
  if (fortranOrder && shape.filter((one) => one > 1).length > 1) throw new WinnowError('BAD_INPUT', `${name} is in Fortran order (columns first). Save it with numpy.save(file, numpy.ascontiguousarray(array)).`)
  return { dtype, shape, itemBytes, count, offset }
}

const cutShort = (name: string, how: string): WinnowError => new WinnowError('CORRUPT', `${name} is cut short: ${how}. Get or write it again.`)

function dtypeOf(descr: string | null, name: string): { dtype: NpyDtype; itemBytes: number } {
  if (descr === null) throw new WinnowError('BAD_INPUT', `${name} holds a structured array (several fields a row). Save each field as an array of its own.`)
  const parts = /^([<>|=]?)([a-zA-Z])(\d{0,9})$/u.exec(descr)
  const [, order = '', kind = '', digits = ''] = parts ?? []
  if (kind === 'O') throw new WinnowError('BAD_INPUT', `${name} holds pickled Python objects, which can carry code and are never opened. Save numbers (float32) or fixed-length strings instead.`)
  const size = Number(digits)
  if (kind === 'S' || kind === 'a' || kind === 'U') {
    if (order === '>' && kind === 'U') throw bigEndian(name, descr)
    if (size > longestString) throw new WinnowError('CORRUPT', `${name} says that it holds strings of length ${size}; ${longestString} is the most.`)
    return kind === 'U' ? { dtype: `<U${size}`, itemBytes: size * 4 } : { dtype: `|S${size}`, itemBytes: size }
  }
  const itemBytes = numberBytes[`${kind}${size}`]
  if (itemBytes === undefined) throw new WinnowError('BAD_INPUT', `${name} holds values of type "${descr.slice(0, 40)}", which is not read here. Convert it to float32 (f4), an integer type or fixed-length strings.`)
  if (order === '>' && itemBytes > 1) throw bigEndian(name, descr)
  return { dtype: `${itemBytes === 1 ? '|' : '<'}${kind}${size}` as NumberDtype, itemBytes }
}

const bigEndian = (name: string, descr: string): WinnowError =>
  new WinnowError('BAD_INPUT', `${name} holds big-endian values (${descr}). Save it with array.astype(array.dtype.newbyteorder('<')).`)

/** The dictionary of the header: a Python literal with the keys descr, fortran_order and shape, each once. Nothing else is understood. */
class HeaderText {
  readonly #text: string
  readonly #name: string
  #at = 0

  constructor(text: string, name: string) {
    this.#text = text
    this.#name = name
  }

  read(): { descr: string | null; fortranOrder: boolean; shape: number[] } {
    let descr: string | null | undefined
    let fortranOrder: boolean | undefined
    let shape: number[] | undefined
    this.#need('{')
    while (!this.#take('}')) {
      const key = this.#string()
      this.#need(':')
      if (key === 'descr' && descr === undefined) descr = this.#peek() === '[' ? this.#structure() : this.#string()
      else if (key === 'fortran_order' && fortranOrder === undefined) fortranOrder = this.#boolean()
      else if (key === 'shape' && shape === undefined) shape = this.#tuple()
      else throw this.#wrong(`the key "${key.slice(0, 40)}" is unknown or there twice`)
      if (!this.#take(',') && this.#peek() !== '}') throw this.#wrong('there is neither a comma nor the end')
    }
    if (this.#peek() !== '') throw this.#wrong('something follows the dictionary')
    if (descr === undefined || fortranOrder === undefined || shape === undefined) throw this.#wrong('one of descr, fortran_order and shape is missing')
    return { descr, fortranOrder, shape }
  }

  #peek(): string {
    while (/\s/u.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#text[this.#at] ?? ''
  }

  #take(mark: string): boolean {
    if (this.#peek() !== mark) return false
    this.#at++
    return true
  }

  #need(mark: string): void {
    if (!this.#take(mark)) throw this.#wrong(`"${mark}" is missing at character ${this.#at}`)
  }

  #match(pattern: RegExp): string | null {
    this.#peek()
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (!found) return null
    this.#at += found[0].length
    return found[0]
  }

  #string(): string {
    const text = this.#match(/'[^'\\\n]*'|"[^"\\\n]*"/uy)
    if (text === null) throw this.#wrong(`a quoted word is missing at character ${this.#at}`)
    return text.slice(1, -1)
  }

  /** A list of fields: what is in it does not matter, it is refused by our caller. */
  #structure(): null {
    this.#match(/\[[^\]]*\]/uy)
    return null
  }

  #boolean(): boolean {
    const text = this.#match(/True|False/uy)
    if (text === null) throw this.#wrong('fortran_order is neither True nor False')
    return text === 'True'
  }

  #tuple(): number[] {
    const shape: number[] = []
    this.#need('(')
    while (!this.#take(')')) {
      // Python 2 wrote 10L.
      const digits = this.#match(/\d+L?/uy)
      const value = Number(digits?.replace('L', '') ?? Number.NaN)
      if (!Number.isSafeInteger(value)) throw this.#wrong('a dimension of its shape is not a whole number')
      shape.push(value)
      if (!this.#take(',') && this.#peek() !== ')') throw this.#wrong('its shape has no end')
    }
    return shape
  }

  #wrong(how: string): WinnowError {
    return new WinnowError('CORRUPT', `${this.#name}: its .npy header cannot be read: ${how}. The file is damaged or was not written by NumPy.`)
  }
}
