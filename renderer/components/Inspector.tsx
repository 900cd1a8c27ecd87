import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './Inspector.module.css'

/** A titled part of the inspector. */
export function InspectorSection({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <section className={css.section}>
      <header className={css.heading}>
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  )
}

/** Name and value, aligned; rows whose value is null or empty are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {rows.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The frame of the right column. Tab folds it away; Room shows it. */
export function Inspector({ title, children, empty }: { title?: ReactNode; children?: ReactNode; empty?: string }) {
  return (
    <div className={css.inspector}>
      {title && <div className={css.title}>{title}</div>}
      {children ?? <Text c="dimmed" p="md" size="xs">{empty}</Text>}
    </div>
  )
}
