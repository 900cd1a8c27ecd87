import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMilliseconds = 5

export interface Health {
  readonly ok: true
  readonly pid: number
  readonly version: string
  readonly project: string | null
  readonly windows: number
  readonly uptimeSeconds: number
  readonly rssBytes: number
  readonly heapBytes: number
  /** How late the event loop came to a timer, in milliseconds, since the start or the last reset. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number; readonly samples: number }
}

/** Watches how late the engine's event loop runs: what a person feels as a stutter. */
export class LoopLag {
  readonly #delays = monitorEventLoopDelay({ resolution: resolutionMilliseconds })

  constructor() {
    this.#delays.enable()
  }

  read({ reset = false } = {}): Health['lag'] {
    const delays = this.#delays
    // The histogram holds the time between two ticks of a timer, so its own interval is in every value.
    const late = (nanoseconds: number): number => (delays.count === 0 ? 0 : Math.max(0, nanoseconds / 1e6 - resolutionMilliseconds))
    const lag = { p50: late(delays.percentile(50)), p99: late(delays.percentile(99)), max: late(delays.max), samples: delays.count }
    if (reset) delays.reset()
    return lag
  }

  close(): void {
    this.#delays.disable()
  }
}
