/** An entry of the native menu bar. */
export interface MenuEntry {
  readonly id: string
  readonly title: string
  readonly menu: string
  readonly enabled: boolean
  readonly accelerator?: string
}

/** What the desktop shell adds to the page (electron/preload). In a browser it is not there. */
export interface Desktop {
  pickFolder(): Promise<string | null>
  pickFile(filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[]): Promise<string | null>
  /** The path of a dropped file or folder. */
  pathOf(file: File): string
  revealInFolder(path: string): void
  setMenu(entries: readonly MenuEntry[]): Promise<void>
  /** The menu's choices, by action id. Returns the way to stop. */
  onMenu(cb: (actionId: string) => void): () => void
  readonly platform: string
}

declare global {
  interface Window {
    readonly winnow?: Desktop
  }
}

export const desktop: Desktop | undefined = window.winnow
