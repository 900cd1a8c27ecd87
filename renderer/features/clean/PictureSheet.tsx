import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { CleanEvidence, CleanImage } from '../../../core/contract/clean.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatNumber } from '../../components/format.ts'
import { Thumb } from '../../components/Thumb.tsx'
import type { SideRequest } from './cleanQueries.ts'
import { goToPicture, openPicture, useClean } from './cleanStore.ts'
import { evidenceWords, fateWords } from './cleanWords.ts'
import { useSide } from './useSide.ts'
import css from './PictureSheet.module.css'

interface Props {
  readonly request: SideRequest
  readonly evidence: CleanEvidence
  readonly title: string
  readonly empty: string
  readonly columns: number
  /** Told to the keys. */
  readonly onCount: (count: number) => void
  /** The picture at the cursor, where the cursor is on this side. */
  readonly onHere: (image: CleanImage | undefined) => void
}

const captionHeight = 34
const gap = 6

/** One side of a cell as a sheet of pictures, nearest to the border first, each with what speaks for it. */
export function PictureSheet({ request, evidence, title, empty, columns, onCount, onHere }: Props) {
  const { side } = request
  const zone = useClean((now) => now.zone)
  const picture = useClean((now) => now.picture)
  const frame = useRef<HTMLDivElement>(null)
  const { ref: measureRef, width } = useElementSize()
  const size = Math.max(40, Math.floor((width - gap * (columns - 1)) / columns))
  const [lines, setLines] = useState(0)
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const rows = useVirtualizer({ count: lines, getScrollElement: () => frame.current, estimateSize: () => size + captionHeight, overscan: 2 })
  const items = rows.getVirtualItems()
  const cursor = zone === 'pictures' && picture.side === side ? picture.index : null
  const found = useSide(request, [...items.map(({ index }) => index * columns), ...items.map(({ index }) => index * columns + columns - 1), cursor ?? 0])
  const total = found.total ?? 0
  const here = cursor === null ? undefined : found.at(cursor)

  useEffect(() => { setLines(Math.ceil(total / columns)) }, [total, columns])
  useEffect(() => { if (found.total !== null) onCount(found.total) }, [found.total, onCount])
  useEffect(() => { rows.measure() }, [rows, size])
  const key = JSON.stringify([request.source, request.at, request.label, request.against])
  useEffect(() => { rows.scrollToOffset(0) }, [rows, key])
  useEffect(() => { if (cursor !== null) rows.scrollToIndex(Math.floor(cursor / columns), { align: 'auto' }) }, [rows, cursor, columns])
  useEffect(() => { if (cursor !== null) onHere(here) }, [cursor, here, onHere])

  return (
    <section className={css.sheet} data-side={side} aria-label={title}>
      <h3 className={css.title}>{title} <b>{found.total === null ? '' : formatNumber(total)}</b></h3>
      {found.error != null && <ErrorNote title="These images could not be loaded." error={found.error} />}
      <div ref={frame} className={css.list} role="listbox" aria-label={title} aria-activedescendant={here ? `${side}-${here.imageId}` : undefined}>
        <div ref={measureRef} className={css.measure} />
        {found.total === 0 && <p className={css.empty}>{empty}</p>}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {width > 0 && items.map((line) => (
            <div key={line.index} className={css.line} style={{ transform: `translateY(${line.start}px)`, gridTemplateColumns: `repeat(${columns}, ${size}px)` }}>
              {Array.from({ length: columns }, (_, i) => line.index * columns + i).filter((index) => index < total).map((index) => {
                const image = found.at(index)
                return image
                  ? <Picture key={image.imageId} image={image} evidence={evidence} index={index} size={size} current={cursor === index} />
                  : <div key={`wait-${index}`} className={css.waiting} style={{ height: size }} />
              })}
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}

function Picture({ image, evidence, index, size, current }: { image: CleanImage; evidence: CleanEvidence; index: number; size: number; current: boolean }) {
  const { imageId, fate, className, clean } = image
  const side = fate === 'kept' ? 'kept' : 'dropped'
  const wrong = clean !== null && clean !== (fate === 'kept')
  const words = evidenceWords(evidence, image)
  return (
    <div
      id={`${side}-${imageId}`} role="option" aria-selected={current} className={css.picture} aria-label={`${className}, ${fateWords[fate]}, ${words}${clean === null ? '' : clean ? ', clean by the truth' : ', foreign by the truth'}`}
      onClick={() => goToPicture({ side, index })} onDoubleClick={() => openPicture(imageId)}
    >
      <div className={css.box} style={{ height: size }}><Thumb id={imageId} aspect={null} />{wrong && <span className={css.wrong} title={clean ? 'The truth calls it clean, and this cell drops it' : 'The truth calls it foreign, and this cell keeps it'}>{clean ? 'clean' : 'foreign'}</span>}</div>
      <span className={css.words} data-fate={fate}>{fate === 'class-too-small' ? fateWords[fate] : words}</span>
      <span className={css.class} title={className}>{className}</span>
    </div>
  )
}
