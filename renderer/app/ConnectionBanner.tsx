import { useEffect, useState } from 'react'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useConnection } from './client.ts'
import css from './ConnectionBanner.module.css'

const patienceMs = 700

/** Says that the engine is away, once that is no longer a blink. */
export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.state === 'lost')
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!lost) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => clearTimeout(timer)
  }, [lost])
  if (!shown) return null
  return (
    <div className={css.banner} role="status">
      <IconPlugConnectedX size={16} />
      The engine is not answering. Connecting again… Nothing that was confirmed is lost.
    </div>
  )
}
