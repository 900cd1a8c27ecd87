import type { PointerEvent } from 'react'
import type { ImageRow } from '../../../core/contract/images.ts'
import type { Candidate, MatchEvidence } from '../../../core/contract/matches.ts'
import { place, type Size } from '../../components/compare/zoom.ts'
import { imageUrl } from '../../components/Thumb.tsx'
import { DifferenceCanvas } from './DifferenceCanvas.tsx'
import { isTrusted, sizeOf } from './MatchStage.tsx'
import { cssMatrix, inverse, placed, type PlaneMap, product, stretched } from './planeMap.ts'
import { PartBox, showPixels } from './SidePanes.tsx'
import { moveSplit, useStage } from './stageStore.ts'
import css from './MatchStage.module.css'

interface Props {
  readonly query: ImageRow
  readonly candidate: Candidate
  readonly evidence: MatchEvidence | undefined
  readonly stage: Size
}

/** How the picture on top is laid over the one below: through the map that was found, else frame on frame. */
export function mapOver(query: ImageRow, reference: ImageRow, evidence: MatchEvidence | undefined, swapped: boolean): PlaneMap {
  const found = isTrusted(evidence) ? (swapped ? evidence.matrix : inverse(evidence.matrix)) : null
  return found ?? (swapped ? stretched(sizeOf(query), sizeOf(reference)) : stretched(sizeOf(reference), sizeOf(query)))
}

/** One picture over the other: flicked, split, as onion skin, or as their difference. */
export function OverPane({ query, candidate, evidence, stage }: Props) {
  const { mode, look, flicked, split, opacity, swapped, bare } = useStage()
  const [below, above] = swapped ? [candidate.image, query] : [query, candidate.image]
  const [belowName, aboveName] = swapped ? ['reference', 'query'] : ['query', 'reference']
  const part = swapped ? candidate.referencePart : candidate.queryPart
  const at = place(sizeOf(below), stage, look)
  const map = mapOver(query, candidate.image, evidence, swapped)
  if (mode === 'difference') {
    return (
      <div className={css.pane} data-pane style={{ width: stage.width, height: stage.height }}>
        <DifferenceCanvas below={below} above={above} map={map} at={at} />
        <span className={css.tag} data-side="left">difference</span>
      </div>
    )
  }
  const splitAt = Math.min(stage.width, Math.max(0, at.left + split * at.width))
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.closest('[data-pane]')?.getBoundingClientRect()
    if (box) moveSplit((event.clientX - box.left - at.left) / at.width)
  }
  // Clipped by a box of the stage's size, because the picture on top may be turned.
  const clip = mode === 'split' ? `inset(0 0 0 ${splitAt}px)` : undefined
  const shown = mode === 'onion' ? opacity : mode === 'flick' && !flicked ? 0 : 1
  const size = sizeOf(above)
  return (
    <div className={css.pane} data-pane style={{ width: stage.width, height: stage.height }}>
      <img
        className={css.picture} src={imageUrl(below.id)} alt={`${belowName} ${below.name}`} draggable={false}
        style={{ width: at.width, height: at.height, left: at.left, top: at.top, imageRendering: at.scale > showPixels ? 'pixelated' : undefined, visibility: mode === 'flick' && flicked ? 'hidden' : undefined }}
      />
      <div className={css.layer} style={{ clipPath: clip, opacity: shown }}>
        <img className={css.picture} src={imageUrl(above.id)} alt={`${aboveName} ${above.name}`} draggable={false} style={{ left: 0, top: 0, width: size.width, height: size.height, transformOrigin: '0 0', transform: cssMatrix(product(placed(at), map)) }} />
      </div>
      {!bare && part.box && <PartBox box={part.box} at={at} />}
      {mode === 'split' && (
        <div
          className={css.divider} data-handle style={{ left: splitAt }} role="slider" tabIndex={0} aria-label="Split" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(split * 100)}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key]
            if (by === undefined) return
            event.preventDefault()
            event.stopPropagation()
            moveSplit(split + by)
          }}
        />
      )}
      {mode === 'flick' && <span className={css.tag} data-side="left">{flicked ? aboveName : belowName}</span>}
      {mode === 'onion' && <span className={css.tag} data-side="left">{belowName} under {Math.round(opacity * 100)} % {aboveName}</span>}
      {mode === 'split' && <><span className={css.tag} data-side="left">{belowName}</span><span className={css.tag} data-side="right">{aboveName}</span></>}
    </div>
  )
}
