import { type BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent, shell } from 'electron'
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { channels, type FileFilter, type MenuAction } from './channels.ts'
import type { EngineAddress } from './engineProcess.ts'
import { setMenu } from './menu.ts'

/** Answers the window's few requests; only the engine's own page, in the top frame, is heard. */
export function answerRequests(window: BrowserWindow, address: () => EngineAddress | null): void {
  const handle = <A extends unknown[], R>(channel: string, answer: (...args: A) => R): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...args: unknown[]) => {
      const engine = address()
      const frame = event.senderFrame
      if (event.sender !== window.webContents || !frame || frame.parent || !engine || new URL(frame.url).origin !== engine.url) throw new Error('refused')
      return answer(...(args as A))
    })
  }
  handle(channels.pickFolder, async (): Promise<string | null> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
    return canceled ? null : (filePaths[0] ?? null)
  })
  handle(channels.pickFile, async (filters: unknown): Promise<string | null> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile'], filters: cleanFilters(filters) })
    return canceled ? null : (filePaths[0] ?? null)
  })
  handle(channels.reveal, (path: unknown): void => {
    if (typeof path !== 'string' || !isAbsolute(path)) return
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
    // A folder is opened by the file manager; a file is only ever shown, never started.
    if (isFolder) void shell.openPath(path)
    else shell.showItemInFolder(path)
  })
  handle(channels.setMenu, (actions: unknown): void => setMenu(window, cleanActions(actions)))
}

const text = (value: unknown, most: number): string | null => (typeof value === 'string' && value.length <= most ? value : null)

function cleanFilters(value: unknown): { name: string; extensions: string[] }[] {
  if (!Array.isArray(value)) return []
  return (value as Partial<FileFilter>[]).slice(0, 10).flatMap((filter) => {
    const name = text(filter?.name, 60)
    const extensions = Array.isArray(filter?.extensions) ? filter.extensions.filter((one) => /^[\w*]{1,12}$/.test(String(one))) : []
    return name && extensions.length > 0 ? [{ name, extensions }] : []
  })
}

const acceleratorForm = /^[A-Za-z0-9+ ,./\\[\]'`=-]{1,40}$/

function cleanActions(value: unknown): MenuAction[] {
  if (!Array.isArray(value)) return []
  return (value as Partial<MenuAction>[]).slice(0, 300).flatMap((action) => {
    const id = text(action?.id, 100)
    const title = text(action?.title, 100)
    const menu = text(action?.menu, 30)
    const accelerator = text(action?.accelerator, 40)
    if (!id || !title || !menu) return []
    return [{ id, title, menu, enabled: action.enabled !== false, ...(accelerator && acceleratorForm.test(accelerator) ? { accelerator } : {}) }]
  })
}
