import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import type { Root } from '../../../core/contract/project.ts'
import { client } from '../../app/client.ts'
import { showDone, showError } from '../../app/notify.tsx'
import { queryClient } from '../../app/queries.ts'
import { formatCount } from '../../components/format.ts'

/** Taking a folder out cannot be undone by Ctrl+Z, so it is said once what goes and what stays. */
export function RemoveRoot({ root, opened, onClose }: { root: Root; opened: boolean; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await client.roots.remove({ id: root.id })
      await queryClient.invalidateQueries()
      showDone(`${root.path} is no longer part of this project. Its files are as they were.`)
      onClose()
    } catch (error) {
      showError(error, 'The folder was not removed.')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Take this folder out of the project" size="md">
      <Text mb="xs">{root.path}</Text>
      <Text c="dimmed">{formatCount(root.images, 'image')} leave the project, with their thumbnails and what was decided about them. Undo does not bring that back. The files on disk are not touched.</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>Keep it</Button>
        <Button color="reject" loading={busy} onClick={() => void remove()}>Take it out</Button>
      </Group>
    </Modal>
  )
}
