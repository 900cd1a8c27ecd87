import { Anchor, Badge, Button, Collapse, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { ModelInfo, ModelMeasurement } from '../../../core/contract/models.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient, useProject } from '../../app/queries.ts'
import { Facts } from '../../components/Inspector.tsx'
import { formatBytes } from '../../components/format.ts'
import { showJobs } from '../../stores/overlays.ts'
import { recipeWords, speedWords, stateWords } from './modelWords.ts'
import css from './Models.module.css'

/** One model: what it is, how fast it is here, how it turns a picture into numbers, and what can be done with it. */
export function ModelCardView({ model }: { model: ModelInfo }) {
  const { card, measured } = model
  const { data: project } = useProject()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState<string | null>(null)
  const [measurement, setMeasurement] = useState<ModelMeasurement | null>(null)
  const ready = model.state === 'ready'

  const act = async (name: string, what: string, call: () => Promise<unknown>): Promise<void> => {
    setBusy(name)
    try {
      await call()
      await queryClient.invalidateQueries({ queryKey: ['models'] })
    } catch (error) {
      showError(error, what)
    } finally {
      setBusy(null)
    }
  }
  const measure = async (): Promise<void> => {
    const done = await client.models.measure({ modelId: card.id })
    setMeasurement(done)
    queryClient.setQueryData(queries.providers.queryKey, done.reports)
  }
  const embed = async (): Promise<void> => {
    const job = await client.jobs.start({ kind: 'embed', modelId: card.id })
    showJobs(job.id)
  }
  const speed = measurement ?? measured
  return (
    <article className={css.box} data-broken={!ready || undefined} aria-label={card.name}>
      <div className={css.title}>
        {card.name}
        {model.isDefault && <Badge size="sm" variant="light">default</Badge>}
        <Badge size="sm" variant="default">{model.origin}</Badge>
        {!ready && <Badge size="sm" color="unsure" variant="light">{stateWords[model.state]}</Badge>}
        <span className={css.measured}>{speed ? speedWords(speed.millisecondsPerImage, speed.provider) : 'not measured here yet'}</span>
      </div>
      {card.description && <Text mt={2}>{card.description}</Text>}
      <Text c="dimmed" size="xs" mt={2}>{card.output.dim} numbers · {model.bytes === null ? 'no file' : formatBytes(model.bytes)} · {card.licence}</Text>
      {model.problem && <Text className={css.problem}>{model.problem}</Text>}
      <Group gap="xs" mt="sm">
        <Button variant="default" loading={busy === 'measure'} disabled={!ready} onClick={() => void act('measure', 'The model was not measured.', measure)}>Measure</Button>
        <Button variant="default" loading={busy === 'default'} disabled={!ready || model.isDefault} onClick={() => void act('default', 'The default was not changed.', () => client.models.setDefault({ modelId: card.id }))}>Make default</Button>
        {project && <Button variant="default" loading={busy === 'embed'} disabled={!ready} onClick={() => void act('embed', 'Embedding did not start.', embed)}>Describe this project with it</Button>}
        {model.origin === 'added' && <Button variant="subtle" color="gray" loading={busy === 'remove'} disabled={model.isDefault} title={model.isDefault ? 'Make another model the default first' : 'Takes the copy out of Winnow; your own file stays'} onClick={() => void act('remove', 'The model was not removed.', () => client.models.remove({ modelId: card.id }))}>Remove</Button>}
        <Anchor component="button" size="sm" ml="auto" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'How it works'}</Anchor>
      </Group>
      <Collapse expanded={open} transitionDuration={100}>
        <div style={{ paddingTop: 10 }}>
          <Facts rows={[...recipeWords(card), ['File', card.file], ['SHA-256', <Text key="sha" span ff="monospace" fz={11}>{card.sha256}</Text>], ['Source', card.source], ['Licence', card.licence]]} />
        </div>
      </Collapse>
    </article>
  )
}
