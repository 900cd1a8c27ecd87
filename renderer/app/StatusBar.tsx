import { JobsStatus } from '../features/jobs/JobsStatus.tsx'
import { JobsTray } from '../features/jobs/JobsTray.tsx'
import { KeyHints } from './KeyHints.tsx'
import { Pace } from './Pace.tsx'
import css from './StatusBar.module.css'

/** Always three things: what the machine is doing, how the person is doing, which keys work now. */
export function StatusBar() {
  return (
    <footer className={css.bar} data-region="status bar">
      <JobsStatus />
      <Pace />
      <KeyHints />
      <JobsTray />
    </footer>
  )
}
