import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import { channels, type MenuAction } from './channels.ts'

const order = ['File', 'Edit', 'View', 'Go', 'Review', 'Help']

/**
 * The menu bar: the platform's standard entries, and the window's actions under the menu that each names. Shortcuts are shown, not bound:
 * the page handles keys, so that a letter typed into a field stays a letter.
 */
export function setMenu(window: BrowserWindow, actions: readonly MenuAction[]): void {
  const mac = process.platform === 'darwin'
  const send = (id: string): void => window.webContents.send(channels.menu, id)
  const entries = (menu: string): MenuItemConstructorOptions[] =>
    actions
      .filter((action) => action.menu === menu)
      .map((action) => ({
        label: action.title,
        enabled: action.enabled ?? true,
        ...(action.accelerator ? { accelerator: action.accelerator, registerAccelerator: false } : {}),
        click: () => send(action.id)
      }))
  const standard: Readonly<Record<string, MenuItemConstructorOptions[]>> = {
    File: [{ role: mac ? 'close' : 'quit' }],
    Edit: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }],
    View: [{ role: 'togglefullscreen' }, { role: 'toggleDevTools' }],
    Help: []
  }
  const names = [...order, ...new Set(actions.map((action) => action.menu).filter((menu) => !order.includes(menu)))]
  const template = names.flatMap((label): MenuItemConstructorOptions[] => {
    const own = entries(label)
    const common = standard[label] ?? []
    const submenu = own.length > 0 && common.length > 0 ? [...own, { type: 'separator' as const }, ...common] : [...own, ...common]
    return submenu.length > 0 ? [{ label, submenu }] : []
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(mac ? [{ role: 'appMenu' }, ...template, { role: 'windowMenu' }] : template))
}
