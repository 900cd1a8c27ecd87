/** Appends little-endian numbers, texts and arrays to one growing buffer. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256)
  #length = 0

  byte(value: number): void {
    this.#room(1)
    this.#length = this.#buffer.writeUInt8(value, this.#length)
  }
  int(value: number): void {
    this.#room(4)
    this.#length = this.#buffer.writeInt32LE(value, this.#length)
  }
  real(value: number): void {
    this.#room(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }
  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8')
    this.int(bytes.length)
    this.bytes(bytes)
  }
  bytes(value: Uint8Array): void {
    this.#room(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }
  /** The bytes of a typed array as they lie in memory (every platform that we run on is little-endian). */
  array(values: Int32Array | Float64Array | Uint8Array | Uint16Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** Reads what ByteWriter wrote. Throws RangeError past the end. */
export class ByteReader {
  readonly #buffer: Buffer
  #at = 0
  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#move(1))
  }
  int(): number {
    return this.#buffer.readInt32LE(this.#move(4))
  }
  real(): number {
    return this.#buffer.readDoubleLE(this.#move(8))
  }
  text(): string {
    return this.bytes(this.int()).toString('utf8')
  }
  bytes(length: number): Buffer {
    const from = this.#move(length)
    return this.#buffer.subarray(from, from + length)
  }
  int32s(length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#copy(length * 4))
  }
  float64s(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#copy(length * 8))
  }
  uint16s(length: number): Uint16Array {
    return new Uint16Array(this.#copy(length * 2))
  }

  /** A copy, because a typed array must start at a multiple of its element's size. */
  #copy(bytes: number): ArrayBuffer {
    const view = this.bytes(bytes)
    const copy = new Uint8Array(bytes)
    copy.set(view)
    return copy.buffer
  }
  #move(bytes: number): number {
    const from = this.#at
    if (bytes < 0 || from + bytes > this.#buffer.length) throw new RangeError('the record ends early')
    this.#at = from + bytes
    return from
  }
}
