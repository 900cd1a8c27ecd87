import { IconAlertTriangle, IconCheck, IconCopy, IconQuestionMark, IconX } from '@tabler/icons-react'
import css from './StateMark.module.css'

export type Mark = 'accept' | 'reject' | 'unsure' | 'variant' | 'failed'

const icons = { accept: IconCheck, reject: IconX, unsure: IconQuestionMark, variant: IconCopy, failed: IconAlertTriangle } as const
const words = { accept: 'kept', reject: 'dropped', unsure: 'unsure', variant: 'variant', failed: 'could not be read' } as const

/** A state by shape and colour together, so that neither is needed to tell it. */
export function StateMark({ mark, size = 16, title }: { mark: Mark; size?: number; title?: string }) {
  const Icon = icons[mark]
  return (
    <span className={css.mark} data-mark={mark} role="img" aria-label={title ?? words[mark]} title={title ?? words[mark]} style={{ width: size, height: size }}>
      <Icon size={size * 0.75} stroke={3} />
    </span>
  )
}
