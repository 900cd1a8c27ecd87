/** The only bridge into the page: pick, reveal, paths of dropped files, the menu. Typed and named; ipcRenderer itself is never exposed. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, type FileFilter, type MenuAction } from '../main/channels.ts'

const winnow = {
  platform: process.platform,
  pickFolder: (): Promise<string | null> => ipcRenderer.invoke(channels.pickFolder),
  pickFile: (filters: readonly FileFilter[] = []): Promise<string | null> => ipcRenderer.invoke(channels.pickFile, filters),
  /** The path of a file or folder that was dropped on the window. */
  pathOf: (file: File): string => webUtils.getPathForFile(file),
  revealInFolder: (path: string): Promise<void> => ipcRenderer.invoke(channels.reveal, path),
  setMenu: (actions: readonly MenuAction[]): Promise<void> => ipcRenderer.invoke(channels.setMenu, actions),
  /** Calls back with the id of the action that was chosen in the menu; returns what stops it. */
  onMenu: (callback: (actionId: string) => void): (() => void) => {
    const listener = (_event: unknown, id: string): void => callback(id)
    ipcRenderer.on(channels.menu, listener)
    return () => void ipcRenderer.off(channels.menu, listener)
  }
}

/** What the page gets; a test compares it with what the page expects. */
export type WinnowBridge = typeof winnow

contextBridge.exposeInMainWorld('winnow', winnow)
