import { useEffect, useState } from 'react'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useConnection } from './client.ts'
import { desktop } from './desktop.ts'
import { showDone } from './notify.tsx'
import css from './ConnectionBanner.module.css'

const patienceMs = 700
const lookEveryMs = 2000
/** By then a restart that could be followed would have been. */
const longMs = 12_000

/** Says that the engine is away, once that is no longer a blink. */
export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.state === 'lost')
  return lost ? <LateBanner /> : null
}

/** hidden: only a blink so far; gone: nobody answers for long; locked: an engine runs there, but it does not know this page. */
type Away = 'hidden' | 'away' | 'gone' | 'locked'

const words: Record<Exclude<Away, 'hidden'>, string> = {
  away: 'The engine is not answering. Connecting again… Nothing that was confirmed is lost.',
  gone: 'The engine still does not answer. See in the terminal whether Winnow runs; if not, start it again and open the address that it prints. Nothing that was confirmed is lost.',
  locked: 'Winnow was started anew, and this page’s key is no longer valid. Open the newest address that Winnow printed in its terminal. Nothing that was confirmed is lost.'
}

function LateBanner() {
  const [away, setAway] = useState<Away>('hidden')
  const said = away !== 'hidden'
  // Whoever has read that it was away also hears that it is back.
  useEffect(() => (said ? () => showDone('The engine is back. Everything that was confirmed is here.') : undefined), [said])
  useEffect(() => {
    const begun = Date.now()
    let timer = setTimeout(look, patienceMs)
    async function look(): Promise<void> {
      // The desktop brings its engine back by itself, with the same key.
      const next = desktop ? 'away' : await whyAway(Date.now() - begun)
      setAway(next)
      timer = setTimeout(look, lookEveryMs)
    }
    return () => clearTimeout(timer)
  }, [])
  if (away === 'hidden') return null
  return <div className={css.banner} role="status"><IconPlugConnectedX size={16} className={css.icon} />{words[away]}</div>
}

async function whyAway(sinceMs: number): Promise<Away> {
  try {
    const { status } = await fetch('/health', { method: 'HEAD', cache: 'no-store' })
    return status === 401 ? 'locked' : 'away'
  } catch {
    return sinceMs > longMs ? 'gone' : 'away'
  }
}
