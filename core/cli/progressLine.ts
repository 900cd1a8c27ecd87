import type { Job } from '../contract/jobs.ts'
import type { Progress } from '../contract/common.ts'
import { count, secondsInWords } from './words.ts'

type Shown = Pick<Job, 'title' | 'state' | 'progress'>

interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const barWidth = 24
/** Without a terminal: at most a line a second, and one at least every five. */
const plainAtMostMilliseconds = 1000
const plainEveryMilliseconds = 5000

/** One line of a job: how far, how fast, how long. */
export function progressText({ title, state, progress }: Shown, bar: boolean): string {
  if (state === 'queued' || !progress) return state === 'queued' ? `${title}: waiting for the jobs before it` : title
  const { stage, done, total, ratePerSecond, etaSeconds, message } = progress
  const share = shareOf(progress)
  const parts = [
    total === null ? count(done) : `${count(done)} of ${count(total)}`,
    ratePerSecond === null ? null : `${ratePerSecond < 10 ? ratePerSecond.toFixed(1) : count(Math.round(ratePerSecond))}/s`,
    etaSeconds === null || done === total ? null : `${secondsInWords(etaSeconds)} left`,
    message ?? null
  ].filter((part) => part !== null)
  const drawn = bar && share !== null ? `${'█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')} ${String(Math.floor(share * 100)).padStart(3)} %  ` : ''
  return `${stage || title}  ${drawn}${parts.join(' · ')}`
}

const shareOf = ({ done, total }: Progress): number | null => (total ? Math.min(1, Math.max(0, done / total)) : null)

/** A bar that redraws itself on a terminal; elsewhere a plain line now and then, so that a log stays readable. */
export class ProgressLine {
  readonly #output: Output
  #drawn = false
  #lastStage = ''
  #lastTenth = -1
  #lastAt = 0

  constructor(output: Output) {
    this.#output = output
  }

  show(job: Shown, now = Date.now()): void {
    if (this.#output.isTTY) {
      this.#output.write(`\r\u001b[2K${progressText(job, true).slice(0, Math.max(20, (this.#output.columns ?? 80) - 1))}`)
      this.#drawn = true
      return
    }
    const stage = job.progress?.stage ?? ''
    const share = job.progress ? shareOf(job.progress) : null
    const tenth = share === null ? -1 : Math.floor(share * 10)
    const newStage = stage !== this.#lastStage
    const since = now - this.#lastAt
    if (!newStage && since < (tenth === this.#lastTenth ? plainEveryMilliseconds : plainAtMostMilliseconds)) return
    this.#lastStage = stage
    this.#lastTenth = tenth
    this.#lastAt = now
    this.#output.write(`${progressText(job, false)}\n`)
  }

  /** Makes room for something else. */
  clear(): void {
    if (this.#drawn) this.#output.write('\r\u001b[2K')
    this.#drawn = false
  }
}
