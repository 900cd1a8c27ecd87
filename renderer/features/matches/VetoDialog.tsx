import { Autocomplete, Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ImageRow } from '../../../core/contract/images.ts'
import { veto } from './matchActs.ts'
import { vetoListsQuery } from './matchQueries.ts'
import { useMatches } from './matchesStore.ts'

type What = 'reference' | 'query' | 'pair'

const close = (): void => useMatches.setState({ dialog: null })

/** Puts what is looked at on a list of what results leave out. Enter is enough: the last list and reason are there. */
export function VetoDialog({ query, reference }: { query: ImageRow; reference: ImageRow }) {
  const { data: lists } = useQuery(vetoListsQuery)
  const last = useMatches((now) => now.veto)
  const [what, setWhat] = useState<What>('reference')
  const [list, setList] = useState(last.list)
  const [reason, setReason] = useState(last.reason)
  const [busy, setBusy] = useState(false)
  const known = lists?.find((one) => one.name.toLowerCase() === list.trim().toLowerCase())
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (list.trim() === '' || busy) return
    setBusy(true)
    const done = await veto({
      list: list.trim(), reason: reason.trim(), images: what === 'pair' ? [] : [what === 'query' ? query.id : reference.id], pairs: what === 'pair' ? [[query.id, reference.id]] : []
    })
    setBusy(false)
    if (done) close()
  }
  return (
    <Modal opened onClose={close} title="Veto" size={460} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">What is on an applied veto list is taken out by the recipe step “Apply vetoes”. It is known by its content: every copy of the file is meant.</Text>
          <Radio.Group label="What" value={what} onChange={(value) => setWhat(value as What)}>
            <Stack gap={6} mt={4}>
              <Radio value="reference" label={`The reference ${reference.name}, whatever it is paired with`} data-autofocus />
              <Radio value="query" label={`The query ${query.name}, whatever it is paired with`} />
              <Radio value="pair" label="Only this pair" />
            </Stack>
          </Radio.Group>
          <Autocomplete label="List" required maxLength={100} value={list} onChange={setList} data={(lists ?? []).map(({ name }) => name)} filter={({ options }) => options} />
          {!known && <TextInput label="Reason of the list" maxLength={500} placeholder="faces, blank pages, test charts…" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
          {known && <Text size="xs" c="dimmed">{known.reason || 'This list has no reason yet; give it one in the veto lists.'}</Text>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>Cancel</Button>
            <Button type="submit" loading={busy} disabled={list.trim() === ''}>{known ? 'Put on the list' : 'Make the list'}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
