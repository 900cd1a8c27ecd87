import { IconChevronRight } from '@tabler/icons-react'
import type { TrailEntry } from '../../../core/contract/matches.ts'
import { ordinal, scoreText, shownTrail } from './matchWords.ts'
import css from './TrailChips.module.css'

/** Where the pair stood after each step of the run: "raw .71 › normalised .44 › re-ranked 1st". */
export function TrailChips({ trail }: { trail: readonly TrailEntry[] }) {
  const shown = shownTrail(trail)
  return (
    <ol className={css.trail} aria-label="How the pair came to its place">
      {shown.map((entry, index) => (
        <li key={entry.step} className={css.entry} title={`${entry.title}: ${entry.score === null ? 'not listed' : `score ${scoreText(entry.score)}, ${ordinal(entry.rank ?? 0)} of ${entry.of}`}`}>
          {index > 0 && <IconChevronRight size={10} className={css.arrow ?? ''} />}
          <span className={css.chip} data-last={index === shown.length - 1 || undefined}>
            <span className={css.title}>{entry.title}</span>
            <span className={css.score}>{entry.score === null ? <i>not listed</i> : <><b>{scoreText(entry.score)}</b><span className={css.rank}>{ordinal(entry.rank ?? 0)}</span></>}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
