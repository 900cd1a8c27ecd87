import type { Progress } from '../contract/common.ts'

const windowMilliseconds = 20_000

/**
 * Turns "so many done" into rate and time left. The rate is taken over the last 20 s, so that an ETA follows what the machine does now
 * (a cold start or a folder of huge files does not haunt it). Work that was done before this run (a resume) does not count.
 */
export class Pace {
  #stage = ''
  #marks: { at: number; done: number }[] = []

  measure(stage: string, done: number, total: number | null, message: string | undefined, now = Date.now()): Progress {
    if (stage !== this.#stage || done < (this.#marks.at(-1)?.done ?? 0)) {
      this.#stage = stage
      this.#marks = []
    }
    this.#marks.push({ at: now, done })
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > windowMilliseconds) this.#marks.shift()
    const first = this.#marks[0]
    const seconds = first ? (now - first.at) / 1000 : 0
    const rate = first && seconds >= 0.5 && done > first.done ? (done - first.done) / seconds : null
    const etaSeconds = rate !== null && total !== null ? Math.max(0, (total - done) / rate) : null
    return { stage, done, total, ratePerSecond: rate, etaSeconds, ...(message === undefined ? {} : { message }) }
  }
}
