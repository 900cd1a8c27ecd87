import { ActionIcon, CloseButton, Group, Text, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { queries, queryClient, useJobs } from '../../app/queries.ts'
import { useOverlays } from '../../stores/overlays.ts'
import { JobCard } from './JobCard.tsx'
import { groupTitles, sortJobs } from './jobWords.ts'
import css from './JobsTray.module.css'

/** What runs, waits, stopped and is done, above the status bar. */
export function JobsTray() {
  const open = useOverlays((state) => state.open === 'jobs')
  return open ? <Tray /> : null
}

function Tray() {
  const { data: jobs = [] } = useJobs()
  const { jobId, hide } = useOverlays()
  const frame = useRef<HTMLElement>(null)
  useActions('Jobs', [{ id: 'jobs.close', title: 'Close the jobs', keys: ['Esc'], run: hide }])
  useEffect(() => frame.current?.focus(), [])

  const groups = sortJobs(jobs)
  const ended = jobs.filter((job) => job.state === 'done' || job.state === 'cancelled')
  const tidy = async (): Promise<void> => {
    await Promise.allSettled(ended.map((job) => client.jobs.dismiss({ jobId: job.id })))
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  }
  return (
    <section ref={frame} className={css.tray} aria-label="Jobs" tabIndex={-1} data-region="jobs">
      <header className={css.head}>
        <Text fw={600} size="lg">Jobs</Text>
        <Group gap={4}>
          {ended.length > 0 && <Tooltip label="Clear away what is done"><ActionIcon aria-label="Clear away what is done" onClick={() => void tidy()}><IconTrash size={16} /></ActionIcon></Tooltip>}
          <CloseButton size="sm" aria-label="Close the jobs" onClick={hide} />
        </Group>
      </header>
      <div className={css.list}>
        {groups.length === 0 && <Text c="dimmed" p="md">Nothing runs and nothing has run. Jobs start when you add a folder, look for near-duplicates, propose labels or export.</Text>}
        {groups.map(({ group, jobs: list }) => (
          <div key={group}>
            <h3 className={css.group}>{groupTitles[group]}</h3>
            {list.map((job) => <JobCard key={job.id} job={job} startOpen={job.id === jobId} />)}
          </div>
        ))}
      </div>
    </section>
  )
}
