import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries } from '../../app/queries.ts'
import { failureWords } from '../../components/failureWords.ts'
import { formatCount, formatNumber } from '../../components/format.ts'
import { setFilter, useLibrary } from '../../stores/library.ts'
import { showJobs } from '../../stores/overlays.ts'
import type { LibraryList } from './useLibraryList.ts'
import css from './ProblemsNote.module.css'

/** "38 files could not be read (12 truncated, 26 not images). Show them · Retry": files fail in the open, never silently. */
export function ProblemsNote({ list }: { list: LibraryList }) {
  const { data: facets } = useQuery(queries.facets({}))
  const filter = useLibrary((state) => state.filter)
  const failed = facets?.state.find((one) => one.value === 'failed')?.count ?? 0
  const missing = facets?.state.find((one) => one.value === 'missing')?.count ?? 0
  const shown = filter.state?.includes('failed') === true || filter.state?.includes('missing') === true
  if (failed + missing === 0) return null
  const reasons = (facets?.failure ?? []).filter((one) => one.count > 0).map((one) => `${formatNumber(one.count)} ${one.count > 1 && one.value === 'not-an-image' ? 'not images' : failureWords(one.value)}`)
  const sentence = [
    failed > 0 ? `${formatCount(failed, 'file')} could not be read (${reasons.join(', ')}).` : '',
    missing > 0 ? `${formatCount(missing, 'file')} ${missing === 1 ? 'is' : 'are'} no longer where ${missing === 1 ? 'it was' : 'they were'}.` : ''
  ].filter(Boolean).join(' ')

  const retry = async (): Promise<void> => {
    try {
      const job = await client.jobs.start(shown ? { kind: 'scan', ids: Array.from(list.ids) } : { kind: 'scan' })
      showJobs(job.id)
    } catch (error) {
      showError(error, 'The retry did not start.')
    }
  }
  return (
    <div className={css.note}>
      <IconAlertTriangle size={15} />
      <span>{sentence}</span>
      {shown
        ? <Button variant="subtle" size="compact-xs" onClick={() => setFilter({})}>Show all images</Button>
        : <Button variant="subtle" size="compact-xs" onClick={() => setFilter({ state: ['failed', 'missing'] })}>Show them</Button>}
      <Button variant="subtle" size="compact-xs" onClick={() => void retry()}>Retry</Button>
    </div>
  )
}
