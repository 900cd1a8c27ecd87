/** Actions and the layers in which they lie: pure rules, no window. */
import type { KeyPress } from './keys.ts'

export interface Action {
  readonly id: string
  /** A command in the imperative: "Keep image". */
  readonly title: string
  /** Any of these runs it; the first is the one that is shown. See keys.ts. */
  readonly keys?: readonly string[]
  /** Whether it can be done now; default yes. */
  readonly when?: () => boolean
  /** Whether its keys are its own now; by name (palette, menu) it can be chosen all the same. */
  readonly keysWhen?: () => boolean
  readonly run: (event?: KeyPress) => void
  /** When the key is let go again, for what lasts while it is held. */
  readonly release?: () => void
  /** A word for the status bar; without it the action is not hinted there. */
  readonly hint?: string
  /** Heading in the cheat sheet and the palette; default the scope's title. */
  readonly group?: string
  /** Also while typing in a field. */
  readonly typing?: boolean
  /** Holding the key repeats it; default only for actions whose first key moves (arrows). */
  readonly repeat?: boolean
  /** Not in the palette (cursor keys and the like). */
  readonly quiet?: boolean
}

export interface Scope {
  readonly id: string
  readonly title: string
  readonly actions: readonly Action[]
  /** Hides every scope below it, the global one excepted (loupe, compare bench). A dialog that opens above it keeps its keys to itself. */
  readonly exclusive: boolean
  /** Names, keys, hints and what can be done now as one text: another text, another scope. */
  readonly shape: string
  /** When it came: a scope that renews its list keeps its place. */
  readonly order: number
}

export const globalScope = 'Everywhere'

/**
 * In the order in which they are asked, last first: what works everywhere lies at the bottom, exclusive scopes on top, the others in the order in
 * which they came. So a list that is renewed ("Undo: Dropped 3 images") does not climb over the screen that stands above it.
 */
export function withScope(scopes: readonly Scope[], entry: Scope): Scope[] {
  const layer = ({ title, exclusive }: Scope): number => (title === globalScope ? 0 : exclusive ? 2 : 1)
  return [...scopes, entry].sort((a, b) => layer(a) - layer(b) || a.order - b.order)
}

/** The scopes that hear keys now, the most specific first. */
export function activeScopes(scopes: readonly Scope[], { inDialog = false } = {}): Scope[] {
  const reversed = scopes.toReversed()
  if (inDialog) return []
  const exclusive = reversed.find((scope) => scope.exclusive)
  if (!exclusive) return reversed
  return reversed.filter((scope) => scope === exclusive || scope.title === globalScope)
}

export const canRun = (action: Action): boolean => action.when?.() ?? true
