import { Anchor, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { errorText } from './errorText.ts'

interface Way {
  readonly label: string
  readonly run: () => void
}

const closeButtonProps = { 'aria-label': 'Close this note' }

function body(text: string, way?: Way) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">{text}</Text>
      {way && <Anchor component="button" size="sm" onClick={way.run}>{way.label}</Anchor>}
    </Group>
  )
}

/** A sentence on what was done, with a way to go on or back. Only the newest of these stays. */
export function showDone(text: string, way?: Way): void {
  notifications.hide('done')
  notifications.show({ id: 'done', message: body(text, way), autoClose: way ? 5000 : 2200, color: 'accent', withBorder: true, closeButtonProps })
}

/** `what` says what did not happen; the error says why and what to do. */
export function showError(error: unknown, what: string): void {
  notifications.show({ title: what, message: errorText(error), color: 'reject', autoClose: 12_000, withBorder: true, closeButtonProps })
}

/** A note that something is under way, once that takes longer than a blink. */
export async function whileBusy<T>(title: string, work: Promise<T>): Promise<T> {
  const id = `busy ${title}`
  const timer = setTimeout(() => notifications.show({ id, message: title, loading: true, autoClose: false, withCloseButton: false, withBorder: true }), 350)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    notifications.hide(id)
  }
}
