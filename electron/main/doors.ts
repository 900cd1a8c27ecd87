import { type App, type Session, shell, type WebContents } from 'electron'
import type { EngineAddress } from './engineProcess.ts'

/** Chromium guards loopback behind these permissions (142 and later); only the engine's own page gets them. */
const loopbackPermissions = new Set(['local-network-access', 'loopback-network', 'local-network'])

/**
 * What the window may do: talk to its engine and nothing else. Every other request is cancelled, every other permission denied,
 * and the token is added here, so that no script of the page ever sees it.
 */
export function guardSession(session: Session, address: () => EngineAddress | null): void {
  const own = (url: string): boolean => {
    const engine = address()
    if (!engine) return false
    try {
      // The scheme counts too: behind https, a redirect to http must not carry the token in the clear.
      return new URL(url.replace(/^ws/, 'http')).origin === new URL(engine.url).origin
    } catch {
      return false
    }
  }
  session.webRequest.onBeforeRequest((details, callback) => {
    const local = details.url.startsWith('devtools:') || details.url.startsWith('data:') || details.url.startsWith('blob:')
    callback({ cancel: !local && !own(details.url) })
  })
  session.webRequest.onBeforeSendHeaders((details, callback) => {
    const engine = address()
    callback({ requestHeaders: engine && own(details.url) ? { ...details.requestHeaders, Authorization: `Bearer ${engine.token}` } : details.requestHeaders })
  })
  session.setPermissionRequestHandler((_contents, permission, callback, details) => callback(loopbackPermissions.has(permission) && own(details.requestingUrl)))
  session.setPermissionCheckHandler((_contents, permission, origin) => loopbackPermissions.has(permission) && own(origin))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** No page of ours leads away, opens another window or embeds a guest. */
export function guardContents(app: App, address: () => EngineAddress | null): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event, url) => {
      const engine = address()
      if (!engine || new URL(url).origin !== engine.url) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (url.startsWith('https://')) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}
