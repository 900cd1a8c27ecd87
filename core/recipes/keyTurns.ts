/** Who makes what now: of two that want the same result (a job and a trial) the later one waits, and nobody takes away what is being made. */
export class KeyTurns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Whether somebody makes it, or waits to. */
  has(key: string): boolean {
    return this.#last.has(key)
  }

  /** Does `work` when nobody else is at this key any more, whatever became of theirs. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const mine = (async () => {
      await before?.catch(() => undefined)
      return await work()
    })()
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }
}
