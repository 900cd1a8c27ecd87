import { Text } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import type { VerifyReport } from '../../../core/contract/exports.ts'
import { useJobs } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatNumber } from '../../components/format.ts'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { isRunning, verifyReportOf } from './exportJobs.ts'
import { useExport } from './exportStore.ts'
import { verifyWords } from './exportWords.ts'
import css from './ExportRoom.module.css'

/** How the last check of this export is going, or what it found. */
export function VerifyState({ target }: { target: string }) {
  const jobId = useExport((state) => state.verifying.get(target))
  const { data: jobs } = useJobs()
  const job = jobs?.find((one) => one.id === jobId)
  if (!job) return null
  if (isRunning(job)) {
    return (
      <div className={css.verify}>
        <ProgressBar share={progressShare(job.progress)} label="Verify" />
        <span className={css.dim}>Checking: {progressText(job.progress)}</span>
      </div>
    )
  }
  const report = verifyReportOf(job)
  if (!report) return <ErrorNote title="The export could not be checked." error={job.error ?? job.result ?? 'The check was stopped.'} />
  return (
    <div className={css.verify} aria-live="polite">
      <Text size="sm" className={report.ok ? css.good : css.bad}>{report.ok ? <IconShieldCheck size={16} /> : <IconAlertTriangle size={16} />} {verifyWords(report)}</Text>
      {!report.ok && (['changed', 'missing', 'extra'] as const).map((kind) => <Names key={kind} kind={kind} report={report} />)}
    </div>
  )
}

function Names({ kind, report }: { kind: 'changed' | 'missing' | 'extra'; report: VerifyReport }) {
  const names = report[kind]
  if (names.length === 0) return null
  const rest = report.counts[kind] - names.length
  return (
    <details className={css.names} open={names.length <= 8}>
      <summary>{formatNumber(report.counts[kind])} {kind}</summary>
      <pre>{names.join('\n')}{rest > 0 ? `\nand ${formatNumber(rest)} more` : ''}</pre>
    </details>
  )
}
