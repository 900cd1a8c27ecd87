import { Anchor, Badge, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { KnownModel } from '../../../core/contract/knownModels.ts'
import { showDone } from '../../app/notify.tsx'
import { queries } from '../../app/queries.ts'
import { copyText } from '../../components/copyText.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatBytes } from '../../components/format.ts'
import { Facts } from '../../components/Inspector.tsx'
import { knownSummary, nextStep } from './modelWords.ts'
import css from './Models.module.css'

/** Models that Winnow knows but does not bring along: what they are, where their weights lie, which script makes an ONNX file of them. */
export function KnownModels() {
  const { data: known, error, refetch } = useQuery(queries.knownModels)
  return (
    <section aria-label="Known models">
      <h2 className={css.known}>Known models: how to get them</h2>
      <Text c="dimmed" mb="sm">Their cards come with Winnow, their weights do not. A script makes an ONNX file of the published weights; “Add a model…” then takes the card from here.</Text>
      {error && <ErrorNote title="The known models could not be read." error={error} onRetry={() => void refetch()} />}
      {known?.map((model) => <KnownModelView key={model.card.id} model={model} />)}
    </section>
  )
}

function KnownModelView({ model }: { model: KnownModel }) {
  const { card, weights, notes, views } = model
  const { command, needs, run, notRun } = model.export
  const [open, setOpen] = useState(false)
  const copy = async (): Promise<void> => {
    if (await copyText(command)) showDone('The command is on the clipboard.')
  }
  return (
    <article className={css.knownBox} aria-label={card.name}>
      <div className={css.providerHead}>
        <b>{card.name}</b>
        {model.kind === 'localFeatures' && <Badge size="sm" variant="default">local features</Badge>}
        <Anchor component="button" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'How to get it'}</Anchor>
      </div>
      <div className={css.dim}>{card.description} {knownSummary(model)}</div>
      {open && (
        <div className={css.knownDetails}>
          <Facts rows={[
            ['Id', card.id], ['Source', card.source], ['Licence', card.licence],
            ...weights.map(({ file, address, bytes, sha256, note }) => ['Weights', (
              <div key={file}>
                <div>{file}: {address ? <a href={address} target="_blank" rel="noreferrer">{address}</a> : 'no address is known'}</div>
                <div className={css.dim}>size {bytes === null ? 'not known' : formatBytes(bytes)}, SHA-256 {sha256 ?? 'not known'}. {note}</div>
              </div>
            )] as const),
            ['Views', views?.what ?? null]
          ]} />
          <Group gap="xs" wrap="nowrap" align="center" my="xs">
            <code className={css.command}>{command}</code>
            <Button variant="default" size="compact-xs" onClick={() => void copy()}>Copy</Button>
          </Group>
          <Text size="xs" c="dimmed">Run it in Winnow’s folder with Python and {needs.join(', ')}. Then: {nextStep(model)}</Text>
          <Lines title="Run here" lines={run} />
          <Lines title="Not run here" lines={notRun} />
          <Lines title="Notes" lines={notes} />
        </div>
      )}
    </article>
  )
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <>
      <h3 className={css.lines}>{title}</h3>
      <ul className={css.lines}>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
    </>
  )
}
