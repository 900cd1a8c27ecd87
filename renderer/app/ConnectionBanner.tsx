import { useEffect, useState } from 'react'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useConnection } from './client.ts'
import css from './ConnectionBanner.module.css'

const patienceMs = 700

/** Says that the engine is away, once that is no longer a blink. */
export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.state === 'lost')
  return lost ? <LateBanner /> : null
}

function LateBanner() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return null
  return (
    <div className={css.banner} role="status">
      <IconPlugConnectedX size={16} />
      The engine is not answering. Connecting again… Nothing that was confirmed is lost.
    </div>
  )
}
