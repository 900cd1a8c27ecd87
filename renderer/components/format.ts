/** Numbers and sizes in words, the same everywhere. */
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })

export const formatNumber = (value: number): string => whole.format(value)

/** "1 image", "1,284 images". */
export const formatCount = (value: number, one: string, many = `${one}s`): string => `${formatNumber(value)} ${value === 1 ? one : many}`

/** A share 0..1 as "97 %". */
export const formatPercent = (share: number): string => `${Math.round(share * 100)} %`

/** A similarity or score 0..1 with three digits; 1 only where it is exactly 1. */
export const formatScore = (score: number): string => (score < 1 ? Math.min(score, 0.9994).toFixed(3) : '1.000')

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${short.format(value)} ${units[unit] ?? 'TB'}`
}

/** "8 s", "3 min", "2 h 10 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 0.95) return 'less than a second'
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`
}

/** "214/s", "8.2/s", "12/min" for what is slow. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${formatNumber(perSecond)}/s`
  if (perSecond >= 0.5) return `${short.format(perSecond)}/s`
  return `${formatNumber(perSecond * 60)}/min`
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dayAndClock = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })

/** Milliseconds since 1970 as "just now", "5 min ago", "14:02" today, or the date. */
export function formatWhen(at: number, now = Date.now()): string {
  const seconds = (now - at) / 1000
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`
  if (new Date(at).toDateString() === new Date(now).toDateString()) return `today ${clock.format(at)}`
  return day.format(at)
}

export const formatDate = (at: number): string => dayAndClock.format(at)
