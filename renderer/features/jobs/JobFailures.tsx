import { Button, Text, UnstyledButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { go } from '../../app/route.ts'
import { failureWords } from '../../components/failureWords.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { setFilter } from '../../stores/library.ts'
import { useOverlays } from '../../stores/overlays.ts'
import css from './JobsTray.module.css'

const page = 100

/** Every item that did not work, with its path and the reason. */
export function JobFailures({ job }: { job: Job }) {
  const hide = useOverlays((state) => state.hide)
  const { data, error, hasNextPage, fetchNextPage, isPending, refetch } = useInfiniteQuery({
    queryKey: ['jobs', 'failures', job.id, job.failures],
    queryFn: ({ pageParam }) => client.jobs.failures({ jobId: job.id, offset: pageParam, limit: page }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.length < page ? undefined : all.length * page)
  })
  if (error) return <ErrorNote title="The failures could not be read." error={error} onRetry={() => void refetch()} />
  const failures = data?.pages.flat() ?? []
  const show = (imageId: number): void => {
    setFilter({ ids: [imageId] })
    go('library')
    hide()
  }
  return (
    <div className={css.failures}>
      {isPending && <Text size="xs" c="dimmed" p="xs">Reading…</Text>}
      {failures.map((failure) => (
        <div key={failure.item} className={css.failure}>
          {failure.imageId === null
            ? <div className={css.subject}>{failure.subject}</div>
            : <UnstyledButton className={css.subject} title="Show it in the library" onClick={() => failure.imageId !== null && show(failure.imageId)}>{failure.subject}</UnstyledButton>}
          <div className={css.dim}>{failureWords(failure.reason)}{failure.detail ? `: ${failure.detail}` : ''}</div>
        </div>
      ))}
      {hasNextPage && <Button variant="subtle" size="compact-xs" m={6} onClick={() => void fetchNextPage()}>Show more</Button>}
    </div>
  )
}
