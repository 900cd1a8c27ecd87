import { IconAlertTriangle, IconPhoto } from '@tabler/icons-react'
import { memo, useState } from 'react'
import type { ImageRow } from '../../core/contract/images.ts'
import { useRow } from '../app/rows.ts'
import { failureWords } from './failureWords.ts'
import { StateMark } from './StateMark.tsx'
import css from './Thumb.module.css'

interface Props {
  readonly id: number
  /** Where the caller has it; else it is fetched. */
  readonly row?: ImageRow | undefined
  /** contain shows the whole picture, cover fills the box. */
  readonly fit?: 'contain' | 'cover'
  /** State mark in the corner; default yes. */
  readonly marks?: boolean
  /** Class chip at the bottom; default no. */
  readonly label?: boolean
  /** Width over height of the box; default the picture's own. null: the caller's box decides. */
  readonly aspect?: number | null
}

export const thumbUrl = (id: number): string => `/thumb/${id}`
/** The whole picture, upright, in a format that a browser shows. */
export const imageUrl = (id: number): string => `/image/${id}`

/** Width over height, 4:3 where it is not known yet. */
export const aspectOf = (row: Pick<ImageRow, 'width' | 'height'> | undefined): number => (row?.width && row.height ? row.width / row.height : 4 / 3)

const againMs = 1500

const verdictMarks = { keep: 'accept', drop: 'reject', unsure: 'unsure' } as const

/** A picture by its id: the right room before it comes, its state by shape and colour, its class, and a glyph with the reason where it cannot be shown. */
export const Thumb = memo(function Thumb({ id, row: given, fit = 'cover', marks = true, label = false, aspect }: Props) {
  const fetched = useRow(given ? null : id)
  const row = given ?? fetched
  const ratio = aspect === undefined ? aspectOf(row) : aspect
  return (
    <div className={css.thumb} data-dropped={row?.verdict === 'drop' || undefined} data-fixed={ratio === null || undefined} style={ratio === null ? undefined : { aspectRatio: String(ratio) }}>
      <Picture id={id} row={row} fit={fit} />
      {marks && row?.verdict && <span className={css.mark}><StateMark mark={verdictMarks[row.verdict]} title={row.verdictReason ?? undefined} /></span>}
      {label && row && <LabelChip row={row} />}
    </div>
  )
})

function Picture({ id, row, fit }: { id: number; row: ImageRow | undefined; fit: 'contain' | 'cover' }) {
  const [shown, setShown] = useState<'waiting' | 'here' | 'broken'>('waiting')
  const [attempt, setAttempt] = useState(0)
  // An engine that has just come back may not have its project open yet: one more try.
  const onError = (): void => {
    if (attempt === 0) setTimeout(() => setAttempt(1), againMs)
    else setShown('broken')
  }
  // Not before the row says that there is one.
  if (!row) return null
  if (row.state === 'failed' || row.state === 'missing') {
    const reason = row.state === 'missing' ? 'The file is no longer there' : failureWords(row.failure)
    return <Glyph title={`${row.name}: ${reason}`} text={reason} failed />
  }
  if (!row.thumb) return <Glyph title={row.name} text="waiting" />
  if (shown === 'broken') return <Glyph title="The thumbnail could not be loaded" text="no thumbnail" failed />
  return (
    <img
      className={css.image} data-shown={shown === 'here' || undefined} src={attempt === 0 ? thumbUrl(id) : `${thumbUrl(id)}?again`} alt={row.name} loading="eager" decoding="async" draggable={false}
      style={{ objectFit: fit }} onLoad={() => setShown('here')} onError={onError}
    />
  )
}

function Glyph({ title, text, failed = false }: { title: string; text: string; failed?: boolean }) {
  const Icon = failed ? IconAlertTriangle : IconPhoto
  return (
    <div className={css.glyph} data-failed={failed || undefined} title={title}>
      <Icon size={22} stroke={1.5} />
      <span>{text}</span>
    </div>
  )
}

/** The class in force; a prediction that nobody has confirmed is set in another form, with its score. */
export function LabelChip({ row }: { row: ImageRow }) {
  if (row.label?.state === 'none') return <span className={css.chip} data-kind="none">none of the classes</span>
  if (row.label?.state === 'unsure') return <span className={css.chip} data-kind="unsure">unsure</span>
  if (row.className) return <span className={css.chip} data-kind={row.labelSource ?? 'given'}>{row.className}</span>
  if (row.prediction) return <span className={css.chip} data-kind="predicted">{row.prediction.className}<i>{row.prediction.score.toFixed(2)}</i></span>
  return null
}
