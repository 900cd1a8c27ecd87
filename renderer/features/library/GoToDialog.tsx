import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { View } from '../../../core/contract/images.ts'
import { formatNumber } from '../../components/format.ts'
import { useOverlays } from '../../stores/overlays.ts'
import { rankByName } from './rankByName.ts'

interface Props {
  readonly view: View
  readonly onGo: (index: number) => void
}

/** Ctrl+G: to the n-th image, or to the group of a name. */
export function GoToDialog({ view, onGo }: Props) {
  const { open, hide } = useOverlays()
  return (
    <Modal opened={open === 'goto'} onClose={hide} title="Go to" size="sm">
      <GoToForm view={view} onGo={(index) => {
        hide()
        onGo(index)
      }} />
    </Modal>
  )
}

function GoToForm({ view, onGo }: Props) {
  const [text, setText] = useState('')
  const number = /^[\d,. ]+$/.test(text) ? Number(text.replaceAll(/[,. ]/g, '')) : null
  const mark = number === null && text.trim() !== '' ? rankByName(view.marks.map((one) => ({ name: one.label, index: one.index })), text.trim())[0] : undefined
  const index = number !== null ? Math.min(number, view.count) - 1 : (mark?.index ?? -1)
  const hint = text.trim() === '' ? `A number from 1 to ${formatNumber(view.count)}${view.marks.length > 0 ? ', or the name of a group' : ''}.` : index < 0 ? 'Nothing here has that name or number.' : mark ? `Group ${mark.name}, image ${formatNumber(index + 1)}` : `Image ${formatNumber(index + 1)}`
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (index >= 0) onGo(index)
    }}>
      <TextInput data-autofocus value={text} onChange={(event) => setText(event.currentTarget.value)} aria-label="Number or group" placeholder="1284, or howler" />
      <Group justify="space-between" mt="sm">
        <Text size="xs" c="dimmed">{hint}</Text>
        <Button type="submit" disabled={index < 0}>Go</Button>
      </Group>
    </form>
  )
}
