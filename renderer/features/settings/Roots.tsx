import { Badge, Button, Select, Switch, Text } from '@mantine/core'
import { IconFolderPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImageRole } from '../../../core/contract/common.ts'
import type { ProjectInfo, Root } from '../../../core/contract/project.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { formatCount, formatNumber, formatWhen } from '../../components/format.ts'
import { openAddFolder } from '../../stores/intake.ts'
import { showJobs } from '../../stores/overlays.ts'
import { roleWords } from '../start/intakeForm.ts'
import { RemoveRoot } from './RemoveRoot.tsx'
import css from './Settings.module.css'

/** The folders that this project reads. */
export function Roots({ project }: { project: ProjectInfo }) {
  const { data: roots = project.roots } = useQuery(queries.roots)
  useActions('Settings', [{ id: 'settings.add-folder', title: 'Add a folder…', keys: ['A'], hint: 'add a folder', run: () => openAddFolder() }])
  return (
    <section className={css.section}>
      <div className={css.head}>
        <h2>Folders of {project.name}</h2>
        <Button leftSection={<IconFolderPlus size={15} />} onClick={() => openAddFolder()}>Add a folder…</Button>
      </div>
      <Text c="dimmed" size="xs" mb="xs">The project itself lies in {project.folder}.</Text>
      {roots.length === 0 && <Text c="dimmed">No folder yet. Add one and its images are read.</Text>}
      {roots.map((root) => <RootRow key={root.id} root={root} />)}
    </section>
  )
}

function RootRow({ root }: { root: Root }) {
  const [removing, setRemoving] = useState(false)
  const update = async (patch: Partial<Pick<Root, 'role' | 'protected' | 'labelsFromFolders'>>): Promise<void> => {
    try {
      await client.roots.update({ id: root.id, ...patch })
      await queryClient.invalidateQueries({ queryKey: ['project'] })
    } catch (error) {
      showError(error, 'The folder was not changed.')
    }
  }
  const rescan = async (): Promise<void> => {
    try {
      const job = await client.jobs.start({ kind: 'scan', rootIds: [root.id] })
      showJobs(job.id)
    } catch (error) {
      showError(error, 'The re-scan did not start.')
    }
  }
  return (
    <div className={css.root}>
      <div className={css.path}>{root.path} {!root.reachable && <Badge size="sm" color="unsure" variant="light">cannot be reached now</Badge>}</div>
      <div className={css.rootFacts}>
        {formatCount(root.images, 'image')}{root.problems > 0 ? `, ${formatNumber(root.problems)} with problems` : ''} · {root.scannedAt ? `read ${formatWhen(root.scannedAt)}` : 'not read yet'}
        {root.include.length > 0 && ` · only ${root.include.join(', ')}`}{root.exclude.length > 0 && ` · without ${root.exclude.join(', ')}`}
      </div>
      <div className={css.controls}>
        <Select w={210} aria-label={`What the images of ${root.path} are for`} value={root.role} onChange={(role) => role && void update({ role: role as ImageRole })} data={roleWords.map(({ value, label }) => ({ value, label }))} />
        <Switch label="Protected" checked={root.protected} onChange={(event) => void update({ protected: event.currentTarget.checked })} />
        <Switch label="Sub-folders are classes" checked={root.labelsFromFolders} onChange={(event) => void update({ labelsFromFolders: event.currentTarget.checked })} />
        <Button variant="default" ml="auto" disabled={!root.reachable} onClick={() => void rescan()}>Look for changes</Button>
        <Button variant="subtle" color="gray" onClick={() => setRemoving(true)}>Remove…</Button>
      </div>
      <RemoveRoot root={root} opened={removing} onClose={() => setRemoving(false)} />
    </div>
  )
}
