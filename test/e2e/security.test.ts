import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Face, missing, openWindow, sharedFolder, type Window } from './support/faces.ts'
import { hands, roomKey } from './support/hands.ts'
import { readProject } from './support/project.ts'

async function start(face: Face): Promise<Window> {
  const place = sharedFolder('security')
  onTestFinished(place.remove)
  const project = await readProject(place.path, { count: 6 })
  place.open()
  const window = await openWindow(face, { home: join(place.path, 'home'), project })
  onTestFinished(window.close)
  await hands(window.page).seen('6 undecided')
  return window
}

/** Another server on this machine, and what it was asked. */
async function stranger(): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`)
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('stranger')
  })
  server.on('upgrade', (request, socket) => {
    heard.push(`upgrade ${request.url}`)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}

test('Electron: the page is a web page and nothing more', async ({ skip }) => {
  const reason = missing('Electron')
  if (reason) skip(reason)
  const { page, app } = await start('Electron')
  if (!app) throw new Error('no Electron')

  // No Node in the page; the bridge has these names and no others, and its objects cannot be changed.
  expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'].filter((name) => name in globalThis))).toEqual([])
  expect(await page.evaluate(() => Object.keys((globalThis as unknown as { winnow: object }).winnow).sort())).toEqual(['onMenu', 'pathOf', 'pickFile', 'pickFolder', 'platform', 'revealInFolder', 'setMenu'])
  expect(await page.evaluate(() => {
    const bridge = (globalThis as unknown as { winnow: { pickFolder: unknown } }).winnow
    try {
      bridge.pickFolder = null
    } catch {
      // Frozen: that is the point.
    }
    return typeof bridge.pickFolder
  })).toBe('function')
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity }
  })
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
  expect(preferences.webSecurity).not.toBe(false)

  // Nothing is allowed that a web page may ask for.
  expect(await page.evaluate(async () => {
    const denied = async (name: string): Promise<string> => (await navigator.permissions.query({ name: name as PermissionName })).state
    return { camera: await denied('camera'), microphone: await denied('microphone'), geolocation: await denied('geolocation'), notifications: Notification.permission, clipboard: await denied('clipboard-read') }
  })).toEqual({ camera: 'denied', microphone: 'denied', geolocation: 'denied', notifications: 'denied', clipboard: 'denied' })
  expect(await page.evaluate(async () => await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', (error: Error) => error.name))).not.toBe('given')

  // It does not lead away, opens nothing, and reaches no one else, not even on this machine: neither by the page's policy nor past it.
  const other = await stranger()
  const opened = await app.evaluate(({ shell }) => {
    const asked: string[] = []
    shell.openExternal = async (url) => void asked.push(url)
    ;(globalThis as unknown as { asked: string[] }).asked = asked
    return asked
  })
  expect(opened).toEqual([])
  const before = page.url()
  expect(await page.evaluate((url) => [globalThis.open(url), globalThis.open('file:///etc/passwd'), globalThis.open('javascript:1')].map((handle) => handle === null), other.url)).toEqual([true, true, true])
  await page.evaluate((url) => {
    location.href = url
  }, other.url).catch(() => undefined)
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd'
  }).catch(() => undefined)
  expect(await page.evaluate(async (url) => await fetch(url).then(() => 'reached', () => 'refused'), other.url)).toBe('refused')
  // From the main process: past the page's policy, the session itself still cancels it.
  expect(await app.evaluate(async ({ session }, url) => await session.defaultSession.fetch(url).then(() => 'reached', () => 'refused'), other.url)).toBe('refused')
  expect(other.heard).toEqual([])
  expect(page.url()).toBe(before)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  expect(await app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked), 'http and file addresses are not handed to the system').toEqual([])

  // The token is added outside of the page: no script, storage, cookie or address of it knows it.
  expect(await page.evaluate(() => document.cookie + location.search + JSON.stringify({ ...sessionStorage }))).toBe('{}')
})

test.for<Face>(['Chromium', 'Electron'])('only the engine is asked, and the page keeps its own policy, in %s', async (face, { skip }) => {
  const reason = missing(face)
  if (reason) skip(reason)
  const { page, address } = await start(face)
  const { press, seen } = hands(page)
  const origin = new URL(address().url).host
  const elsewhere: string[] = []
  const violations: string[] = []
  const note = (url: string): void => {
    if (!/^(data|blob):/.test(url) && new URL(url).host !== origin) elsewhere.push(url)
  }
  page.on('request', (request) => note(request.url()))
  page.on('websocket', (socket) => note(socket.url()))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(message.text())
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))
  })
  await page.reload()
  await seen('6 undecided')
  // Every room, the dialogs, the palette, the loupe.
  for (const digit of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    await press(roomKey(face, digit))
    await page.locator('[data-region="top bar"]').waitFor()
    await press('?')
    await seen('Keys of this screen')
    await press('Escape', 'Control+k')
    await page.locator('input[placeholder="What do you want to do?"]:focus').waitFor()
    await press('Escape')
  }
  await press(roomKey(face, 1))
  await page.locator('[role=gridcell][data-cursor]').waitFor()
  await press('Enter', 'z', 'l')
  await page.locator('[role=dialog]').waitFor()
  await press('Escape', 'Escape', 'Control+o')
  await seen('Projects')
  expect(elsewhere).toEqual([])
  expect(violations).toEqual([])
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy') ?? '')
  expect(policy).toMatch(/default-src 'self'.*object-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/)
  expect(policy).not.toMatch(/unsafe-(inline|eval)/)
})
