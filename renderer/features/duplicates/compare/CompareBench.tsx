import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import type { DuplicateGroup, DuplicateSettings } from '../../../../core/contract/duplicates.ts'
import { useActions } from '../../../app/actions.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { knownGroup } from '../groupActs.ts'
import { useDuplicates } from '../duplicatesStore.ts'
import { decisionActions } from '../useGroupActions.ts'
import { useGroup } from '../useGroup.ts'
import { CompareBar } from './CompareBar.tsx'
import { stageLook, useCompare } from './compareStore.ts'
import { FilmStrip } from './FilmStrip.tsx'
import { MetadataTable } from '../../../components/compare/MetadataTable.tsx'
import { OverPane, overPane } from './OverPane.tsx'
import { preload } from '../../../components/compare/pictures.ts'
import { sidePane, SidePanes, sizeOf } from './SidePanes.tsx'
import { compareActions } from './compareActions.ts'
import { useOrientation } from './useOrientation.ts'
import { useStageHands } from '../../../components/compare/useStageHands.ts'
import { FIT } from '../../../components/compare/zoom.ts'
import css from './CompareBench.module.css'

/** The keeper and the others of a group, eye to eye: side by side in locked zoom, flicked, split, as onion skin, or as their difference. */
export function CompareBench({ settings }: { settings: DuplicateSettings }) {
  const order = useDuplicates((now) => now.order)
  const at = useDuplicates((now) => now.at)
  const { group, state, ghost } = useGroup(settings, order[at])
  const id = group?.id
  // Each group is first seen whole.
  // oxlint-disable-next-line exhaustive-effect-dependencies
  useEffect(() => useCompare.setState({ look: FIT, flicked: false }), [id])
  useEffect(() => {
    const next = order[at + 1]
    const coming = next === undefined ? null : knownGroup(settings, next)
    for (const member of coming?.members.slice(0, 2) ?? []) preload(member.image.id)
  }, [order, at, settings])
  if (group && group.members.length > 1) return <Bench settings={settings} group={group} state={ghost ? 'ghost' : state} />
  return <NoBench gone={group === null} />
}

/** Most pictures side by side. */
const MOST_PANES = 9

function Bench({ settings, group, state }: { settings: DuplicateSettings; group: DuplicateGroup; state: DuplicateGroup['state'] | 'ghost' | undefined }) {
  const cursor = useDuplicates((now) => now.member)
  const mode = useCompare((now) => now.mode)
  const many = useCompare((now) => now.many)
  const look = useCompare((now) => now.look)
  const table = useCompare((now) => now.table)
  const { ref, width, height } = useElementSize()
  const keeper = group.members[0]!
  const member = group.members[Math.min(group.members.length - 1, Math.max(1, cursor))]!
  const shown = mode === 'side' && many ? around(group, member) : [keeper, member]
  const orientation = useOrientation(keeper.image.id, member.image.id)
  const stage = { width: Math.max(1, width), height: Math.max(1, height) }
  const pane = mode === 'side' ? sidePane(shown.length, stage, sizeOf(keeper)) : overPane(stage)
  const stageRef = useRef<HTMLDivElement>(null)
  const hands = useStageHands(stageRef, stageLook, sizeOf(keeper), pane)

  // The cursor stands on the member that is looked at, so that X and V mean this one.
  useEffect(() => {
    if (cursor === 0) useDuplicates.setState({ member: 1 })
  }, [cursor])
  useActions('Compare', [...compareActions({ members: group.members.length, picture: sizeOf(keeper), pane }), ...decisionActions(settings, group)], { exclusive: true })

  return (
    <div className={css.bench} role="region" aria-label="Compare">
      <CompareBar group={group} state={state} keeper={keeper} member={member} orientation={orientation} zoom={look.zoom} />
      <div ref={stageRef} className={css.stage} {...hands}>
        <div ref={ref} className={css.inner}>
          {width > 0 && (mode === 'side'
            ? <SidePanes members={shown} current={member.image.id} look={look} stage={stage} />
            : <OverPane keeper={keeper} member={member} orientation={orientation} look={look} stage={stage} />)}
        </div>
      </div>
      {table && <MetadataTable columns={shown.map((one, index) => ({ id: one.image.id, title: one.keeper ? '★ keeper' : String(index + 1) }))} />}
      <FilmStrip group={group} current={member.image.id} />
    </div>
  )
}

/** The keeper and the others nearest to the one that is looked at. */
function around(group: DuplicateGroup, member: DuplicateGroup['members'][number]) {
  const [keeper, ...others] = group.members
  const from = Math.max(0, Math.min(others.indexOf(member) - 3, others.length - (MOST_PANES - 1)))
  return [keeper!, ...others.slice(from, from + MOST_PANES - 1)]
}

function NoBench({ gone }: { gone: boolean }) {
  const close = (): void => useDuplicates.setState({ comparing: false })
  useActions('Compare', [{ id: 'compare.close', title: 'Back to the groups', keys: ['Esc'], hint: 'back', run: close }], { exclusive: true })
  return <div className={css.bench}>{gone && <EmptyState title="This group is no more">Its images are in other groups now, or in none. Esc goes back to the groups.</EmptyState>}</div>
}
