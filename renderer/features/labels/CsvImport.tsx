import { Button, Collapse, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'
import { queryClient } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { CsvReport } from './CsvReport.tsx'

/** Labels from a CSV file: a column that names the image, a column that names the class. */
export function CsvImport() {
  const [file, setFile] = useState('')
  const [imageColumn, setImageColumn] = useState('')
  const [labelColumn, setLabelColumn] = useState('')
  const [columns, setColumns] = useState(false)
  const load = useMutation({
    mutationFn: () => client.labels.importCsv({ file: file.trim(), ...(imageColumn ? { imageColumn } : {}), ...(labelColumn ? { labelColumn } : {}) }),
    onSuccess: () => Promise.all([queryClient.invalidateQueries({ queryKey: ['labels'] }), queryClient.invalidateQueries({ queryKey: ['project'] })])
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (file.trim() !== '') load.mutate()
  }
  const browse = async (): Promise<void> => {
    const picked = await desktop?.pickFile([{ name: 'Tables', extensions: ['csv', 'tsv', 'txt'] }])
    if (picked) setFile(picked)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={8}>
        <Group gap={8} wrap="nowrap" align="flex-end">
          <TextInput flex={1} label="CSV file with labels" placeholder="/home/me/labels.csv" value={file} onChange={(event) => setFile(event.currentTarget.value)} />
          {desktop && <Button variant="default" onClick={() => void browse()}>Choose…</Button>}
          <Button type="submit" loading={load.isPending} disabled={file.trim() === ''}>Import</Button>
        </Group>
        <Text size="xs" c="dimmed">
          The image column holds a path below the folder, a file name, or its SHA-256; the label column the class. Both are found by their names.{' '}
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setColumns((now) => !now)} aria-expanded={columns}>Name the columns</Button>
        </Text>
        <Collapse expanded={columns}>
          <Group grow gap={8}>
            <TextInput label="Image column" placeholder="path" value={imageColumn} onChange={(event) => setImageColumn(event.currentTarget.value)} />
            <TextInput label="Label column" placeholder="label" value={labelColumn} onChange={(event) => setLabelColumn(event.currentTarget.value)} />
          </Group>
        </Collapse>
        {load.error && <ErrorNote title="The labels were not imported." error={load.error} />}
        {load.data && <CsvReport report={load.data} />}
      </Stack>
    </form>
  )
}
