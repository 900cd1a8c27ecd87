import { Text } from '@mantine/core'
import { Kbd } from '../../components/Kbd.tsx'
import { useActionStore } from '../../app/actions.ts'
import { globalScope } from '../../app/scopes.ts'
import { keyGrammar } from './keyGrammar.ts'
import css from './Settings.module.css'

/** The keys: the grammar that every queue shares, and what works everywhere. */
export function KeyList() {
  const everywhere = useActionStore((state) => state.scopes.find((scope) => scope.title === globalScope))
  return (
    <section className={css.section}>
      <h2>Keys</h2>
      <Text c="dimmed" size="xs" mb="xs">One grammar on every screen. Letters are bound to their place on the keyboard, so that they work on every layout. <Kbd keys="?" /> shows the keys of the screen you are on, <Kbd keys="Mod+K" /> finds any command by name.</Text>
      <div className={css.keys}>
        {keyGrammar.map(({ title, keys }) => (
          <div key={title} className={css.key}><span>{title}</span><span className={css.caps}>{keys.map((one) => <Kbd key={one} keys={one} />)}</span></div>
        ))}
        {everywhere?.actions.filter((action) => action.keys?.length).map((action) => (
          <div key={action.id} className={css.key}><span>{action.title}</span><span className={css.caps}>{action.keys?.map((one) => <Kbd key={one} keys={one} />)}</span></div>
        ))}
      </div>
    </section>
  )
}
