import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './EmptyState.module.css'

interface Props {
  readonly icon?: ReactNode
  /** Why it is empty: "No near-duplicates at 0.95". */
  readonly title: string
  /** What to do next. */
  readonly children?: ReactNode
  /** Buttons. */
  readonly actions?: ReactNode
}

/** A screen with nothing on it: says why, and what to do next. */
export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <div className={css.frame}>
      <Stack align="center" gap="sm" maw={440}>
        {icon && <div className={css.icon}>{icon}</div>}
        <Text size="lg" fw={600} ta="center">{title}</Text>
        {children && <Text c="dimmed" ta="center" component="div">{children}</Text>}
        {actions && <div className={css.actions}>{actions}</div>}
      </Stack>
    </div>
  )
}
