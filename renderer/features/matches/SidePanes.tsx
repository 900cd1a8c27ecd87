import type { ImageRow } from '../../../core/contract/images.ts'
import type { Candidate, MatchEvidence, SeenPart } from '../../../core/contract/matches.ts'
import { place, type Placement, type Size } from '../../components/compare/zoom.ts'
import { imageUrl } from '../../components/Thumb.tsx'
import { isTrusted, sizeOf } from './MatchStage.tsx'
import { followed, inverse } from './planeMap.ts'
import { useStage } from './stageStore.ts'
import css from './MatchStage.module.css'

interface Props {
  readonly query: ImageRow
  readonly candidate: Candidate
  readonly evidence: MatchEvidence | undefined
  readonly stage: Size
}

const gap = 8

export const sidePane = (stage: Size): Size => ({ width: Math.max(1, (stage.width - gap) / 2), height: stage.height })

/** Above this many screen pixels per picture pixel the pixels themselves are shown. */
export const showPixels = 3

/** Both beside each other in locked zoom: where a map is known the second follows the first through it. Lines join the points that agree. */
export function SidePanes({ query, candidate, evidence, stage }: Props) {
  const look = useStage((now) => now.look)
  const swapped = useStage((now) => now.swapped)
  const lines = useStage((now) => now.lines)
  const bare = useStage((now) => now.bare)
  const pane = sidePane(stage)
  const [first, second] = swapped ? [candidate.image, query] : [query, candidate.image]
  const map = isTrusted(evidence) ? (swapped ? inverse(evidence.matrix) : evidence.matrix) : null
  const left = place(sizeOf(first), pane, look)
  const right = place(sizeOf(second), pane, map ? followed(look, sizeOf(first), sizeOf(second), map, pane) : look)
  const [ofQuery, ofReference] = swapped ? [right, left] : [left, right]
  const shift = pane.width + gap
  return (
    <div className={css.side} style={{ gap }}>
      <Pane image={first} at={left} pane={pane} title={swapped ? 'reference' : 'query'} part={bare ? null : swapped ? candidate.referencePart : candidate.queryPart} />
      <Pane image={second} at={right} pane={pane} title={swapped ? 'query' : 'reference'} part={bare ? null : swapped ? candidate.queryPart : candidate.referencePart} />
      {lines && !bare && evidence && (
        <Lines evidence={evidence} pane={pane} swapped={swapped} width={stage.width} height={stage.height} ofQuery={{ ...ofQuery, left: ofQuery.left + (swapped ? shift : 0) }} ofReference={{ ...ofReference, left: ofReference.left + (swapped ? 0 : shift) }} />
      )}
    </div>
  )
}

function Pane({ image, at, pane, title, part }: { image: ImageRow; at: Placement; pane: Size; title: string; part: SeenPart | null }) {
  return (
    <div className={css.pane} data-pane style={{ width: pane.width, height: pane.height }}>
      <img
        key={image.id} className={css.picture} src={imageUrl(image.id)} alt={`${title} ${image.name}`} draggable={false} decoding="async"
        style={{ width: at.width, height: at.height, left: at.left, top: at.top, imageRendering: at.scale > showPixels ? 'pixelated' : undefined }}
      />
      {part?.box && <PartBox box={part.box} at={at} />}
      <span className={css.tag} data-side="left">{title} <bdi>{image.name}</bdi></span>
    </div>
  )
}

/** The part of a picture that the score is of. */
export function PartBox({ box, at }: { box: NonNullable<SeenPart['box']>; at: Placement }) {
  return <div className={css.part} style={{ left: at.left + box.left * at.scale, top: at.top + box.top * at.scale, width: box.width * at.scale, height: box.height * at.scale }} />
}

/** So many lines still tell something. */
const mostLines = 120

function Lines({ evidence, pane, swapped, width, height, ofQuery, ofReference }: { evidence: MatchEvidence; pane: Size; swapped: boolean; width: number; height: number; ofQuery: Placement; ofReference: Placement }) {
  // Zoomed in, a point may lie outside of its pane: its line would cross the other picture.
  const inside = (at: Placement, from: number, x: number, y: number): boolean => {
    const [u, v] = [at.left + x * at.scale, at.top + y * at.scale]
    return u >= from && u <= from + pane.width && v >= 0 && v <= height
  }
  const right = pane.width + gap
  const inliers = evidence.points.filter(([ax, ay, bx, by, inlier]) => inlier === 1 && inside(ofQuery, swapped ? right : 0, ax, ay) && inside(ofReference, swapped ? 0 : right, bx, by))
  const step = Math.max(1, inliers.length / mostLines)
  const shown = Array.from({ length: Math.min(mostLines, inliers.length) }, (_, i) => inliers[Math.floor(i * step)]!)
  return (
    <svg className={css.lines} data-trusted={isTrusted(evidence) || undefined} width={width} height={height} aria-hidden="true">
      {shown.map(([ax, ay, bx, by], index) => {
        const [x1, y1] = [ofQuery.left + ax * ofQuery.scale, ofQuery.top + ay * ofQuery.scale]
        const [x2, y2] = [ofReference.left + bx * ofReference.scale, ofReference.top + by * ofReference.scale]
        return (
          // oxlint-disable-next-line no-array-index-key -- points of one evidence never change
          <g key={index}>
            <line x1={x1} y1={y1} x2={x2} y2={y2} />
            <circle cx={x1} cy={y1} r={2.5} />
            <circle cx={x2} cy={y2} r={2.5} />
          </g>
        )
      })}
    </svg>
  )
}
