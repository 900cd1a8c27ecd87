/**
 * What a person can do, as a list of objects. Shortcuts, the command palette, the cheat sheet, the status bar's key hints and
 * Electron's menu are all drawn from it, so that none of them can disagree.
 */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { create } from 'zustand'
import { matchesKeys } from './keys.ts'
import { type Action, activeScopes, canRun, type Scope, withScope } from './scopes.ts'

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

  const order = useRef<number | null>(null)
  useEffect(() => {
    if (!enabled) {
      order.current = null
      return
    }
    const id = `${scope}#${nextScope++}`
    order.current ??= nextScope
    const current = (actionId: string): Action | undefined => latest.current.find((action) => action.id === actionId)
    const live = latest.current.map((action): Action => ({
      ...action,
      when: () => current(action.id)?.when?.() ?? true,
      keysWhen: () => current(action.id)?.keysWhen?.() ?? true,
      run: (event) => current(action.id)?.run(event),
      ...(action.release ? { release: () => current(action.id)?.release?.() } : {})
    }))
    const entry: Scope = { id, title: scope, actions: live, exclusive, shape, order: order.current }
    useActionStore.setState(({ scopes }) => ({ scopes: withScope(scopes, entry) }))
    return () => useActionStore.setState(({ scopes }) => ({ scopes: scopes.filter((other) => other.id !== id) }))
  }, [scope, shape, exclusive, enabled])
}
let nextScope = 0


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
