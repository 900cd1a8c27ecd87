const idle = 60_000
const activity = 5 * 60_000

/**
 * Decisions a minute over the last five minutes in which somebody was deciding: a gap of more than a minute is a pause and does not count.
 * `times` are ms since 1970, newest first. 0 for fewer than two decisions without a pause between them.
 */
export function decisionsPerMinute(times: readonly number[]): number {
  let spent = 0
  let gaps = 0
  for (let i = 1; i < times.length && spent < activity; i++) {
    const gap = Math.max(0, (times[i - 1] ?? 0) - (times[i] ?? 0))
    if (gap > idle) continue
    spent += gap
    gaps++
  }
  // Scripts can decide faster than the clock ticks.
  return gaps === 0 ? 0 : (gaps * 60_000) / Math.max(spent, gaps)
}
