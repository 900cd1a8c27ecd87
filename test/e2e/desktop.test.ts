import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { WinnowBridge } from '../../electron/preload/preload.ts'
import type { Desktop } from '../../renderer/app/desktop.ts'
import { missing, openWindow, sharedFolder } from './support/faces.ts'
import { hands, patience } from './support/hands.ts'
import { readProject } from './support/project.ts'

/** What the page takes the bridge for is what the preload gives: checked by the compiler. */
const asThePageSeesIt = (bridge: WinnowBridge): Desktop => bridge

const choose = async (app: ElectronApplication, menu: string, entry: string): Promise<void> =>
  await app.evaluate(({ Menu }, [inMenu, title]) => {
    const item = Menu.getApplicationMenu()?.items.find(({ label }) => label === inMenu)?.submenu?.items.find(({ label }) => label.startsWith(title ?? ''))
    if (!item?.enabled) throw new Error(`${inMenu} > ${title} is ${item ? 'off' : 'not there'}`)
    item.click()
  }, [menu, entry])

const pickNext = async (app: ElectronApplication, folder: string): Promise<void> =>
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = (async () => await Promise.resolve({ canceled: false, filePaths: [path] })) as typeof dialog.showOpenDialog
  }, folder)

async function drop(page: Page, folder: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data: { items: [], files: [folder], dragOperationsMask: 1 } })
  }
  await devtools.detach()
}

test('Electron: menu, folder dialogs, dropped folders, the file manager', async ({ skip }) => {
  const reason = missing('Electron')
  if (reason) skip(reason)
  expect(asThePageSeesIt).toBeTypeOf('function')
  const place = sharedFolder('desktop')
  onTestFinished(place.remove)
  const project = await readProject(place.path, { count: 6 })
  const pictures = join(place.path, 'pictures')
  const copy = join(place.path, 'copy.winnow')
  cpSync(project, copy, { recursive: true })
  place.open()
  const window = await openWindow('Electron', { home: join(place.path, 'home') })
  onTestFinished(window.close)
  const { page, app } = window
  if (!app) throw new Error('no Electron')
  const { press, seen } = hands(page)

  // The menu bar is drawn from the window's own actions, and follows it.
  await seen('Welcome to Winnow')
  await expect.poll(async () => await choose(app, 'Go', 'Go to Settings').then(() => true, () => false), patience).toBe(true)
  await seen('About Winnow')
  await expect(choose(app, 'Go', 'Go to Library')).rejects.toThrow(/is off/)
  await choose(app, 'Help', 'Keys of this screen')
  await seen('Keys of this screen')
  await press('Escape')

  // The system's own dialog says which project.
  await pickNext(app, project)
  await choose(app, 'File', 'Open a project')
  await seen('6 undecided')
  await expect.poll(async () => await choose(app, 'Review', 'Drop').then(() => true, () => false), patience).toBe(true)
  await seen('5 undecided')
  await expect.poll(async () => await choose(app, 'Edit', 'Undo: Dropped 1 image').then(() => true, () => false), patience).toBe(true)
  await seen('6 undecided')

  // A file is shown in the file manager, never started.
  const shown = await app.evaluateHandle(({ shell }) => {
    const asked: string[] = []
    shell.showItemInFolder = (path) => void asked.push(`show ${path}`)
    shell.openPath = async (path) => await Promise.resolve(String(asked.push(`open ${path}`)))
    return asked
  })
  await page.getByText('Show in folder').focus()
  await press('Enter')
  await expect.poll(async () => await shown.evaluate((asked) => asked), patience).toEqual([expect.stringMatching(/^show .*pictures\/a\/\d\.ppm$/)])

  // A folder dropped on the window begins a project; a project's folder is opened.
  await drop(page, pictures)
  await seen('New project from a folder')
  await seen('6 images')
  expect(await page.getByRole('combobox', { name: 'Folder of images' }).inputValue()).toBe(pictures)
  await press('Escape')
  await seen('Projects')
  await drop(page, copy)
  await seen('6 undecided')
  await page.getByRole('button', { name: 'Stripes' }).focus()
  await press('Enter')
  await seen(copy)
})
