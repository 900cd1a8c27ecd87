import { setTimeout as wait } from 'node:timers/promises'
import { readFile, writeFile } from 'node:fs/promises'

export interface Measured<T> {
  readonly value: T
  readonly seconds: number
  /** The most memory this process held while the work ran (resident set), threads included, in bytes. */
  readonly peakBytes: number
}

/**
 * Runs a step and says what it took. Linux tells the peak exactly (VmHWM, which can be set back); elsewhere it is the process's own record where the work
 * raised it, else the highest of samples, and long synchronous stretches may hide from those.
 */
export async function measured<T>(work: () => Promise<T> | T): Promise<Measured<T>> {
  const resets = await resetPeak()
  const recordBefore = process.resourceUsage().maxRSS * 1024
  let highest = process.memoryUsage.rss()
  const done = new AbortController()
  const sampling = resets ? null : sample((bytes) => void (highest = Math.max(highest, bytes)), done.signal)
  const start = performance.now()
  try {
    const value = await work()
    const seconds = (performance.now() - start) / 1000
    highest = Math.max(highest, process.memoryUsage.rss())
    const record = process.resourceUsage().maxRSS * 1024
    return { value, seconds, peakBytes: (resets ? await readPeak() : null) ?? (record > recordBefore ? record : highest) }
  } finally {
    done.abort()
    await sampling
  }
}

async function sample(see: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    see(process.memoryUsage.rss())
    await wait(50, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/** Linux: sets the record of this process back to what it holds now. */
async function resetPeak(): Promise<boolean> {
  try {
    await writeFile('/proc/self/clear_refs', '5')
    return (await readPeak()) !== null
  } catch {
    return false
  }
}

async function readPeak(): Promise<number | null> {
  const found = /^VmHWM:\s*(\d+) kB/m.exec(await readFile('/proc/self/status', 'utf8').catch(() => ''))
  return found ? Number(found[1]) * 1024 : null
}
