import { Anchor, Button, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFlask, IconFolderOpen, IconFolderPlus } from '@tabler/icons-react'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { askForProject, openSample } from '../../app/openProject.ts'
import { queries, useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { openNewProject, useIntake } from '../../stores/intake.ts'
import { IntakePage } from './IntakePage.tsx'
import { RecentCard } from './RecentCard.tsx'
import { SampleCard } from './SampleCard.tsx'
import css from './StartRoom.module.css'

/** Projects: where one comes in. */
export function StartRoom() {
  const intake = useIntake()
  return intake.open ? <IntakePage key={`${intake.into}${intake.path ?? ''}`} path={intake.path} into={intake.into} /> : <Projects />
}

function Projects() {
  const { data: recent, error, refetch } = useQuery({ ...queries.recent, refetchOnMount: 'always' })
  const { data: project } = useProject()
  const { data: info } = useQuery(queries.appInfo)
  const first = recent?.length === 0

  useActions('Projects', [
    { id: 'start.new', title: 'New project from a folder…', keys: ['N'], hint: 'new project', run: () => openNewProject() },
    { id: 'start.open', title: 'Open a project…', keys: ['O'], hint: 'open', run: askForProject },
    { id: 'start.sample', title: 'Try the sample', keys: ['T'], hint: 'sample', run: () => void openSample() },
    { id: 'start.back', title: 'Back to the open project', keys: ['Esc'], when: () => Boolean(project), run: () => go('library') }
  ])
  const forget = async (folder: string): Promise<void> => {
    await client.app.forget({ folder })
    await refetch()
  }

  return (
    <main className={css.page} data-region="work" data-work tabIndex={-1}>
      <div className={css.content} data-first={first || undefined}>
        <header className={css.head}>
          <div>
            <Title order={1}>{first ? 'Welcome to Winnow' : 'Projects'}</Title>
            <Text c="dimmed" mt={4}>{first ? 'Point it at a folder of images. It finds copies, proposes labels, and you decide with the keyboard. Your files are only ever read.' : 'Your images stay where they are; a project remembers what you decided about them.'}</Text>
          </div>
          <Group gap="xs" wrap="nowrap">
            <Button variant={first ? 'default' : 'filled'} leftSection={<IconFolderPlus size={16} />} rightSection={<Kbd keys="N" />} onClick={() => openNewProject()}>Open folder…</Button>
            <Button variant="default" leftSection={<IconFolderOpen size={16} />} rightSection={<Kbd keys="O" />} onClick={askForProject}>Open project…</Button>
            {!first && <Button variant="default" leftSection={<IconFlask size={16} />} rightSection={<Kbd keys="T" />} onClick={() => void openSample()}>Try the sample</Button>}
          </Group>
        </header>
        {error && <ErrorNote title="The list of projects could not be read." error={error} onRetry={() => void refetch()} />}
        {first && <SampleCard exists={info?.sampleExists ?? false} />}
        <div className={css.cards}>
          {recent?.map((one) => <RecentCard key={one.folder} recent={one} current={project?.folder === one.folder} onForget={() => void forget(one.folder)} />)}
        </div>
        {recent && <Text c="dimmed" size="xs" mt="lg">Drop a folder anywhere on this window to begin with it. Nothing leaves this machine. <Anchor component="button" size="xs" onClick={() => go('settings')}>Settings</Anchor></Text>}
      </div>
    </main>
  )
}
