import { initial } from './001-initial.ts'

/** A step from schema `version - 1` to `version`. Append-only: a migration that has shipped is never edited. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [{ version: 1, name: 'initial', sql: initial }]

export const schemaVersion = migrations.length
