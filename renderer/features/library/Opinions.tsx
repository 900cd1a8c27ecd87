import { IconFolder, IconSparkles, IconUser } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ImageDetails, ImageRow } from '../../../core/contract/images.ts'
import { formatScore } from '../../components/format.ts'
import css from './Opinions.module.css'

/** Who says what about the class: the person, the folder, the machine, side by side and never mixed up. */
export function Opinions({ row, predictions }: { row: ImageRow; predictions: ImageDetails['predictions'] }) {
  const human = row.label === null ? null : row.label.state === 'class' ? row.label.className : row.label.state === 'none' ? 'none of the classes' : 'unsure'
  const machine = predictions.length > 0 ? predictions.slice(0, 3) : row.prediction ? [{ ...row.prediction, classId: 0, runId: 0 }] : []
  return (
    <div className={css.opinions}>
      <Opinion icon={<IconUser size={14} />} title="A person said">{human ?? <i>nobody yet</i>}</Opinion>
      {row.givenClassName !== null && <Opinion icon={<IconFolder size={14} />} title="Came with the files">{row.givenClassName}</Opinion>}
      {machine.map((prediction) => (
        <Opinion key={`${prediction.runId}.${prediction.classId}`} icon={<IconSparkles size={14} />} title="Proposed by the machine" share={prediction.score}>
          {prediction.className} <span className={css.score}>{formatScore(prediction.score)}</span>
        </Opinion>
      ))}
    </div>
  )
}

function Opinion({ icon, title, share, children }: { icon: ReactNode; title: string; share?: number; children: ReactNode }) {
  return (
    <span className={css.opinion} title={title} data-machine={share !== undefined || undefined}>
      {share !== undefined && <span className={css.share} style={{ width: `${Math.round(share * 100)}%` }} />}
      {icon}<span className={css.text}>{children}</span>
    </span>
  )
}
