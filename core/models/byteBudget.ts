/**
 * Lets work begin while what is in flight stays below a number of bytes, in the order of asking. One that is larger than the whole budget
 * runs alone.
 */
export class ByteBudget {
  readonly #most: number
  #used = 0
  readonly #waiting: { bytes: number; start: () => void }[] = []

  constructor(most: number) {
    this.#most = most
  }

  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) await new Promise<void>((start) => this.#waiting.push({ bytes, start }))
    else this.#used += bytes
    try {
      return await work()
    } finally {
      this.#used -= bytes
      this.#admit()
    }
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#most
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#used += next.bytes
      next.start()
    }
  }
}
