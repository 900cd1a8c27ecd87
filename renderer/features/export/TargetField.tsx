import { Autocomplete, Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFolderOpen } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | null
}

/** Where the export goes: picked in the desktop's own window, or typed with completion. */
export function TargetField({ value, onChange, error }: Props) {
  const [prefix] = useDebouncedValue(value, 150)
  const { data } = useQuery({
    queryKey: ['app', 'folders', prefix], queryFn: () => client.app.completeFolder({ prefix }), enabled: prefix !== '', placeholderData: keepPreviousData, staleTime: 5_000, gcTime: 10_000, retry: 0
  })
  const browse = async (): Promise<void> => {
    const picked = await desktop?.pickFolder()
    if (picked) onChange(picked)
  }
  return (
    <Group gap={8} wrap="nowrap" align="flex-end">
      <Autocomplete
        flex={1} inputWrapperOrder={['label', 'description', 'input', 'error']} label="Folder" description="Made if it is not there; it must be empty." value={value} onChange={onChange} data={data ?? []} filter={({ options }) => options} error={error}
        spellCheck={false} autoComplete="off" comboboxProps={{ transitionProps: { duration: 0 } }}
      />
      {desktop && <Button variant="default" leftSection={<IconFolderOpen size={14} />} onClick={() => void browse()}>Choose…</Button>}
    </Group>
  )
}
