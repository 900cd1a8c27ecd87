/** Shares a bounded amount (files in flight, pixels in memory) among tasks, first come first served. */
export class Budget {
  readonly #total: number
  #used = 0
  readonly #waiting: { amount: number; start: () => void }[] = []

  constructor(total: number) {
    this.#total = total
  }

  /** Waits until `amount` is free and returns what gives it back. More than the total counts as the total: such a task runs alone. */
  async take(amount: number): Promise<() => void> {
    const share = Math.min(amount, this.#total)
    if (this.#waiting.length > 0 || this.#used + share > this.#total) {
      await new Promise<void>((start) => this.#waiting.push({ amount: share, start }))
    } else {
      this.#used += share
    }
    let given = false
    return () => {
      if (given) return
      given = true
      this.#used -= share
      this.#next()
    }
  }

  #next(): void {
    for (let first = this.#waiting[0]; first && this.#used + first.amount <= this.#total; first = this.#waiting[0]) {
      this.#waiting.shift()
      this.#used += first.amount
      first.start()
    }
  }
}
