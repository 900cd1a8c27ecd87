import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconFolderOpen, IconFolderPlus, IconFolders, IconHome, IconKeyboard, IconRefresh, IconX } from '@tabler/icons-react'
import { askForProject, closeProject, rescanProject } from './openProject.ts'
import { useProject } from './queries.ts'
import { go } from './route.ts'
import { openAddFolder } from '../stores/intake.ts'
import { useOverlays } from '../stores/overlays.ts'
import css from './ProjectMenu.module.css'

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
        <Menu.Label className={css.folder} title={project.folder}>{project.folder}</Menu.Label>
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={() => openAddFolder()}>Add a folder…</Menu.Item>
        <Menu.Item leftSection={<IconFolders size={16} />} onClick={() => go('settings')}>Folders of this project</Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => void rescanProject()}>Look for new and changed files</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconHome size={16} />} onClick={() => go('start')}>Other projects</Menu.Item>
        <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={askForProject}>Open a project…</Menu.Item>
        <Menu.Item leftSection={<IconX size={16} />} onClick={() => void closeProject()}>Close this project</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => showOverlay('keys')}>Keys of this screen</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
