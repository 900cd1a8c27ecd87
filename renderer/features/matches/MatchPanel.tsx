import { Button, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { MatchOverview, MatchSource, MatchSourceInfo } from '../../../core/contract/matches.ts'
import { letGo } from '../../components/letGo.ts'
import { formatCount, formatNumber, formatWhen } from '../../components/format.ts'
import { isAudited } from './auditedRecipe.ts'
import { BulkAccept } from './BulkAccept.tsx'
import { overviewQuery } from './matchQueries.ts'
import { changeList, changeSource, type ScoreSide, useMatches } from './matchesStore.ts'
import { QueryList } from './QueryList.tsx'
import css from './MatchPanel.module.css'

interface Props {
  readonly sources: readonly MatchSourceInfo[]
  readonly source: MatchSource
  readonly ids: Int32Array | null
  readonly onPage: (rows: number) => void
}

const sides = [{ value: 'any', label: 'any' }, { value: 'above', label: 'above' }, { value: 'below', label: 'below' }]

const nameOf = ({ runId, step }: MatchSource): string => `${runId}/${step}`

/** Whose result is looked through, from which score on all is accepted, and the queries. */
export function MatchPanel({ sources, source, ids, onPage }: Props) {
  const { data: overview } = useQuery(overviewQuery(source))
  const info = sources.find((one) => nameOf(one) === nameOf(source))
  const side = useMatches((now) => now.side)
  const newestRun = useMatches((now) => now.newestRun)
  // What was worked out for an export is no news.
  const newer = sources.find(({ runId, recipe }) => runId > newestRun && !isAudited(recipe))
  const runs = [...Map.groupBy(sources, ({ runId }) => runId).values()]
  return (
    <div className={css.panel}>
      <section className={css.section}>
        <h3 className={css.run} title={info?.title}>{info?.title}</h3>
        <Select
          aria-label="Result" onOptionSubmit={letGo} allowDeselect={false} value={nameOf(source)} maxDropdownHeight={420} comboboxProps={{ width: 400, position: 'bottom-start' }}
          data={runs.map((steps) => ({ group: `${steps[0]!.title}, ${formatWhen(steps[0]!.at)} (run ${steps[0]!.runId})`, items: steps.map((one) => ({ value: nameOf(one), label: `${one.stepTitle}${one.main ? '' : ` (${one.step})`}` })) }))}
          onChange={(value) => { const chosen = sources.find((one) => nameOf(one) === value); if (chosen) changeSource({ runId: chosen.runId, step: chosen.step }) }}
        />
        {newer && <Button size="compact-xs" variant="light" title={newer.title} onClick={() => changeSource({ runId: newer.runId, step: newer.step })}>Show the newer result</Button>}
        <p className={css.facts}>{overview ? overviewWords(overview) : ' '}</p>
      </section>
      {overview && overview.pairs > 0 && <BulkAccept source={source} overview={overview} />}
      {ids && (
        <div className={css.count}>
          <span>{formatCount(ids.length, 'query', 'queries')} listed</span>
          <SegmentedControl size="xs" aria-label="Best score against the threshold" data={sides} value={side} onChange={(value) => changeList({ side: value as ScoreSide })} />
        </div>
      )}
      {ids && <QueryList key={nameOf(source)} source={source} ids={ids} onPage={onPage} />}
    </div>
  )
}

function overviewWords({ queries, decided, pairs, truth }: MatchOverview): string {
  const parts = [`${formatCount(queries, 'query', 'queries')}, ${formatCount(pairs, 'pair')}`, `${formatNumber(decided)} decided, ${formatNumber(queries - decided)} left`]
  if (truth) parts.push(`best reference: ${formatNumber(truth.right)} right, ${formatNumber(truth.wrong)} wrong, ${formatNumber(truth.distractor)} without a match`)
  return parts.join(' · ')
}
