import type { BrowserWindow } from 'electron'

const againMilliseconds = 500
/** Chromium's code for a load that another one replaced. */
const aborted = -3

/**
 * A window never stays blank: a page that could not be fetched (the engine was just starting again) is fetched once more a little later, and a page
 * whose process died is shown anew. What was confirmed is with the engine.
 */
export function keepLoaded(window: BrowserWindow, address: () => string | null): void {
  const { webContents } = window
  const again = (): void => {
    setTimeout(() => {
      const url = address()
      // A failure of this very load is heard again by did-fail-load.
      if (url && !window.isDestroyed()) void window.loadURL(url).catch(() => undefined)
    }, againMilliseconds)
  }
  webContents.on('did-fail-load', (_event, code, _reason, _url, isMainFrame) => {
    if (isMainFrame && code !== aborted) again()
  })
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') again()
  })
}
