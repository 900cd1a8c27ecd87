import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { Kbd } from '../components/Kbd.tsx'
import { useActionStore } from './actions.ts'
import { activeScopes, canRun } from './scopes.ts'

/** Every action of the current screen and of the shell, by name. */
export function Palette() {
  const scopes = useActionStore((state) => state.scopes)
  const groups = activeScopes(scopes).map((scope) => ({
    group: scope.title,
    actions: scope.actions.filter((action) => !action.quiet && canRun(action)).map((action): SpotlightActionData => ({
      id: action.id,
      label: action.title,
      keywords: action.keys?.join(' ') ?? '',
      onClick: () => setTimeout(() => action.run(), 0),
      rightSection: action.keys?.[0] ? <Kbd keys={action.keys[0]} /> : undefined
    }))
  })).filter((group) => group.actions.length > 0)
  return (
    <Spotlight
      actions={groups} shortcut={null} highlightQuery scrollable maxHeight={420} limit={60} nothingFound="No command has that name."
      searchProps={{ leftSection: <IconSearch size={16} />, placeholder: 'What do you want to do?' }}
    />
  )
}
