import { Button, Group, Loader, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { RootPreview } from '../../../core/contract/project.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { enterProject } from '../../app/openProject.ts'
import { useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { PathField } from '../../components/PathField.tsx'
import { closeIntake } from '../../stores/intake.ts'
import { DatasetSets } from './DatasetSets.tsx'
import { Found } from './Found.tsx'
import { emptyForm, type IntakeForm, labelsAreLikely, projectFolderIn, projectNameFor, rootsOf } from './intakeForm.ts'
import { IntakeOptions } from './IntakeOptions.tsx'
import { WhatWillHappen } from './WhatWillHappen.tsx'
import css from './IntakePage.module.css'

interface Props {
  readonly path: string | null
  readonly into: 'new' | 'current'
}

/** One page between choosing a folder and working with it: what was found, what will happen, one button. */
export function IntakePage({ path, into }: Props) {
  const { data: project } = useProject()
  const current = into === 'current' && project ? project : null
  const [typed, setTyped] = useState(path ?? '')
  const [form, setForm] = useState<IntakeForm>(emptyForm(path ?? ''))
  const preview = usePreview(form)
  const likely = preview.data ? labelsAreLikely(preview.data) : false
  const [labelsTouched, setLabelsTouched] = useState(false)
  const [naming, setNaming] = useState<{ name: string; folder: string | null } | null>(null)
  const name = naming?.name ?? (form.path ? projectNameFor(form.path) : '')
  const { data: suggested } = useQuery({ queryKey: ['app', 'suggest', name], queryFn: () => client.project.suggestFolder({ name }), enabled: !current && name !== '' })
  const folder = naming?.folder ?? suggested?.folder ?? ''
  const [busy, setBusy] = useState(false)
  const shown: IntakeForm = labelsTouched ? form : { ...form, labelsFromFolders: likely }
  const ready = Boolean(preview.data && preview.data.images > 0 && (current || (name !== '' && folder !== '')))

  const start = async (): Promise<void> => {
    if (!ready || busy) return
    setBusy(true)
    try {
      const opened = current ?? (await client.project.create({ folder, name }))
      for (const root of rootsOf(shown, preview.data?.layout ?? null)) await client.roots.add(root)
      await client.jobs.start({ kind: 'prepare' })
      enterProject(opened)
    } catch (error) {
      showError(error, current ? 'The folder was not added.' : 'The project was not created.')
    } finally {
      setBusy(false)
    }
  }
  const cancel = (): void => {
    closeIntake()
    if (current) go('library')
  }
  useActions('New project', [
    { id: 'intake.start', title: current ? 'Add and prepare' : 'Create and prepare', keys: ['Mod+Enter'], hint: current ? 'add and prepare' : 'create and prepare', typing: true, when: () => ready && !busy, run: () => void start() },
    { id: 'intake.cancel', title: 'Back', keys: ['Esc'], hint: 'back', typing: true, run: cancel }
  ])

  const choose = (next: string): void => {
    setTyped(next)
    setForm((before) => ({ ...before, path: next.trim() }))
    setNaming(null)
  }
  return (
    <main className={css.page} data-region="work" data-work tabIndex={-1}>
      <div className={css.content}>
        <Title order={1}>{current ? `Add a folder to ${current.name}` : 'New project from a folder'}</Title>
        <Text c="dimmed" mt={4} mb="lg">Nothing in the folder is changed, moved or written to.</Text>
        <div className={css.pathRow}>
          <PathField label="Folder of images" value={typed} onChange={setTyped} onSubmit={choose} placeholder="/home/me/pictures" autoFocus={!path} description="Sub-folders are included. Tab completes, Enter looks inside." />
          <Button variant={form.path && form.path === typed.trim() ? 'default' : 'filled'} disabled={typed.trim() === ''} onClick={() => choose(typed)}>Look inside</Button>
        </div>
        {preview.isFetching && <Group gap="xs" mt="md"><Loader size={14} color="gray" /><Text c="dimmed">Counting files…</Text></Group>}
        {preview.error && !preview.isFetching && <div className={css.gap}><ErrorNote title="The folder could not be looked into." error={preview.error} onRetry={() => void preview.refetch()} /></div>}
        {preview.data && !preview.error && (
          <div className={css.columns} data-old={preview.isFetching || undefined}>
            <Found preview={preview.data} />
            {preview.data.layout && <DatasetSets layout={preview.data.layout} chosen={shown.asDataset} onChange={(asDataset) => setForm((before) => ({ ...before, asDataset }))} />}
            <WhatWillHappen preview={preview.data} labels={shown.labelsFromFolders} />
            <IntakeOptions form={shown} preview={preview.data} onChange={(next) => {
              if (next.labelsFromFolders !== shown.labelsFromFolders) setLabelsTouched(true)
              setForm(next)
            }} />
            {!current && (
              <section className={css.box}>
                <h2>Project</h2>
                <TextInput label="Name" value={name} onChange={(event) => setNaming({ name: event.currentTarget.value, folder: null })} error={name === '' ? 'A project needs a name.' : null} mb="sm" />
                <PathField label="Kept in" description="Decisions, thumbnails and descriptors; your images stay where they are." value={folder} onChange={(next) => setNaming({ name, folder: next })} ofPicked={(parent) => projectFolderIn(parent, name)} />
              </section>
            )}
          </div>
        )}
        <footer className={css.footer}>
          <Button variant="default" onClick={cancel}>Back</Button>
          <Button size="sm" loading={busy} disabled={!ready} rightSection={<IconArrowRight size={16} />} onClick={() => void start()}>{current ? 'Add and prepare' : 'Create and prepare'}</Button>
          <Kbd keys="Mod+Enter" />
          {preview.data?.images === 0 && <Text c="var(--unsure-text)">There are no images in this folder. Choose another one, or change what is left out.</Text>}
        </footer>
      </div>
    </main>
  )
}

function usePreview(form: IntakeForm) {
  return useQuery<RootPreview>({
    queryKey: ['app', 'preview', form.path, form.include, form.exclude],
    queryFn: () => client.roots.preview({ path: form.path, include: [...form.include], exclude: [...form.exclude] }),
    enabled: form.path !== '', retry: false, staleTime: 30_000,
    placeholderData: (before, query) => (query?.queryKey[2] === form.path ? before : undefined)
  })
}
