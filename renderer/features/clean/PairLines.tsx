import { useQuery } from '@tanstack/react-query'
import { Loader } from '@mantine/core'
import type { ImageRow } from '../../../core/contract/images.ts'
import type { CleanGrid } from '../../../core/contract/clean.ts'
import { useRow } from '../../app/rows.ts'
import { errorText } from '../../app/errorText.ts'
import { formatCount } from '../../components/format.ts'
import { imageUrl } from '../../components/Thumb.tsx'
import { pairQuery } from './cleanQueries.ts'
import css from './Evidence.module.css'

const height = 1000
const between = 24
const mostLines = 120
/** Fewer agree by chance between any two pictures. */
const trusted = 8

const ready = (row: ImageRow | undefined): row is ImageRow & { width: number; height: number } => row?.state === 'ready' && row.width !== null && row.height !== null

/** Two pictures at the same height, and a line for each place that both show. */
export function PairLines({ grid, a, b }: { grid: CleanGrid; a: number; b: number }) {
  const rows = [useRow(a), useRow(b)] as const
  const { data: pair, error, isPending } = useQuery(pairQuery(grid, a, b))
  const [left, right] = rows
  if (!ready(left) || !ready(right)) return <div className={css.stage} />
  const [scaleA, scaleB] = [height / left.height, height / right.height]
  const [widthA, widthB] = [left.width * scaleA, right.width * scaleB]
  const offset = widthA + between
  const lines = (pair?.points ?? []).filter(([, , , , inlier]) => inlier === 1).slice(0, mostLines)
  const words = error ? `Where they agree could not be worked out: ${errorText(error)}` : isPending ? 'Looking where they agree…'
    : pair.problem ?? `${formatCount(pair.inliers, 'inlier')} of ${formatCount(pair.matches, 'match', 'matches')}${pair.inliers < trusted ? ': so few are found between any two pictures' : ''}`
  return (
    <figure className={css.stage}>
      <svg viewBox={`0 0 ${offset + widthB} ${height}`} role="img" aria-label={`${left.name} beside ${right.name}: ${words}`}>
        <image href={imageUrl(a)} width={widthA} height={height} />
        <image href={imageUrl(b)} x={offset} width={widthB} height={height} />
        {lines.map(([x1, y1, x2, y2]) => (
          <g key={`${x1} ${y1} ${x2} ${y2}`} className={css.line} data-few={lines.length < trusted || undefined}>
            <line x1={x1 * scaleA} y1={y1 * scaleA} x2={offset + x2 * scaleB} y2={y2 * scaleB} vectorEffect="non-scaling-stroke" />
            <circle cx={x1 * scaleA} cy={y1 * scaleA} r={7} />
            <circle cx={offset + x2 * scaleB} cy={y2 * scaleB} r={7} />
          </g>
        ))}
      </svg>
      <figcaption>{isPending && <Loader size={12} color="gray" />}{words}</figcaption>
    </figure>
  )
}
