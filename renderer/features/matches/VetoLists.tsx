import { ActionIcon, Button, Drawer, Loader, Switch, Text, TextInput, Tooltip } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconPencil, IconTrash, IconX } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { VetoList } from '../../../core/contract/matches.ts'
import { client } from '../../app/client.ts'
import { decide } from '../../app/decide.ts'
import { useRow } from '../../app/rows.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { vetoListsQuery } from './matchQueries.ts'
import { useMatches } from './matchesStore.ts'
import css from './VetoLists.module.css'

/** Lists of what results leave out: applied or not, their entries, and the way back. Each change is a step of undo. */
export function VetoLists() {
  const { data: lists, error, refetch } = useQuery(vetoListsQuery)
  return (
    <Drawer opened onClose={() => useMatches.setState({ dialog: null })} position="right" size={480} title="Veto lists" closeButtonProps={{ 'aria-label': 'Close' }}>
      {error && <ErrorNote title="The lists could not be loaded." error={error} onRetry={() => void refetch()} />}
      {lists?.length === 0 && <EmptyState title="No veto lists yet">Press <Kbd keys="B" /> on a pair to keep a picture or the pair out of results: faces, blank pages, test charts. The first entry makes its list.</EmptyState>}
      <ul className={css.lists}>{lists?.map((one) => <ListLine key={one.listId} one={one} />)}</ul>
      {lists && lists.length > 0 && <Text size="xs" c="dimmed" mt="sm">Lists count where a recipe has the step “Apply vetoes”. Run it again to see what they change; everything before that step is kept.</Text>}
    </Drawer>
  )
}

function ListLine({ one }: { one: VetoList }) {
  const [open, setOpen] = useState(false)
  const [editing, setEditing] = useState(false)
  const change = (patch: { applied?: boolean; name?: string; reason?: string; removed?: boolean }, announce = false): void => void decide({ kind: 'veto-list', listId: one.listId, ...patch }, { announce })
  return (
    <li className={css.item}>
      <div className={css.line}>
        <ActionIcon aria-label={`${open ? 'Hide' : 'Show'} entries of ${one.name}`} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}</ActionIcon>
        <div className={css.words}>
          <b>{one.name}</b>
          <span className={css.dim}>{[one.images > 0 ? formatCount(one.images, 'image') : null, one.pairs > 0 ? formatCount(one.pairs, 'pair') : null].filter(Boolean).join(', ') || 'empty'}{one.reason ? ` · ${one.reason}` : ''}</span>
        </div>
        <Switch size="sm" label="applied" aria-label={`Apply ${one.name}`} checked={one.applied} onChange={(event) => change({ applied: event.currentTarget.checked })} />
        <Tooltip label="Name and reason"><ActionIcon aria-label={`Change ${one.name}`} onClick={() => setEditing(!editing)}><IconPencil size={15} /></ActionIcon></Tooltip>
        <Tooltip label="Remove the list (can be undone)"><ActionIcon aria-label={`Remove ${one.name}`} onClick={() => change({ removed: true }, true)}><IconTrash size={15} /></ActionIcon></Tooltip>
      </div>
      {editing && <EditForm one={one} onDone={(name, reason) => { change({ name, reason }); setEditing(false) }} />}
      {open && <Entries list={one} />}
    </li>
  )
}

function EditForm({ one, onDone }: { one: VetoList; onDone: (name: string, reason: string) => void }) {
  const [name, setName] = useState(one.name)
  const [reason, setReason] = useState(one.reason)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() !== '') onDone(name.trim(), reason.trim())
  }
  return (
    <form className={css.edit} onSubmit={submit}>
      <TextInput autoFocus aria-label="Name of the list" maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput aria-label="Reason" placeholder="Reason" maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <Button type="submit" disabled={name.trim() === ''}>Save</Button>
    </form>
  )
}

const entriesAtOnce = 100

function Entries({ list }: { list: VetoList }) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['vetoes', 'entries', list.listId],
    queryFn: ({ pageParam }) => client.vetoes.entries({ listId: list.listId, offset: pageParam, limit: entriesAtOnce }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < entriesAtOnce ? undefined : pages.length * entriesAtOnce)
  })
  if (error) return <ErrorNote title="The entries could not be loaded." error={error} />
  const entries = data?.pages.flat() ?? []
  return (
    <div className={css.entries}>
      {entries.map(({ a, b }) => <Entry key={`${a}/${b}`} list={list.name} a={a} b={b} />)}
      {data && entries.length === 0 && <Text size="xs" c="dimmed">{list.images + list.pairs > 0 ? 'Its pictures are not in this project any more.' : 'Nothing is on this list.'}</Text>}
      {isFetching && <Loader size="xs" color="gray" />}
      {hasNextPage && <Button size="compact-xs" variant="default" onClick={() => void fetchNextPage()}>More</Button>}
    </div>
  )
}

function Entry({ list, a, b }: { list: string; a: number; b: number | null }) {
  const [one, two] = [useRow(a), useRow(b)]
  const remove = (): void => void decide({ kind: 'veto', list, reason: '', on: false, images: b === null ? [a] : [], pairs: b === null ? [] : [[a, b]] }, { announce: true })
  return (
    <div className={css.entry}>
      <span className={css.thumb}><Thumb id={a} row={one} aspect={null} marks={false} /></span>
      {b !== null && <span className={css.thumb}><Thumb id={b} row={two} aspect={null} marks={false} /></span>}
      <span className={css.names}>{one?.name ?? ''}{b === null ? '' : ` with ${two?.name ?? ''}`}</span>
      <ActionIcon aria-label={`Take ${one?.name ?? 'it'} off the list`} onClick={remove}><IconX size={14} /></ActionIcon>
    </div>
  )
}
