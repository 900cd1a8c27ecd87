/** An Int32 list that grows: plain arrays of millions of numbers cost eight bytes and a collection each. */
export class GrowingInt32 {
  #values = new Int32Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Int32Array(this.#length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.#length++] = value
  }

  /** What is in it, as a view: valid until the next push. */
  view(): Int32Array {
    return this.#values.subarray(0, this.#length)
  }
}
