import { WinnowError } from '../domain/errors.ts'

/** Bytes that come in pieces of any size, taken in pieces of the size that is needed. */
export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #name: string
  #piece: Uint8Array = new Uint8Array(0)

  constructor(pieces: AsyncIterable<Uint8Array>, name: string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#name = name
  }

  /** The next `count` bytes, in a buffer of their own. Throws CORRUPT where there are fewer. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count)
    for (let done = 0; done < count; ) {
      if (this.#piece.length === 0 && !(await this.#next())) throw new WinnowError('CORRUPT', `${this.#name} ends in the middle: ${done} of ${count} bytes are there. It was cut short; get or write it again.`)
      const part = this.#piece.subarray(0, count - done)
      bytes.set(part, done)
      this.#piece = this.#piece.subarray(part.length)
      done += part.length
    }
    return bytes
  }

  /** Whether nothing is left; also runs whatever check stands at the end of the pieces. */
  async atEnd(): Promise<boolean> {
    return this.#piece.length === 0 && !(await this.#next())
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  async #next(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#pieces.next()
      if (done === true) return false
      if (value.length > 0) {
        this.#piece = value
        return true
      }
    }
  }
}

/** The bytes [from, to) of an open file, in pieces. */
export async function* fileBytes(handle: { read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }> }, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const piece = new Uint8Array(Math.min(2 ** 20, to - at))
    const { bytesRead } = await handle.read(piece, 0, piece.length, at)
    if (bytesRead === 0) return
    yield piece.subarray(0, bytesRead)
    at += bytesRead
  }
}
