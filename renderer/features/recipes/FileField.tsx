import { Autocomplete, Button, Group } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconFile } from '@tabler/icons-react'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'

interface Props {
  readonly label: string
  readonly value: string
  readonly onChange: (path: string) => void
  readonly description?: string | undefined
  readonly required?: boolean
  readonly error?: string | undefined
}

/** The path of a file on the engine's machine: typed, with folders completed, or picked in the desktop's own window. It is taken over when the hand leaves it. */
export function FileField({ label, value, onChange, description, required = false, error }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? value
  const { data: folders = [] } = useQuery({ queryKey: ['app', 'complete', text], queryFn: () => client.app.completeFolder({ prefix: text }), enabled: typed !== null && typed !== '', staleTime: 5_000, gcTime: 10_000, placeholderData: keepPreviousData, retry: 0 })
  const take = (path: string): void => {
    setTyped(null)
    if (path.trim() !== value) onChange(path.trim())
  }
  const browse = async (): Promise<void> => {
    const picked = await desktop?.pickFile()
    if (picked) take(picked)
  }
  const offered = [...new Set(folders)].map((folder) => `${folder}/`).filter((folder) => folder !== text)
  return (
    <Group align="start" gap="xs" wrap="nowrap">
      <Autocomplete
        flex={1} label={label} description={description} required={required} error={error} placeholder="the path of a file" spellCheck={false} autoComplete="off" leftSection={<IconFile size={14} />} value={text} data={offered}
        filter={({ options }) => options} onChange={setTyped} onBlur={() => { if (typed !== null) take(typed) }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.currentTarget.getAttribute('aria-activedescendant')) take(text)
          // Tab takes the first folder that fits, as in a shell.
          if (event.key === 'Tab' && !event.shiftKey && typed && folders[0] && !typed.endsWith('/') && folders[0] !== typed) {
            event.preventDefault()
            setTyped(`${folders[0]}/`)
          }
        }}
      />
      {desktop && <Button mt={18} variant="default" onClick={() => void browse()}>Browse…</Button>}
    </Group>
  )
}
