import { useElementSize } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ImageRow } from '../../../core/contract/images.ts'
import type { Candidate, MatchEvidence, MatchSource } from '../../../core/contract/matches.ts'
import { useActions } from '../../app/actions.ts'
import { MetadataTable } from '../../components/compare/MetadataTable.tsx'
import { useStageHands } from '../../components/compare/useStageHands.ts'
import { FIT, type Size } from '../../components/compare/zoom.ts'
import { stageActions } from './matchActions.ts'
import { evidenceQuery } from './matchQueries.ts'
import { OverPane } from './OverPane.tsx'
import { sidePane, SidePanes } from './SidePanes.tsx'
import { StageBar } from './StageBar.tsx'
import { stageLook, useStage } from './stageStore.ts'
import css from './MatchStage.module.css'

interface Props {
  readonly source: MatchSource
  readonly query: ImageRow
  readonly candidate: Candidate
}

/** The picture's size in its own pixels; a square where it is not known. */
export const sizeOf = ({ width, height }: ImageRow): Size => ({ width: width ?? 1, height: height ?? 1 })

/** Fewer inliers are found between any two pictures: such a map is not drawn over. */
const trusted = 8
export const isTrusted = (evidence: MatchEvidence | undefined): evidence is MatchEvidence & { matrix: number[] } => Boolean(evidence?.matrix) && (evidence?.inliers ?? 0) >= trusted

/** The query and one of its references, eye to eye. */
export function MatchStage({ source, query, candidate }: Props) {
  const mode = useStage((now) => now.mode)
  const swapped = useStage((now) => now.swapped)
  const table = useStage((now) => now.table)
  const { ref, width, height } = useElementSize()
  const reference = candidate.image
  const { data, error } = useQuery({ ...evidenceQuery(source, query.id, reference.id), placeholderData: keepPreviousData })
  // Another pair's points must not be drawn, not even for a moment.
  const evidence = data?.a === query.id && data.b === reference.id ? data : undefined
  // Each pair is first seen whole.
  // oxlint-disable-next-line exhaustive-effect-dependencies
  useEffect(() => useStage.setState({ look: FIT, flicked: false }), [query.id, reference.id])

  const stage = { width: Math.max(1, width), height: Math.max(1, height) }
  const base = swapped ? reference : query
  const pane = mode === 'side' ? sidePane(stage) : stage
  const stageRef = useRef<HTMLDivElement>(null)
  const hands = useStageHands(stageRef, stageLook, sizeOf(base), pane)
  useActions('Compare', stageActions(sizeOf(base), pane))
  return (
    <div className={css.bench} role="region" aria-label="Compare">
      <StageBar query={query} candidate={candidate} evidence={evidence} error={error} />
      <div ref={stageRef} className={css.stage} {...hands}>
        <div ref={ref} className={css.inner}>
          {width > 0 && (mode === 'side'
            ? <SidePanes query={query} candidate={candidate} evidence={evidence} stage={stage} />
            : <OverPane query={query} candidate={candidate} evidence={evidence} stage={stage} />)}
        </div>
      </div>
      {table && <MetadataTable columns={[{ id: query.id, title: 'Query' }, { id: reference.id, title: 'Reference' }]} />}
    </div>
  )
}
