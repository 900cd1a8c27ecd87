import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconArrowLeft, IconArrowsDiff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { CleanWitnesses } from '../../../core/contract/clean.ts'
import { useRow } from '../../app/rows.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount, formatScore } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { witnessesQuery } from './cleanQueries.ts'
import { useClean } from './cleanStore.ts'
import { fateWords, pairWords, ruleWords } from './cleanWords.ts'
import { PairLines } from './PairLines.tsx'
import type { Sweep } from './useSweep.ts'
import css from './Evidence.module.css'

/** What speaks for one picture: its pairs, the strongest first, and where the two at the cursor agree. */
export function Evidence({ sweep, imageId, pair, onPairs, onMatches }: { sweep: Sweep; imageId: number; pair: number; onPairs: (count: number) => void; onMatches: () => void }) {
  const { grid, source, at } = sweep
  const row = useRow(imageId)
  const { data, error, refetch } = useQuery(witnessesQuery(source, at, imageId))
  useEffect(() => { onPairs(data?.rows.length ?? 0) }, [data, onPairs])
  const here = data?.rows[Math.min(pair, (data.rows.length || 1) - 1)]
  return (
    <section className={css.frame} aria-label="Evidence">
      <header className={css.head}>
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconArrowLeft size={14} />} rightSection={<Kbd keys="Esc" />} onClick={() => useClean.setState({ opened: null })}>Back</Button>
        <b className={css.name} title={row?.path}>{row?.name ?? ''}</b>
        {data && <span className={css.fate} data-fate={data.image.fate}>{fateWords[data.image.fate]}</span>}
        <Button size="compact-xs" variant="default" leftSection={<IconArrowsDiff size={14} />} rightSection={<Kbd keys="O" />} onClick={onMatches}>In Matches</Button>
      </header>
      {error && <div className={css.note}><ErrorNote title="The pairs of this picture could not be loaded." error={error} onRetry={() => void refetch()} /></div>}
      {data && <p className={css.words}>{sentence(data, grid.evidence, at)}</p>}
      <div className={css.body}>
        {here ? <PairLines grid={grid} a={imageId} b={here.imageId} /> : <div className={css.alone}><Thumb id={imageId} fit="contain" aspect={null} marks={false} /></div>}
        {data && data.rows.length > 0 && <Pairs data={data} evidence={grid.evidence} at={Math.min(pair, data.rows.length - 1)} />}
      </div>
    </section>
  )
}

function sentence({ image, total }: CleanWitnesses, evidence: Sweep['grid']['evidence'], at: Sweep['at']): string {
  const pairs = image.pairs >= 255 ? '255 or more' : String(image.pairs)
  const why = image.fate === 'class-too-small' ? ` Its class ${image.className} has too few clean images, so all of them go.` : ''
  return `Class ${image.className}. ${total === 0 ? 'It has no pair with an image of its class.' : `${pairs} of its ${formatCount(total, 'pair')} ${image.pairs === 1 ? 'counts' : 'count'} here; ${ruleWords(evidence, at)} keep it.`}${why}`
}

function Pairs({ data, evidence, at }: { data: CleanWitnesses; evidence: Sweep['grid']['evidence']; at: number }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => { frame.current?.children[at]?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) }, [at])
  return (
    <div ref={frame} className={css.pairs} role="listbox" aria-label="Pairs, the strongest first">
      {data.rows.map((pair, i) => (
        <div
          key={pair.imageId} role="option" aria-selected={i === at} className={css.pair} data-counts={pair.counts || undefined}
          aria-label={`${pairWords(evidence, pair.evidence)}${pair.counts ? '' : ', not enough here'}`} onClick={() => useClean.setState({ opened: { imageId: data.image.imageId, pair: i } })}
        >
          <Thumb id={pair.imageId} aspect={4 / 3} />
          <b>{pairWords(evidence, pair.evidence)}</b>
          <span>{pair.counts ? 'counts' : 'not enough'} · {formatScore(pair.similarity)}</span>
        </div>
      ))}
    </div>
  )
}
