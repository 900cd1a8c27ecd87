import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { desktop } from '../../app/desktop.ts'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatBytes, formatCount, formatDate } from '../../components/format.ts'
import { startVerify } from './exportJobs.ts'
import { formatWords, mediaWords } from './exportWords.ts'
import { VerifyState } from './VerifyState.tsx'
import css from './ExportRoom.module.css'

/** Earlier exports; each can be checked again against its manifest. `except` is the one that is shown above. */
export function ExportHistory({ except }: { except: number | undefined }) {
  const { data, error } = useQuery(queries.exportHistory)
  const earlier = (data ?? []).filter((summary) => summary.id !== except)
  if (error) return <ErrorNote title="Earlier exports could not be loaded." error={error} />
  if (earlier.length === 0) return null
  return (
    <section>
      <h3>Earlier exports</h3>
      <ul className={css.history}>
        {earlier.map((summary) => (
          <li key={summary.id}>
            <div className={css.historyLine}>
              <span className={css.historyTarget} title={summary.target}>{summary.target}</span>
              <span className={css.dim}>{formatCount(summary.images, 'image')}, {formatBytes(summary.bytes)}, {formatWords[summary.format].name}, {mediaWords[summary.media].name.toLowerCase()} · {formatDate(summary.at)}</span>
              {desktop && <Button variant="subtle" color="gray" onClick={() => desktop?.revealInFolder(summary.target)}>Open</Button>}
              <Button variant="default" onClick={() => void startVerify(summary.target)}>Verify</Button>
            </div>
            <VerifyState target={summary.target} />
          </li>
        ))}
      </ul>
    </section>
  )
}
