import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { useDuplicates } from './duplicatesStore.ts'

let saving: ReturnType<typeof setTimeout> | null = null

/** Changes the settings at once; they are saved with the project when the hand rests. */
export function changeSettings(patch: Partial<DuplicateSettings>): void {
  const { settings } = useDuplicates.getState()
  if (!settings) return
  const next = { ...settings, ...patch }
  useDuplicates.setState({ settings: next })
  if (saving) clearTimeout(saving)
  saving = setTimeout(() => {
    queryClient.setQueryData(queries.duplicateSettings.queryKey, next)
    client.duplicates.saveSettings(next).catch((error: unknown) => showError(error, 'The duplicate settings were not saved.'))
  }, 500)
}

/** The settings as shown (`live`) and as asked of the engine a moment later (`settled`), so that dragging the threshold does not flood it. */
export function useDuplicateSettings(): { live: DuplicateSettings | null; settled: DuplicateSettings | null; error: Error | null } {
  const { data, error } = useQuery(queries.duplicateSettings)
  const live = useDuplicates((state) => state.settings)
  useEffect(() => {
    if (data && live === null) useDuplicates.setState({ settings: data })
  }, [data, live])
  const [settled] = useDebouncedValue(live, 110)
  return { live, settled: settled ?? live, error }
}
