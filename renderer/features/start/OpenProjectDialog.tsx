import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { desktop } from '../../app/desktop.ts'
import { openProjectFolder } from '../../app/openProject.ts'
import { PathField } from '../../components/PathField.tsx'

export interface OpenDialog {
  readonly opened: boolean
  readonly show: () => void
  readonly hide: () => void
}

/** With a native picker there is nothing to ask in the window. */
export function useOpenDialog(): OpenDialog {
  const [opened, setOpened] = useState(false)
  const pick = async (): Promise<void> => {
    const folder = await desktop?.pickFolder()
    if (folder) await openProjectFolder(folder)
  }
  return { opened, show: () => (desktop ? void pick() : setOpened(true)), hide: () => setOpened(false) }
}

export function OpenProjectDialog({ dialog }: { dialog: OpenDialog }) {
  const [folder, setFolder] = useState('')
  const [busy, setBusy] = useState(false)
  const open = async (path: string): Promise<void> => {
    if (path.trim() === '') return
    setBusy(true)
    await openProjectFolder(path.trim())
    setBusy(false)
  }
  return (
    <Modal opened={dialog.opened} onClose={dialog.hide} title="Open a project" size="lg">
      <PathField label="Folder of the project" description="It ends in .winnow. Tab completes." placeholder="/home/me/Winnow/monkeys.winnow" value={folder} onChange={setFolder} onSubmit={(path) => void open(path)} autoFocus />
      <Group justify="space-between" mt="md">
        <Text size="xs" c="dimmed">To begin with a folder of images, choose “Open folder…” instead.</Text>
        <Button loading={busy} disabled={folder.trim() === ''} onClick={() => void open(folder)}>Open</Button>
      </Group>
    </Modal>
  )
}
