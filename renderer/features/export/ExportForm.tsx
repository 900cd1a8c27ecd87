import { Button, Checkbox, Radio, Stack, Text } from '@mantine/core'
import type { ExportFormat, ExportPlan, MediaMode } from '../../../core/contract/exports.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { blockedBy, exportButtonWords, formatWords, mediaWords } from './exportWords.ts'
import { change, nextTarget, useExport } from './exportStore.ts'
import { TargetField } from './TargetField.tsx'
import css from './ExportRoom.module.css'

/** Where to, in which form, and what of it. */
export function ExportForm({ plan, busy, onStart }: { plan: ExportPlan | undefined; busy: boolean; onStart: () => void }) {
  const form = useExport()
  const blocked = blockedBy(form.target, plan, form.media)
  const links = form.media === 'hardlink' || form.media === 'symlink'
  return (
    <div className={css.form}>
      <TargetField value={form.target} onChange={(target) => change({ target })} error={null} />
      <Radio.Group label="Format" value={form.format} onChange={(format) => change({ format: format as ExportFormat })}>
        <Choices words={formatWords} />
      </Radio.Group>
      <Radio.Group label="Files" value={form.media} onChange={(media) => change({ media: media as MediaMode })}>
        <Choices words={mediaWords} />
      </Radio.Group>
      <Stack gap={8} component="fieldset" className={css.fieldset}>
        <legend>What</legend>
        <Text size="xs" c="dimmed">Every image that can be read and is not dropped.</Text>
        <Checkbox label="Only with a label" checked={form.labelledOnly} onChange={(event) => change({ labelledOnly: event.currentTarget.checked })} />
        <Checkbox label="Leave out what is marked unsure" checked={form.withoutUnsure} onChange={(event) => change({ withoutUnsure: event.currentTarget.checked })} />
        {form.format === 'imagefolder' && <Checkbox label="Split folders above the classes (train, test…)" checked={form.splitFolders} onChange={(event) => change({ splitFolders: event.currentTarget.checked })} />}
        {links && <Checkbox label="Copy where a link cannot be made" checked={form.copyIfLinkFails} onChange={(event) => change({ copyIfLinkFails: event.currentTarget.checked })} />}
      </Stack>
      <div className={css.start}>
        <Button size="sm" fullWidth disabled={blocked !== null || busy} onClick={onStart} rightSection={<Kbd keys="Mod+Enter" />}>{plan ? exportButtonWords(plan.images) : 'Export'}</Button>
        {blocked !== null && plan && plan.conflicts.length > 0 && <Button variant="default" fullWidth onClick={() => change({ target: nextTarget(form.target) })}>Export to {lastName(nextTarget(form.target))} instead</Button>}
        <Text size="xs" c="dimmed" aria-live="polite">{blocked ?? 'Your own files are only read. The folder appears when everything in it has been checked.'}</Text>
      </div>
    </div>
  )
}

const lastName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path

function Choices<Key extends string>({ words }: { words: Record<Key, { name: string; hint: string }> }) {
  return (
    <Stack gap={6} mt={6}>
      {(Object.keys(words) as Key[]).map((key) => <Radio key={key} value={key} label={words[key].name} description={words[key].hint} classNames={{ description: css.hint ?? '' }} />)}
    </Stack>
  )
}
