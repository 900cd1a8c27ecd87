import { useJobs } from '../../app/queries.ts'
import { useConnection } from '../../app/client.ts'
import { formatCount } from '../../components/format.ts'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { useOverlays } from '../../stores/overlays.ts'
import css from './JobsStatus.module.css'

/** What the machine is doing, in the status bar; opens the tray. */
export function JobsStatus() {
  const { data: jobs = [] } = useJobs()
  const connection = useConnection((state) => state.state)
  const { open, show, hide } = useOverlays()
  const running = jobs.filter((job) => job.state === 'running')
  const stopped = jobs.filter((job) => job.state === 'failed' || job.state === 'interrupted').length
  const first = running.at(-1)
  const tone = connection === 'lost' ? 'lost' : first ? 'busy' : stopped > 0 ? 'stopped' : 'idle'
  return (
    <button type="button" className={css.status} aria-expanded={open === 'jobs'} aria-label="Jobs" onClick={() => (open === 'jobs' ? hide() : show('jobs'))}>
      <span className={css.dot} data-tone={tone} />
      {connection === 'lost' && <span>connecting again…</span>}
      {connection !== 'lost' && first && (
        <>
          <span className={css.title}>{first.progress?.stage || first.title}</span>
          <span className={css.bar}><ProgressBar share={progressShare(first.progress)} label={first.title} /></span>
          <span>{progressText(first.progress)}</span>
          {running.length > 1 && <span>+{running.length - 1}</span>}
        </>
      )}
      {connection !== 'lost' && !first && <span>{stopped > 0 ? `${formatCount(stopped, 'job')} stopped` : 'idle'}</span>}
    </button>
  )
}
