import { Button, NumberInput, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { MatchOverview, MatchSource } from '../../../core/contract/matches.ts'
import { useActions } from '../../app/actions.ts'
import { formatNumber } from '../../components/format.ts'
import { Histogram } from '../../components/Histogram.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { acceptAbove } from './matchActs.ts'
import { aboveQuery } from './matchQueries.ts'
import { bulkWords, scoreText } from './matchWords.ts'
import { useMatches } from './matchesStore.ts'
import css from './MatchPanel.module.css'

/** The scores of all pairs, and from where on all that nobody has spoken of are accepted at once. */
export function BulkAccept({ source, overview }: { source: MatchSource; overview: MatchOverview }) {
  const chosen = useMatches((now) => now.threshold)
  const minInliers = useMatches((now) => now.minInliers)
  const threshold = chosen ?? overview.suggested
  const [settled] = useDebouncedValue(threshold, 150)
  const { data, isPlaceholderData } = useQuery(aboveQuery(source, settled, minInliers))
  const ready = !isPlaceholderData && settled === threshold
  const count = data?.pairs ?? 0
  const { from, to } = overview.scores
  const accept = (): void => { if (count > 0 && ready) void acceptAbove(source, threshold, minInliers) }
  useActions('Matches', [{ id: 'matches.bulk', title: 'Accept all open pairs above the threshold', keys: ['Mod+Enter'], group: 'Bulk', when: () => count > 0, run: accept }])
  const facts = data && [data.truth ? `by the truth ${formatNumber(data.truth.right)} right, ${formatNumber(data.truth.wrong)} wrong` : null, data.said > 0 ? `${formatNumber(data.said)} decided already` : null].filter(Boolean).join(' · ')
  return (
    <section className={css.section}>
      <Histogram bins={overview.scores} value={threshold} onChange={(next) => useMatches.setState({ threshold: next })} label="Accept at or above" step={niceStep(to - from)} scope="Matches" format={scoreText} height={48} />
      {overview.verified && (
        <div className={css.line}>
          <Text size="xs" c="dimmed">and inliers at least</Text>
          <NumberInput aria-label="Least inliers" size="xs" w={84} min={1} max={100_000} allowDecimal={false} placeholder="any" value={minInliers ?? ''} onChange={(value) => useMatches.setState({ minInliers: typeof value === 'number' && value >= 1 ? value : null })} />
        </div>
      )}
      <Button fullWidth disabled={count === 0} onClick={accept} rightSection={count > 0 && <Kbd keys="Mod+Enter" />} classNames={{ label: css.wrap ?? '', root: css.tall ?? '' }}>{bulkWords({ pairs: count, queries: data?.queries ?? 0 }, threshold)}</Button>
      <Text size="xs" c="dimmed" mih={17}>{facts || 'One step of undo; what was decided stays.'}</Text>
    </section>
  )
}

/** A step of the threshold that is easy to read: 1, 2 or 5 of some place, about two hundred to the range. */
function niceStep(range: number): number {
  const rough = Math.max(range, 1e-6) / 200
  const place = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 5].find((step) => step * place >= rough) ?? 10) * place
}
