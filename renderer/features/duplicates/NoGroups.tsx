import { Button } from '@mantine/core'
import { IconCopyCheck, IconSearch } from '@tabler/icons-react'
import type { DuplicateSettings, DuplicateSummary } from '../../../core/contract/duplicates.ts'
import { useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatCount, formatScore } from '../../components/format.ts'
import { useDuplicates } from './duplicatesStore.ts'
import { useDuplicateSearch } from './useDuplicateSearch.ts'

/** No groups on the list: why, and what to do about it. */
export function NoGroups({ summary, settings }: { summary: DuplicateSummary | undefined; settings: DuplicateSettings }) {
  const { data: project } = useProject()
  const { running, start } = useDuplicateSearch(settings.descriptorId)
  const state = useDuplicates((now) => now.state)
  const kinds = useDuplicates((now) => now.kinds)
  if (!summary || !project) return null
  if (running) return <EmptyState icon={<IconSearch size={26} />} title="Searching for duplicates">Groups appear here when the search is done.</EmptyState>
  if (project.counts.ready === 0) {
    return <EmptyState icon={<IconCopyCheck size={26} />} title="No images yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>Add a folder of images first.</EmptyState>
  }
  if (!summary.searched) {
    return (
      <EmptyState icon={<IconSearch size={26} />} title="Not searched yet" actions={<Button onClick={start}>Search for duplicates</Button>}>
        Finds equal files, equal pixels, resized, recompressed, mirrored and turned copies, and images whose descriptors are near.
      </EmptyState>
    )
  }
  if (summary.groups > 0 && state === 'open' && summary.open === 0) {
    return (
      <EmptyState
        icon={<IconCopyCheck size={26} />} title={`All ${formatCount(summary.groups, 'group')} are decided`}
        actions={<><Button variant="default" onClick={() => useDuplicates.setState({ state: 'decided' })}>Look at them</Button><Button onClick={() => go('labels')}>Go on to labels</Button></>}
      >
        Every decision can be changed or undone. A lower threshold may find more.
      </EmptyState>
    )
  }
  if (summary.groups > 0) {
    return (
      <EmptyState title="No group fits the filter" actions={<Button variant="default" onClick={() => useDuplicates.setState({ state: 'all', kinds: [] })}>Show all groups</Button>}>
        {kinds.length > 0 ? 'There are groups of other kinds.' : 'There are groups in another state.'}
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<IconCopyCheck size={26} />} title={settings.threshold === null ? 'No duplicates at these settings' : `No duplicates at ${formatScore(settings.threshold)} or more`}>
      Lower the threshold or widen the hash radius at the left; the groups follow at once.
    </EmptyState>
  )
}
