import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconFolderPlus, IconHome, IconKeyboard, IconRefresh } from '@tabler/icons-react'
import { showError } from './notify.tsx'
import { client } from './client.ts'
import { useProject } from './queries.ts'
import { go } from './route.ts'
import { showJobs, useOverlays } from '../stores/overlays.ts'

async function rescan(): Promise<void> {
  try {
    const job = await client.jobs.start({ kind: 'scan' })
    showJobs(job.id)
  } catch (error) {
    showError(error, 'The re-scan did not start.')
  }
}

/** The project's name at the left of every top bar, with what concerns the project as a whole. */
export function ProjectMenu() {
  const { data: project } = useProject()
  const showOverlay = useOverlays((state) => state.show)
  if (!project) return null
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <Button variant="subtle" color="gray" c="var(--text)" size="compact-sm" rightSection={<IconChevronDown size={14} />} maw={220}>
          <Text span truncate fw={600}>{project.name}</Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{project.folder}</Menu.Label>
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={() => go('settings')}>Folders of this project…</Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => void rescan()}>Look for new and changed files</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconHome size={16} />} onClick={() => go('start')}>Other projects…</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => showOverlay('keys')}>Keys of this screen</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
