import { useQuery } from '@tanstack/react-query'
import { formatNumber, formatPercent } from '../components/format.ts'
import { usePaceStore } from '../stores/pace.ts'
import { queries, useProject } from './queries.ts'
import { useRoute } from './route.ts'
import css from './StatusBar.module.css'

/** How the person is doing: what is left here, decisions a minute, how often the machine was right. */
export function Pace() {
  const { left, noun } = usePaceStore()
  const { data: project } = useProject()
  const { data: stats } = useQuery({ ...queries.reviewStats, enabled: Boolean(project) })
  const room = useRoute((state) => state.room)
  if (!project || room === 'start') return <span />
  const parts = [
    left === null ? null : <span key="left"><b>{formatNumber(left)}</b> {noun}</span>,
    stats && stats.perMinute >= 1 ? <span key="pace"><b>{formatNumber(stats.perMinute)}</b>/min</span> : null,
    stats && stats.acceptedShare !== null ? <span key="share"><b>{formatPercent(stats.acceptedShare)}</b> accepted</span> : null
  ].filter((part) => part !== null)
  return <span className={css.pace}>{parts.flatMap((part, index) => (index === 0 ? [part] : [<span key={`before ${part.key}`}>·</span>, part]))}</span>
}
