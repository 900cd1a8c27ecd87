/**
 * What a person can do, as a list of objects. Shortcuts, the command palette, the cheat sheet, the status bar's key hints and
 * Electron's menu are all drawn from it, so that none of them can disagree.
 */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { create } from 'zustand'
import { matchesKeys } from './keys.ts'

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
  readonly run: (event?: KeyboardEvent) => void
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
}

interface ActionState {
  /** In order of appearance; the last one asked first. */
  readonly scopes: readonly Scope[]
}
export const useActionStore = create<ActionState>()(() => ({ scopes: [] }))

/**
 * Offers actions while the component is mounted. `scope` is a title such as "Library"; actions given later win over earlier ones with the same keys.
 * The list may be a new one on every render: what runs is always the newest.
 */
export function useActions(scope: string, actions: readonly Action[], { exclusive = false, enabled = true } = {}): void {
  const latest = useRef(actions)
  useLayoutEffect(() => {
    latest.current = actions
  })
  const shape = actions.map((action) => `${action.id}|${action.title}|${action.keys?.join(' ') ?? ''}|${action.hint ?? ''}|${action.quiet ? '' : canRun(action)}`).join('\n')

  useEffect(() => {
    if (!enabled) return
    const id = `${scope}#${nextScope++}`
    const current = (actionId: string): Action | undefined => latest.current.find((action) => action.id === actionId)
    const live = latest.current.map((action): Action => ({
      ...action,
      when: () => current(action.id)?.when?.() ?? true,
      keysWhen: () => current(action.id)?.keysWhen?.() ?? true,
      run: (event) => current(action.id)?.run(event),
      ...(action.release ? { release: () => current(action.id)?.release?.() } : {})
    }))
    const entry: Scope = { id, title: scope, actions: live, exclusive, shape }
    useActionStore.setState(({ scopes }) => ({ scopes: insert(scopes, entry) }))
    return () => useActionStore.setState(({ scopes }) => ({ scopes: scopes.filter((other) => other.id !== id) }))
  }, [scope, shape, exclusive, enabled])
}
let nextScope = 0

/** Keeps exclusive scopes on top: a screen that renews its list under an open loupe must not climb over it. */
function insert(scopes: readonly Scope[], entry: Scope): Scope[] {
  if (entry.exclusive) return [...scopes, entry]
  const firstExclusive = scopes.findIndex((scope) => scope.exclusive)
  return firstExclusive < 0 ? [...scopes, entry] : [...scopes.slice(0, firstExclusive), entry, ...scopes.slice(firstExclusive)]
}

export const globalScope = 'Everywhere'

/** The scopes that hear keys now, the most specific first. */
export function activeScopes(scopes: readonly Scope[], { inDialog = false } = {}): Scope[] {
  const reversed = scopes.toReversed()
  if (inDialog) return []
  const exclusive = reversed.find((scope) => scope.exclusive)
  if (!exclusive) return reversed
  return reversed.filter((scope) => scope === exclusive || scope.title === globalScope)
}

export const canRun = (action: Action): boolean => action.when?.() ?? true

const typingTypes = new Set(['text', 'search', 'number', 'password', 'email', 'url', 'tel', 'date', 'time', ''])
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true
  return target instanceof HTMLInputElement && typingTypes.has(target.type)
}

/** What got the focus by a click. (`:focus-visible` does not tell: it turns true with the next key.) */
let clicked: Element | null = null

/** A control that has the focus by keyboard answers its own keys; one that was only clicked does not keep them. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return false
  if (target.closest('[role="menu"], [role="listbox"], [role="option"]')) return true
  if (target === clicked) return false
  const role = target.getAttribute('role') ?? ''
  const arrows = event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End'
  if (arrows) return ['slider', 'tab', 'radio', 'separator'].includes(role) || target.matches('input[type=radio], input[type=range]')
  if (event.key === 'Enter' || event.code === 'Space') return target.matches('button, a[href], summary, input, label, [role=tab], [role=switch], [role=checkbox]')
  return false
}

const held = new Map<string, Action>()

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const typing = isTyping(event.target)
  // A dialog that has just opened may not have the focus yet: letters meant for it must not decide anything below.
  const inDialog = (event.target instanceof Element && event.target.closest('[role="dialog"]') !== null) || document.querySelector('[aria-modal="true"]') !== null
  if (!typing && belongsToControl(event)) return
  // An open list below a field takes Escape for itself first.
  if (event.key === 'Escape' && event.target instanceof Element && event.target.getAttribute('aria-expanded') === 'true') return
  for (const scope of activeScopes(useActionStore.getState().scopes, { inDialog })) {
    const action = scope.actions.find((candidate) => (!typing || candidate.typing) && candidate.keys?.some((keys) => matchesKeys(keys, event)) && canRun(candidate) && (candidate.keysWhen?.() ?? true))
    if (!action) continue
    event.preventDefault()
    if (event.repeat && !(action.repeat ?? repeatsByItself(action))) return
    // A clicked button lets go of the keyboard, so that the next key is the screen's again.
    if (!typing && event.target === clicked && event.target instanceof HTMLButtonElement) event.target.blur()
    if (action.release) held.set(event.code, action)
    action.run(event)
    return
  }
}

const repeatsByItself = (action: Action): boolean => action.keys?.some((keys) => /(Left|Right|Up|Down|PageUp|PageDown|[JK]|[+-]|\[|\])$/.test(keys)) ?? false

function onKeyUp(event: KeyboardEvent): void {
  held.get(event.code)?.release?.()
  held.delete(event.code)
}

function releaseAll(): void {
  for (const action of held.values()) action.release?.()
  held.clear()
}

/** Listens for keys; called once by the shell. Returns the way to stop. */
export function listenForKeys(): () => void {
  const stop = new AbortController()
  const options = { signal: stop.signal }
  window.addEventListener('keydown', onKeyDown, options)
  window.addEventListener('keyup', onKeyUp, options)
  window.addEventListener('blur', releaseAll, options)
  window.addEventListener('focusin', () => { clicked = null }, options)
  window.addEventListener('pointerup', () => { clicked = document.activeElement }, { ...options, capture: true })
  return () => stop.abort()
}

/** Runs an action by its id (Electron's menu, the palette). Says whether there was one that could run. */
export function runAction(id: string): boolean {
  for (const scope of activeScopes(useActionStore.getState().scopes)) {
    const action = scope.actions.find((candidate) => candidate.id === id && canRun(candidate))
    if (action) {
      action.run()
      return true
    }
  }
  return false
}
