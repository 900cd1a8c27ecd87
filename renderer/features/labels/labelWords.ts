import type { QueueOrder } from '../../../core/contract/labels.ts'
import { formatCount, formatNumber } from '../../components/format.ts'

export const orderWords: Record<QueueOrder, string> = {
  surest: 'Surest first',
  'least-sure': 'Least sure first',
  'smallest-margin': 'Closest calls first',
  class: 'By predicted class',
  path: 'By path'
}

/** Two digits, cut and not rounded: an image at 0.899 is not "0.90 or more". */
export function scoreText(score: number): string {
  return (Math.floor(score * 100 + 1e-9) / 100).toFixed(2)
}

/** "Accept 312 predictions at 0.90 or more" */
export function bulkAcceptWords(count: number, minScore: number, className?: string): string {
  return `Accept ${formatCount(count, 'prediction')}${className ? ` of ${className}` : ''} at ${scoreText(minScore)} or more`
}

/** "Accept 118 as howler · 3 wrong stay open" */
export function sheetWords(count: number, className: string, wrong: number): string {
  const accept = `Accept ${formatNumber(count)} as ${className}`
  return wrong === 0 ? accept : `${accept} · ${formatNumber(wrong)} wrong ${wrong === 1 ? 'stays' : 'stay'} open`
}

/** "3 min left", from a pace in decisions a minute; empty while there is no pace yet. */
export function timeLeft(open: number, perMinute: number): string {
  if (perMinute <= 0 || open <= 0) return ''
  const minutes = open / perMinute
  if (minutes < 1) return 'under a minute left'
  if (minutes < 90) return `${Math.round(minutes)} min left`
  return `${(minutes / 60).toFixed(1)} h left`
}
