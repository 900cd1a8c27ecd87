import { useActionStore } from './actions.ts'
import { type Action, activeScopes, canRun, globalScope } from './scopes.ts'
import { desktop, type MenuEntry } from './desktop.ts'

/** Where a group of app-wide actions stands in the menu bar; the screen's own actions stand under Review. */
const menuOfGroup: Readonly<Record<string, string>> = { Project: 'File', Safety: 'Edit', Rooms: 'Go', Help: 'Help' }
const menuOf = (scope: string, { group }: Action): string => (scope === globalScope ? (menuOfGroup[group ?? ''] ?? 'View') : 'Review')

/** 'Mod+Shift+Z' in Electron's words. */
export function accelerator(keys: string | undefined): string | undefined {
  return keys?.replace(/\bMod\b/, 'CmdOrCtrl').replace(/\bEsc\b/, 'Escape').replace(/\+\+$/, '+Plus').replace(/^\+$/, 'Plus')
}

/** The native menu as the actions are now, the app-wide ones first. */
export function menuEntries(): MenuEntry[] {
  const scopes = activeScopes(useActionStore.getState().scopes).toReversed()
  return scopes.flatMap(({ title, actions }) =>
    actions.filter((action) => !action.quiet).map((action): MenuEntry => {
      const keys = accelerator(action.keys?.[0])
      return { id: action.id, title: action.title, menu: menuOf(title, action), enabled: canRun(action), ...(keys ? { accelerator: keys } : {}) }
    }))
}

/** Keeps Electron's menu bar like the list of actions; returns what stops it. Does nothing in a browser. */
export function keepDesktopMenu(): () => void {
  if (!desktop) return () => undefined
  const { setMenu } = desktop
  let sent = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const send = (): void => {
    const entries = menuEntries()
    const text = JSON.stringify(entries)
    if (text === sent) return
    sent = text
    void setMenu(entries)
  }
  // Screens come and go in several steps; the menu follows once they have settled.
  const stop = useActionStore.subscribe(() => {
    clearTimeout(timer)
    timer = setTimeout(send, 250)
  })
  send()
  return () => {
    clearTimeout(timer)
    stop()
  }
}
