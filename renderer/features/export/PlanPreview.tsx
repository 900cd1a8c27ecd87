import { Alert, List, Text } from '@mantine/core'
import { IconAlertTriangle, IconBan } from '@tabler/icons-react'
import type { ExportPlan, MediaMode } from '../../../core/contract/exports.ts'
import { formatBytes, formatCount, formatNumber } from '../../components/format.ts'
import { ClassFolders } from './ClassFolders.tsx'
import css from './PlanPreview.module.css'

/** What would be written, before anything is. */
export function PlanPreview({ plan, media }: { plan: ExportPlan; media: MediaMode }) {
  const short = media === 'copy' && plan.freeBytes !== null && plan.freeBytes < plan.bytes
  return (
    <>
      {plan.conflicts.length > 0 && (
        <Alert color="reject" variant="light" icon={<IconBan size={18} />} title="In the way">
          {plan.conflicts.map(({ message, count }) => <Text size="sm" key={message}>{message}{count > 1 ? ` (${formatNumber(count)})` : ''}</Text>)}
        </Alert>
      )}
      {plan.warnings.length > 0 && (
        <Alert color="unsure" variant="light" icon={<IconAlertTriangle size={18} />}>{plan.warnings.map((warning) => <Text size="sm" key={warning}>{warning}</Text>)}</Alert>
      )}
      <dl className={css.numbers}>
        <div><dt>Images</dt><dd>{formatNumber(plan.images)}</dd></div>
        <div><dt>{media === 'copy' ? 'To write' : 'Size of the originals'}</dt><dd>{formatBytes(plan.bytes)}</dd></div>
        <div data-short={short || undefined}><dt>Free there</dt><dd>{plan.freeBytes === null ? 'unknown' : formatBytes(plan.freeBytes)}</dd></div>
        <div><dt>Classes</dt><dd>{formatNumber(plan.classes.length)}</dd></div>
      </dl>
      <div className={css.columns}>
        <section>
          <h3>What it will look like</h3>
          <pre className={css.tree}>{plan.tree.join('\n')}</pre>
        </section>
        <section>
          <h3>Left out</h3>
          {plan.excluded.length === 0 ? <Text size="sm" c="dimmed">Nothing.</Text> : (
            <dl className={css.reasons}>{plan.excluded.map(({ reason, count }) => <div key={reason}><dt>{reason}</dt><dd>{formatNumber(count)}</dd></div>)}</dl>
          )}
          {plan.renamed > 0 && (
            <>
              <h3>{formatCount(plan.renamed, 'name')} told apart</h3>
              <List size="xs" spacing={2}>{plan.renamedExamples.map(({ from, to }) => <List.Item key={from} className={css.renamed}>{from} → {to}</List.Item>)}</List>
            </>
          )}
          {plan.classes.length > 0 && <ClassFolders classes={plan.classes} />}
        </section>
      </div>
      {plan.firstRows.length > 0 && (
        <section>
          <h3>First rows</h3>
          <pre className={css.rows}>{plan.firstRows.join('\n')}</pre>
        </section>
      )}
    </>
  )
}
