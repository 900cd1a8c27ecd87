/** The few messages between the window and main; everything else goes to the engine. */
export const channels = {
  pickFolder: 'winnow:pick-folder',
  pickFile: 'winnow:pick-file',
  reveal: 'winnow:reveal',
  setMenu: 'winnow:set-menu',
  menu: 'winnow:menu'
} as const

/** An entry of the native menu, drawn from the window's own list of actions. */
export interface MenuAction {
  readonly id: string
  readonly title: string
  readonly menu: string
  /** Shown beside the title; the key itself is handled by the page. */
  readonly accelerator?: string | undefined
  readonly enabled?: boolean | undefined
}

export interface FileFilter {
  readonly name: string
  readonly extensions: readonly string[]
}
