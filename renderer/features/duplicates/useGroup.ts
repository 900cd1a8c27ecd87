import { useQuery } from '@tanstack/react-query'
import type { DuplicateGroup, DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { type Ghost, useDuplicates } from './duplicatesStore.ts'
import { groupQuery } from './groupQueries.ts'

export interface ShownGroup {
  /** undefined: on its way; null: there is no such group any more. */
  readonly group: DuplicateGroup | null | undefined
  readonly state: DuplicateGroup['state'] | undefined
  /** Taken apart by a decision; what it was is still shown. */
  readonly ghost: Ghost['why'] | null
  readonly error: Error | null
}

/** A group as the screen shows it: what the engine says, under what has just been decided. */
export function useGroup(settings: DuplicateSettings, id: number | undefined): ShownGroup {
  const { data, error } = useQuery({ ...groupQuery(settings, id ?? -1), enabled: id !== undefined })
  const guessed = useDuplicates((now) => (id === undefined ? undefined : now.guesses.get(id)))
  const ghost = useDuplicates((now) => (id === undefined ? undefined : now.ghosts.get(id)))
  const group = data ?? ghost?.group ?? data
  return { group, state: guessed ?? group?.state, ghost: data ? null : (ghost?.why ?? null), error }
}
