import { Modal, Text } from '@mantine/core'
import { Kbd } from '../components/Kbd.tsx'
import { useOverlays } from '../stores/overlays.ts'
import { useActionStore } from './actions.ts'
import { type Action, activeScopes, globalScope } from './scopes.ts'
import css from './CheatSheet.module.css'

/** The keys that work on this screen, drawn from its actions. */
export function CheatSheet() {
  const { open, hide } = useOverlays()
  const scopes = useActionStore((state) => state.scopes)
  return (
    <Modal opened={open === 'keys'} onClose={hide} title={<Text fw={600} size="lg">Keys of this screen</Text>} size="xl">
      <div className={css.columns}>
        {groupsOf(activeScopes(scopes)).map(([title, actions]) => (
          <section key={title} className={css.group}>
            <h3>{title}</h3>
            {actions.map((action) => (
              <div key={action.id} className={css.row}>
                <span>{action.title}</span>
                <span className={css.keys}>{action.keys?.map((keys) => <Kbd key={keys} keys={keys} />)}</span>
              </div>
            ))}
          </section>
        ))}
      </div>
      <Text c="dimmed" size="xs" mt="md">While you type in a field these keys are letters again. F6 moves between the parts of the window.</Text>
    </Modal>
  )
}

/** The screen's own groups first, what works everywhere last. */
function groupsOf(scopes: ReturnType<typeof activeScopes>): [string, Action[]][] {
  const groups = new Map<string, Action[]>()
  for (const scope of scopes.toSorted((a, b) => Number(a.title === globalScope) - Number(b.title === globalScope))) {
    for (const action of scope.actions) {
      if (!action.keys?.length) continue
      const title = action.group ?? scope.title
      groups.set(title, [...(groups.get(title) ?? []), action])
    }
  }
  return [...groups]
}
