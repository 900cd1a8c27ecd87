import type { Progress } from '../../core/contract/common.ts'
import { formatDuration, formatNumber, formatPercent, formatRate } from './format.ts'
import css from './ProgressBar.module.css'

/** A bar for a share 0..1; null means that the whole is not known yet. */
export function ProgressBar({ share, label, tone = 'accent' }: { share: number | null; label: string; tone?: 'accent' | 'accept' | 'reject' }) {
  const percent = share === null ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div className={css.track} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <div className={css.fill} data-tone={tone} data-open={percent === undefined || undefined} style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  )
}

export const progressShare = (progress: Progress | null): number | null =>
  progress && progress.total !== null && progress.total > 0 ? progress.done / progress.total : null

/** "62 % · 1,284 of 9,144 · 214/s · 3 min left" */
export function progressText(progress: Progress | null): string {
  if (!progress) return 'starting'
  const share = progressShare(progress)
  return [
    share === null ? null : formatPercent(share),
    progress.total === null ? formatNumber(progress.done) : `${formatNumber(progress.done)} of ${formatNumber(progress.total)}`,
    progress.ratePerSecond ? formatRate(progress.ratePerSecond) : null,
    progress.etaSeconds !== null && progress.etaSeconds > 0.5 ? `${formatDuration(progress.etaSeconds)} left` : null
  ].filter(Boolean).join(' · ')
}
