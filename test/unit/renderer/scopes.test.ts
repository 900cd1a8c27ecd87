import { expect, test } from 'vitest'
import { activeScopes, globalScope, type Scope, withScope } from '../../../renderer/app/scopes.ts'

const scope = (title: string, order: number, exclusive = false): Scope => ({ id: `${title}#${order}`, title, order, exclusive, actions: [], shape: '' })
const asked = (scopes: readonly Scope[]): string[] => activeScopes(scopes).map(({ title }) => title)

test('a scope that renews its list keeps its place: the screen is asked before what works everywhere, the tray before the screen', () => {
  const everywhere = scope(globalScope, 1)
  const library = scope('Library', 2)
  const jobs = scope('Jobs', 3)
  const scopes = [everywhere, library, jobs].reduce<Scope[]>(withScope, [])
  expect(asked(scopes)).toEqual(['Jobs', 'Library', globalScope])
  const renewed = withScope(scopes.filter((one) => one !== everywhere), { ...everywhere, id: 'again' })
  expect(asked(renewed)).toEqual(['Jobs', 'Library', globalScope])
  expect(asked(withScope(renewed.filter((one) => one !== library), { ...library, id: 'again' }))).toEqual(['Jobs', 'Library', globalScope])
})

test('an exclusive scope hides the others but not what works everywhere, whatever comes after it', () => {
  const scopes = [scope(globalScope, 1), scope('Duplicates', 2), scope('Compare', 3, true), scope('Duplicates', 4)].reduce<Scope[]>(withScope, [])
  expect(asked(scopes)).toEqual(['Compare', globalScope])
  expect(activeScopes(scopes, { inDialog: true })).toEqual([])
})
