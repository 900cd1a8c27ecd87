import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { errorText } from '../app/errorText.ts'

interface Props {
  /** What did not happen: "The list could not be loaded." */
  readonly title: string
  readonly error: unknown
  /** The way out, usually trying again. */
  readonly onRetry?: () => void
  readonly retryLabel?: string
}

/** An error in place: what did not happen, why, and what to do about it. */
export function ErrorNote({ title, error, onRetry, retryLabel = 'Try again' }: Props) {
  return (
    <Alert role="alert" color="reject" variant="light" icon={<IconAlertTriangle size={18} />} title={title} maw={620}>
      <Text size="sm">{errorText(error)}</Text>
      {onRetry && <Button mt="xs" variant="default" onClick={onRetry}>{retryLabel}</Button>}
    </Alert>
  )
}
