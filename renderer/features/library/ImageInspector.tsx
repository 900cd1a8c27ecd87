import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CopyButton, Text, UnstyledButton } from '@mantine/core'
import type { ImageDetails } from '../../../core/contract/images.ts'
import { queries } from '../../app/queries.ts'
import { desktop } from '../../app/desktop.ts'
import { Facts, Inspector, InspectorSection } from '../../components/Inspector.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { failureWords } from '../../components/failureWords.ts'
import { formatBytes, formatDate, formatNumber, formatScore, formatWhen } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import { useSettled } from './useSettled.ts'
import css from './ImageInspector.module.css'

const verdictMarks = { keep: 'accept', drop: 'reject', unsure: 'unsure' } as const
const verdictWords = { keep: 'Kept', drop: 'Dropped', unsure: 'Unsure' } as const

/** All that is known of the image under the hand: what it is, why the machine proposes something, what people did, its metadata. */
export function ImageInspector({ id }: { id: number | null }) {
  const settled = useSettled(id, 90)
  const { data } = useQuery({ ...queries.details(settled ?? 0), enabled: settled !== null, placeholderData: keepPreviousData })
  if (id === null || !data) return <Inspector empty="Choose an image to see what is known of it." />
  return (
    <Inspector title={data.name}>
      <WhatItIs image={data} />
      <WhyProposed image={data} />
      <Past image={data} />
      <Metadata image={data} />
    </Inspector>
  )
}

function WhatItIs({ image }: { image: ImageDetails }) {
  const label = image.label
  return (
    <InspectorSection title="What it is">
      {image.state === 'failed' && <Text c="var(--unsure-text)" size="xs" mb={6}>{failureWords(image.failure)}. {image.failureDetail}</Text>}
      {image.state === 'missing' && <Text c="var(--unsure-text)" size="xs" mb={6}>The file is no longer there.</Text>}
      <Facts rows={[
        ['Class', image.className ?? <i key="class" className={css.none}>none</i>],
        ['Said by', label ? (label.source === 'human' ? 'a person' : label.source) : image.givenClassName !== null ? 'its folder or list' : null],
        ['Came as', label && image.givenClassName !== null && image.givenClassName !== image.className ? image.givenClassName : null],
        ['Verdict', image.verdict ? <span key="verdict" className={css.verdict}><StateMark mark={verdictMarks[image.verdict]} size={14} /> {verdictWords[image.verdict]}</span> : <i key="verdict" className={css.none}>undecided</i>],
        ['Reason', image.verdictReason],
        ['Role', image.role === 'train' ? null : image.role],
        ['Protected', image.protected ? 'yes: it stays before others' : null],
        ['Size', image.width ? `${formatNumber(image.width)} × ${formatNumber(image.height ?? 0)} px` : null],
        ['File', `${formatBytes(image.bytes)}${image.format ? ` ${image.format}` : ''}`],
        ['Folder', image.folder || '(top folder)']
      ]} />
    </InspectorSection>
  )
}

function WhyProposed({ image }: { image: ImageDetails }) {
  if (image.predictions.length === 0 && image.keeperId === null) return null
  return (
    <InspectorSection title="Why it is proposed">
      {image.predictions.slice(0, 5).map((prediction) => (
        <div key={`${prediction.runId}.${prediction.classId}`} className={css.candidate}>
          <span className={css.share} style={{ width: `${Math.round(prediction.score * 100)}%` }} />
          <span>{prediction.className}</span><span>{formatScore(prediction.score)}</span>
        </div>
      ))}
      {image.keeperId !== null && <KeeperNote keeperId={image.keeperId} similarity={image.similarity} />}
    </InspectorSection>
  )
}

function KeeperNote({ keeperId, similarity }: { keeperId: number; similarity: number | null }) {
  return (
    <div className={css.keeper}>
      <UnstyledButton className={css.keeperThumb} aria-label="Look at the image that is kept for this one" onClick={() => useLibrary.setState({ visiting: keeperId, mode: 'loupe' })}><Thumb id={keeperId} aspect={1} /></UnstyledButton>
      <Text size="xs">A near-duplicate of this image{similarity === null ? '' : ` (similarity ${formatScore(similarity)})`}, which is kept for it.</Text>
    </div>
  )
}

function Past({ image }: { image: ImageDetails }) {
  return (
    <InspectorSection title="History">
      {image.history.length === 0 && <Text size="xs" c="dimmed">Nobody has decided anything about it yet.</Text>}
      {image.history.map((entry) => (
        <div key={entry.id} className={css.entry} data-undone={!entry.stands || undefined}>
          <span>{entry.summary}</span>
          <span title={formatDate(entry.at)}>{entry.who} · {formatWhen(entry.at)}</span>
        </div>
      ))}
    </InspectorSection>
  )
}

const digits = (value: number | null, places: number): string | null => (value === null ? null : value.toFixed(places))

function Metadata({ image }: { image: ImageDetails }) {
  const full = `${image.root}/${image.path}`
  return (
    <InspectorSection title="Metadata" aside={desktop && <UnstyledButton fz={12} c="var(--accent-text)" onClick={() => desktop?.revealInFolder(full)}>Show in folder</UnstyledButton>}>
      <Facts rows={[
        ['Path', <Copied key="path" text={full} />],
        ['Changed', formatDate(image.modifiedAt)],
        ['Colour', image.colour ? `${image.colour}${image.depth ? `, ${image.depth} bit` : ''}${image.hasAlpha ? ', alpha' : ''}` : null],
        ['Orientation', image.orientation !== null && image.orientation > 1 ? `EXIF ${image.orientation}, turned upright` : null],
        ['Sharpness', digits(image.sharpness, 1)],
        ['Exposure', digits(image.exposure, 3)],
        ['Contrast', digits(image.contrast, 3)],
        ['Entropy', digits(image.entropy, 2)],
        ['Compression', digits(image.compression, 3)],
        ['Identity', image.identity],
        ['Fold', image.fold],
        ['Descriptors', image.descriptors.join(', ') || null],
        ['SHA-256', image.sha256 && <Copied key="sha256" text={image.sha256} mono />],
        ['Pixels', image.pixelHash && <Copied key="pixels" text={image.pixelHash} mono />],
        ['Perceptual', image.phash && <Copied key="phash" text={image.phash} mono />]
      ]} />
    </InspectorSection>
  )
}

/** A long value on one line; a click copies the whole of it. */
function Copied({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => <UnstyledButton className={css.copied} data-mono={mono || undefined} title={copied ? 'Copied' : `${text} (click to copy)`} onClick={copy}>{copied ? 'copied' : text}</UnstyledButton>}
    </CopyButton>
  )
}
