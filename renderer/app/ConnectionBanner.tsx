import { useEffect, useState } from 'react'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useConnection } from './client.ts'
import { desktop } from './desktop.ts'
import css from './ConnectionBanner.module.css'

const patienceMs = 700
/** By then a restart that could be followed would have been. */
const longMs = 12_000

/** Says that the engine is away, once that is no longer a blink. */
export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.state === 'lost')
  return lost ? <LateBanner /> : null
}

function LateBanner() {
  const [late, setLate] = useState<'no' | 'yes' | 'very'>('no')
  useEffect(() => {
    const timers = [setTimeout(() => setLate('yes'), patienceMs), setTimeout(() => setLate('very'), longMs)]
    return () => timers.forEach((timer) => clearTimeout(timer))
  }, [])
  if (late === 'no') return null
  return (
    <div className={css.banner} role="status">
      <IconPlugConnectedX size={16} />
      The engine is not answering. Connecting again… Nothing that was confirmed is lost.
      {late === 'very' && !desktop && <span>If Winnow was started anew, open the newest address that it printed.</span>}
    </div>
  )
}
