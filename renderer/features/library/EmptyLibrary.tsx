import { Button, Text } from '@mantine/core'
import { IconFilterOff, IconFolderPlus, IconLoader2, IconPlayerPause } from '@tabler/icons-react'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient, useJobs, useProject } from '../../app/queries.ts'
import { openAddFolder } from '../../stores/intake.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'

const stoppedStates: ReadonlySet<Job['state']> = new Set(['cancelled', 'failed', 'interrupted'])

async function goOn(jobId: number): Promise<void> {
  try {
    await client.jobs.resume({ jobId })
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  } catch (error) {
    showError(error, 'The job did not go on.')
  }
}

/** Why there is no picture here, and what to do about it. */
export function EmptyLibrary({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { data: project } = useProject()
  const { data: jobs = [] } = useJobs()
  const bringing = jobs.filter(({ kind }) => kind === 'scan' || kind === 'prepare' || kind === 'sample')
  const scanning = bringing.find(({ state }) => state === 'running' || state === 'queued')
  const stopped = bringing[0] && stoppedStates.has(bringing[0].state) ? bringing[0] : null
  if (filtered) {
    return <EmptyState icon={<IconFilterOff size={24} />} title="No image fits this filter" actions={<Button onClick={onClear}>Clear the filter</Button>}>Take a chip off in the bar above, or start again with all images.</EmptyState>
  }
  if (scanning) {
    return (
      <EmptyState icon={<IconLoader2 size={24} />} title={scanning.title}>
        The first pictures come in a moment.
        <div style={{ width: 320, margin: '14px auto 6px' }}><ProgressBar share={progressShare(scanning.progress)} label={scanning.title} /></div>
        <Text size="xs">{progressText(scanning.progress)}</Text>
      </EmptyState>
    )
  }
  if (stopped) {
    return (
      <EmptyState icon={<IconPlayerPause size={24} />} title={`${stopped.title} was stopped`} actions={<Button onClick={() => void goOn(stopped.id)}>Go on</Button>}>
        {stopped.error ?? 'What was done until then is kept.'}
      </EmptyState>
    )
  }
  const roots = project?.roots.length ?? 0
  return (
    <EmptyState icon={<IconFolderPlus size={24} />} title={roots === 0 ? 'This project has no folder yet' : 'No images were found'} actions={<Button leftSection={<IconFolderPlus size={15} />} onClick={() => openAddFolder()}>Add a folder…</Button>}>
      {roots === 0 ? 'Add a folder of images, or drop one onto the window. Winnow reads it and never writes to it.' : 'The folders of this project hold no files that look like images. Add another folder, or change what is included in Settings.'}
    </EmptyState>
  )
}
