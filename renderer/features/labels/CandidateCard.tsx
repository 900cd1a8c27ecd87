import type { Candidate } from '../../../core/contract/labels.ts'
import { formatScore } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { scoreText } from './labelWords.ts'
import css from './CandidateCard.module.css'

interface Props {
  readonly candidate: Candidate
  readonly number: number
  readonly chosen: boolean
  readonly onChoose: () => void
}

/** A class that the vote proposes: its score, the labelled image of it that lies nearest, and three that stand for it. */
export function CandidateCard({ candidate, number, chosen, onChoose }: Props) {
  const { className, score, nearest, exemplars } = candidate
  return (
    <button type="button" tabIndex={-1} className={css.card} data-first={number === 1 || undefined} data-chosen={chosen || undefined} aria-pressed={chosen} onClick={onChoose}>
      <span className={css.head}>
        <Kbd keys={String(number)} />
        <span className={css.name} title={className}>{className}</span>
        <span className={css.score}>{scoreText(score)}</span>
      </span>
      <span className={css.track}><span className={css.fill} style={{ width: `${Math.max(1, score * 100)}%` }} /></span>
      <span className={css.nearest}>
        {nearest ? <Thumb id={nearest.imageId} aspect={null} marks={false} /> : <span className={css.nothing}>no labelled image near</span>}
        {nearest && <span className={css.caption}><span>nearest </span>{formatScore(nearest.similarity)}</span>}
      </span>
      <span className={css.exemplars}>{exemplars.slice(0, 3).map((id) => <span key={id}><Thumb id={id} aspect={null} marks={false} /></span>)}</span>
    </button>
  )
}
