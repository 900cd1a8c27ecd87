import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { missing, openWindow, sharedFolder, startEngine } from './support/faces.ts'
import { hands, patience } from './support/hands.ts'
import { readProject } from './support/project.ts'

const count = 12
const away = 'The engine is not answering'

async function place(name: string): Promise<{ home: string; project: string }> {
  const folder = sharedFolder(name)
  onTestFinished(folder.remove)
  const project = await readProject(folder.path, { count })
  folder.open()
  return { home: join(folder.path, 'home'), project }
}

test('Electron: an engine that is killed comes back by itself, and what was confirmed is there', async ({ skip }) => {
  const reason = missing('Electron')
  if (reason) skip(reason)
  const window = await openWindow('Electron', await place('crash'))
  onTestFinished(window.close)
  const { page } = window
  const { press, seen } = hands(page)
  await seen(`${count} undecided`)
  await page.locator('[role=gridcell][data-cursor]').waitFor(patience)
  await press('p', 'x')
  await seen(`${count - 2} undecided`)
  const rooms: string[] = []
  await page.exposeFunction('enteredRoom', (room: string) => rooms.push(room))
  await page.evaluate(() => {
    const sameWindow = globalThis as unknown as { stillHere: boolean; enteredRoom: (room: string) => void }
    sameWindow.stillHere = true
    new MutationObserver(() => sameWindow.enteredRoom(document.querySelector('h1')?.textContent ?? '')).observe(document.body, { childList: true, subtree: true })
  })

  const pid = window.enginePid()
  process.kill(pid, 'SIGKILL')
  await seen(away)
  await seen('The engine is back')
  expect(window.enginePid()).not.toBe(pid)
  expect(await page.evaluate(() => (globalThis as unknown as { stillHere?: boolean }).stillHere), 'the window was not loaded anew').toBe(true)
  expect(rooms.filter((title) => title !== ''), 'nor did it pass through the projects').toEqual([])
  await press('Control+z')
  await seen('Undid: Dropped 1 image')
  await seen(`${count - 1} undecided`)
})

test('Electron: a page whose process dies is shown anew', async ({ skip }) => {
  const reason = missing('Electron')
  if (reason) skip(reason)
  const window = await openWindow('Electron', await place('gone'))
  onTestFinished(window.close)
  const { page, app } = window
  await hands(page).seen(`${count} undecided`)
  if (!app) throw new Error('no Electron')
  const shown = async (): Promise<{ process: number; title: string }> => await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    return { process: contents?.isCrashed() ? 0 : (contents?.getOSProcessId() ?? 0), title: contents?.getTitle() ?? '' }
  })
  const before = await shown()
  expect(before.title).toBe('Stripes · Winnow')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
  await expect.poll(async () => ({ ...(await shown()), process: ![0, before.process].includes((await shown()).process) }), patience).toEqual({ process: true, title: before.title })
})

test('Chromium: a page whose engine was started anew says which address to open', async ({ skip }) => {
  const reason = missing('Chromium')
  if (reason) skip(reason)
  const where = await place('anew')
  const window = await openWindow('Chromium', where)
  onTestFinished(window.close)
  const { page } = window
  const { press, seen } = hands(page)
  await seen(`${count} undecided`)
  await page.locator('[role=gridcell][data-cursor]').waitFor(patience)
  await press('x')
  await seen(`${count - 1} undecided`)
  process.kill(window.enginePid(), 'SIGKILL')
  await seen(away)

  const { child, listening } = await startEngine({ ...where, port: new URL(window.address().url).port })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  })
  await seen(/this page’s key is no longer valid.*Open the newest address/)
  await page.goto(listening.address)
  await seen(`${count - 1} undecided`)
})
