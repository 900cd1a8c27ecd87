import { Autocomplete, Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFolder } from '@tabler/icons-react'
import { useState } from 'react'
import { client } from '../app/client.ts'
import { desktop } from '../app/desktop.ts'

interface Props {
  readonly label: string
  readonly value: string
  readonly onChange: (path: string) => void
  /** Enter in the field, or a folder picked. */
  readonly onSubmit?: (path: string) => void
  readonly description?: string
  readonly error?: string | null
  readonly placeholder?: string
  readonly autoFocus?: boolean
  /** What a picked folder means for this field; default the folder itself. */
  readonly ofPicked?: (folder: string) => string
}

const asPicked = (folder: string): string => folder

/** The path of a folder on the engine's machine: typed with completion, or picked where there is a native picker. */
export function PathField({ label, value, onChange, onSubmit, description, error, placeholder = '/home/me/pictures', autoFocus = false, ofPicked = asPicked }: Props) {
  const [open, setOpen] = useState(false)
  const { data: folders = [] } = useQuery({ queryKey: ['app', 'complete', value], queryFn: () => client.app.completeFolder({ prefix: value }), enabled: open && value !== '', staleTime: 5_000, gcTime: 10_000, placeholderData: (before) => before })
  const offered = [...new Set(folders)].filter((folder) => folder !== value)
  const change = (next: string): void => {
    setOpen(true)
    onChange(next)
  }
  const pick = async (): Promise<void> => {
    const picked = await desktop?.pickFolder()
    if (!picked) return
    const path = ofPicked(picked)
    onChange(path)
    onSubmit?.(path)
  }
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <Autocomplete
        style={{ flex: 1 }} inputWrapperOrder={['label', 'description', 'input', 'error']} label={label} description={description} error={error} value={value} onChange={change} data={offered} filter={({ options }) => options} placeholder={placeholder}
        dropdownOpened={open && offered.length > 0} onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onOptionSubmit={() => setOpen(true)} data-autofocus={autoFocus || undefined} autoFocus={autoFocus} spellCheck={false} autoComplete="off" leftSection={<IconFolder size={15} />} comboboxProps={{ withinPortal: true }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.currentTarget.getAttribute('aria-activedescendant')) {
            setOpen(false)
            onSubmit?.(value)
          }
          // Tab takes the first folder that fits and goes on below it, as in a shell.
          if (event.key === 'Tab' && !event.shiftKey && folders[0] && folders[0] !== value && value !== '' && !value.endsWith('/')) {
            event.preventDefault()
            onChange(`${folders[0]}/`)
          }
        }}
      />
      {desktop && <Button variant="default" onClick={() => void pick()}>Browse…</Button>}
    </Group>
  )
}
