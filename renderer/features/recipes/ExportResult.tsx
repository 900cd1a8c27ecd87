import { Button, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExportFormat, StepResult } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'
import { showDone } from '../../app/notify.tsx'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount } from '../../components/format.ts'
import { FileField } from './FileField.tsx'
import { recipeQueries } from './recipeQueries.ts'
import { besides, withExtension } from './rules/exportPath.ts'

/** Writes a result to a file, in one of the forms that its kind can take. */
export function ExportResult({ result, name, onDone }: { result: StepResult; name: string; onDone: () => void }) {
  const { data: formats } = useQuery(recipeQueries.formats)
  const { data: project } = useQuery(queries.project)
  const choices = formats?.[result.kind] ?? []
  const [chosen, setChosen] = useState<ExportFormat | null>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const format = choices.find((one) => one.format === chosen) ?? choices[0]
  const file = typed ?? (project && format ? withExtension(besides(project.folder, name), format.extension) : '')
  const write = useMutation({
    mutationFn: (overwrite: boolean) => client.recipes.exportResult({ resultId: result.resultId, format: format?.format ?? 'csv', file, overwrite }),
    onSuccess: ({ files, rows, notes }) => {
      const [first] = files
      showDone([`${formatCount(rows, 'row')} written to ${files.join(', ')}.`, ...notes].join(' '), desktop && first !== undefined ? { label: 'Show', run: () => desktop?.revealInFolder(first) } : undefined)
      onDone()
    }
  })
  if (formats && choices.length === 0) return <Text size="xs" c="dimmed" mt={8}>A result of this kind ({result.kind}) cannot be written to a file.</Text>
  const exists = (write.error as { code?: string } | null)?.code === 'CONFLICT'
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (file !== '') write.mutate(false)
    }}>
      <Stack gap={8} mt={8}>
        <Select
          label="Format" data-autofocus value={format?.format ?? null} data={choices.map((one) => ({ value: one.format, label: one.title }))} comboboxProps={{ width: 'max-content', position: 'bottom-end' }}
          onChange={(next) => {
            const picked = choices.find((one) => one.format === next)
            setChosen(picked?.format ?? null)
            if (picked && typed !== null) setTyped(withExtension(typed, picked.extension))
          }}
        />
        <FileField label="File" value={file} onChange={setTyped} />
        {write.error && <ErrorNote title="Nothing was written." error={write.error} {...(exists ? { onRetry: () => write.mutate(true), retryLabel: 'Write over it' } : {})} />}
        <div><Button type="submit" size="compact-sm" loading={write.isPending} disabled={file === '' || !format}>Write the file</Button></div>
      </Stack>
    </form>
  )
}
