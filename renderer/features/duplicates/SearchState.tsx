import { Alert, Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { DuplicateSummary } from '../../../core/contract/duplicates.ts'
import { formatCount } from '../../components/format.ts'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { useDuplicateSearch } from './useDuplicateSearch.ts'
import css from './SettingsPanel.module.css'

/** Says when the groups are not from the images as they are now, and searches again. */
export function SearchState({ summary, descriptorId }: { summary: DuplicateSummary | undefined; descriptorId: number | null }) {
  const { running, start } = useDuplicateSearch(descriptorId)
  if (running) {
    return (
      <div className={css.running}>
        <span>Searching: {progressText(running.progress)}</span>
        <ProgressBar share={progressShare(running.progress)} label="Search for duplicates" />
      </div>
    )
  }
  if (!summary || (summary.searched && summary.stale === 0)) return null
  return (
    <Alert color="unsure" variant="light" p="xs" m="sm" mb={0}>
      {summary.searched ? `${formatCount(summary.stale, 'image has', 'images have')} come or changed since the last search.` : 'Not searched yet with this descriptor.'}
      <Button mt={8} fullWidth leftSection={<IconRefresh size={14} />} onClick={start}>{summary.searched ? 'Search again' : 'Search'}</Button>
    </Alert>
  )
}
