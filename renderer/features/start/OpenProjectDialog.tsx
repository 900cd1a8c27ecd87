import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { openProjectFolder } from '../../app/openProject.ts'
import { PathField } from '../../components/PathField.tsx'
import { useOverlays } from '../../stores/overlays.ts'

/** Where a browser asks for the folder of a project; the desktop has a dialog of its own for that. */
export function OpenProjectDialog() {
  const { open, hide } = useOverlays()
  return (
    <Modal opened={open === 'open-project'} onClose={hide} title="Open a project" size="lg">
      <OpenProjectForm onDone={hide} />
    </Modal>
  )
}

function OpenProjectForm({ onDone }: { onDone: () => void }) {
  const [folder, setFolder] = useState('')
  const [busy, setBusy] = useState(false)
  const open = async (path: string): Promise<void> => {
    if (path.trim() === '' || busy) return
    setBusy(true)
    const opened = await openProjectFolder(path.trim())
    setBusy(false)
    if (opened) onDone()
  }
  return (
    <>
      <PathField label="Folder of the project" description="It ends in .winnow. Tab completes." placeholder="/home/me/Winnow/monkeys.winnow" value={folder} onChange={setFolder} onSubmit={(path) => void open(path)} autoFocus />
      <Group justify="space-between" mt="md">
        <Text size="xs" c="dimmed">To begin with a folder of images, choose “Open folder…” instead.</Text>
        <Button loading={busy} disabled={folder.trim() === ''} onClick={() => void open(folder)}>Open</Button>
      </Group>
    </>
  )
}
