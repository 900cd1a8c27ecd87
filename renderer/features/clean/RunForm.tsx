import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { desktop } from '../../app/desktop.ts'
import { useActions } from '../../app/actions.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { type CleanRunWish, startCleaning } from './cleanRun.ts'
import css from './RunForm.module.css'

/** How to clean: by geometry, or a quick try; with a truth where there is one. One button. */
export function RunForm({ again, onCancel }: { again: boolean; onCancel?: () => void }) {
  const [by, setBy] = useState<CleanRunWish['by']>('geometry')
  const [truth, setTruth] = useState('')
  const [starting, setStarting] = useState(false)
  const start = (): void => {
    setStarting(true)
    void startCleaning({ by, truth }).finally(() => setStarting(false))
  }
  const browse = async (): Promise<void> => {
    const picked = await desktop?.pickFile([{ name: 'Tables', extensions: ['csv', 'tsv', 'txt'] }])
    if (picked) setTruth(picked)
  }
  useActions('Clean: run', [
    { id: 'clean.run', title: 'Run the cleaning', keys: ['Mod+Enter'], hint: 'run', typing: true, when: () => !starting, run: start },
    { id: 'clean.run-quick', title: 'Quick try without geometry', keys: ['Q'], hint: 'quick or thorough', run: () => setBy((now) => (now === 'geometry' ? 'neighbours' : 'geometry')) },
    ...(onCancel ? [{ id: 'clean.run-cancel', title: 'Back to the grid', keys: ['Esc'], hint: 'back', typing: true, run: onCancel }] : [])
  ])
  return (
    <div className={css.frame}>
      <Stack gap="md" maw={560} w="100%">
        <div>
          <Text size="lg" fw={600}>{again ? 'Run the cleaning again' : 'Nothing has been swept yet'}</Text>
          <Text c="dimmed">
            An image is clean where enough pictures of its own class show the same thing; a class stays where enough of its images are clean. One run works out every pair of both thresholds, and you choose
            among them here by looking at what each would keep and drop.
          </Text>
        </div>
        <Radio.Group label="What speaks for an image" value={by} onChange={(value) => setBy(value as CleanRunWish['by'])}>
          <Stack gap={8} mt={6}>
            <Radio value="geometry" label="Geometry (recipe gldv2-clean)" description="Local features of each pair must agree on one map of the plane. Sure, and slow: some hundred pairs a second." />
            <Radio value="neighbours" label="Mutual neighbours, a quick try" description="Both must be near each other by the descriptor. Seconds, and as sure as the descriptor is." />
          </Stack>
        </Radio.Group>
        <Group gap={8} wrap="nowrap" align="flex-end">
          <TextInput
            flex={1} label="Ground truth, where there is one" description="CSV with image and clean, or image and foreign (1 and 0), or image and its true class: each cell then shows precision and recall." placeholder="/home/me/truth.csv" value={truth} spellCheck={false}
            inputWrapperOrder={['label', 'description', 'input', 'error']} onChange={(event) => setTruth(event.currentTarget.value)}
          />
          {desktop && <Button variant="default" onClick={() => void browse()}>Choose…</Button>}
        </Group>
        <Group gap={8}>
          <Button size="sm" loading={starting} onClick={start} rightSection={<Kbd keys="Mod+Enter" />}>{by === 'geometry' ? 'Run gldv2-clean' : 'Try it quickly'}</Button>
          {onCancel && <Button size="sm" variant="default" onClick={onCancel}>Back to the grid</Button>}
        </Group>
      </Stack>
    </div>
  )
}
