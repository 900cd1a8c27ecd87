import { initial } from './001-initial.ts'
import { jobAttempts } from './002-job-attempts.ts'
import { recipes } from './003-recipes.ts'
import { views } from './004-views.ts'

/** A step from schema `version - 1` to `version`. Append-only: a migration that has shipped is never edited. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'initial', sql: initial },
  { version: 2, name: 'job-attempts', sql: jobAttempts },
  { version: 3, name: 'recipes', sql: recipes },
  { version: 4, name: 'views', sql: views }
]

export const schemaVersion = migrations.length
