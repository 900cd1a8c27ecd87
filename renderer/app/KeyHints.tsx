import { Kbd } from '../components/Kbd.tsx'
import { useActionStore } from './actions.ts'
import { activeScopes, canRun, globalScope } from './scopes.ts'
import css from './StatusBar.module.css'

/** The keys that work now, in the order in which the screen named them; each can be clicked, too. */
export function KeyHints() {
  const scopes = useActionStore((state) => state.scopes)
  const hinted = activeScopes(scopes)
    .toSorted((a, b) => Number(a.title === globalScope) - Number(b.title === globalScope))
    .flatMap((scope) => scope.actions.filter((action) => action.hint && action.keys?.[0] && canRun(action)))
  return (
    <span className={css.hints}>
      {hinted.map((action) => (
        <button key={action.id} type="button" tabIndex={-1} className={css.hint} title={action.title} onClick={() => action.run()}>
          <Kbd keys={action.keys?.[0] ?? ''} /> {action.hint}
        </button>
      ))}
    </span>
  )
}
