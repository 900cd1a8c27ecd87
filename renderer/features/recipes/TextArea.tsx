import { type Ref, useRef } from 'react'
import css from './RecipeEditor.module.css'

interface Props {
  readonly ref: Ref<HTMLTextAreaElement>
  readonly label: string
  readonly value: string
  /** Lines, from 1, that something is wrong with. */
  readonly bad: readonly number[]
  readonly onChange: (value: string) => void
}

/** Plain text with line numbers. Tab leaves the field, as in any form; two blanks are typed by hand. */
export function TextArea({ ref, label, value, bad, onChange }: Props) {
  const gutter = useRef<HTMLDivElement>(null)
  const lines = value.split('\n').length
  return (
    <div className={css.text}>
      <div ref={gutter} className={css.gutter} aria-hidden="true">
        {/* oxlint-disable-next-line no-array-index-key -- a line is its number */}
        {Array.from({ length: lines }, (_, i) => <div key={i} data-bad={bad.includes(i + 1) || undefined}>{i + 1}</div>)}
      </div>
      <textarea
        ref={ref} aria-label={label} value={value} spellCheck={false} autoComplete="off" wrap="off" data-recipe-text
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => { if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop }}
      />
    </div>
  )
}
