/** Electron's main process: the window, the menu, the dialogs, and the engine as a child. No image byte and no SQL passes through it. */
import { app, BrowserWindow, dialog, nativeTheme, screen, session } from 'electron'
import { join } from 'node:path'
import { type Arguments, parseArguments } from './arguments.ts'
import { guardContents, guardSession } from './doors.ts'
import { enginePlace } from './enginePlace.ts'
import { type EngineAddress, EngineProcess } from './engineProcess.ts'
import { keepLoaded } from './keepLoaded.ts'
import { setMenu } from './menu.ts'
import { answerRequests } from './requests.ts'
import { keepWindowState, readWindowState } from './windowState.ts'

app.enableSandbox()
if (app.isPackaged || !process.env.WINNOW_MANY) {
  if (!app.requestSingleInstanceLock()) app.exit(0)
}

let engine: EngineProcess | null = null
let address: EngineAddress | null = null
let window: BrowserWindow | null = null

const fail = (message: string): void => {
  dialog.showErrorBox('Winnow cannot go on', message)
  app.exit(1)
}

function createWindow(): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json')
  const state = readWindowState(stateFile, screen.getAllDisplays().map((display) => display.workArea))
  const created = new BrowserWindow({
    width: 1280,
    height: 800,
    ...state?.bounds,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Winnow',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1b1b1b' : '#f4f4f4',
    webPreferences: { preload: join(__dirname, 'preload.cjs'), sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false }
  })
  if (state?.maximised) created.maximize()
  keepWindowState(created, stateFile)
  created.once('ready-to-show', () => created.show())
  created.on('closed', () => {
    window = null
  })
  setMenu(created, [])
  answerRequests(created, () => address)
  keepLoaded(created, () => address && `${address.url}/`)
  return created
}

function show(to: EngineAddress): void {
  address = to
  window ??= createWindow()
  void window.loadURL(`${to.url}/`).catch(() => undefined)
}

function startEngine({ project, home }: Arguments): void {
  const place = enginePlace({ packaged: app.isPackaged, resources: process.resourcesPath, project: app.getAppPath() })
  engine = new EngineProcess(place, { home, project })
  engine.on('listening', (to, again) => {
    // After a crash the page is still there and its connection comes back by itself: same port, same token.
    if (again && address?.url === to.url && window) address = to
    else show(to)
  })
  engine.on('problem', (message) => void dialog.showMessageBox({ type: 'warning', message: 'Winnow could not do that', detail: message }))
  engine.on('lost', (reason) => fail(`The engine stopped again and again${reason ? `: ${reason}` : ''}. Everything you confirmed is saved. Start Winnow again; if it goes on, look at the messages in a terminal.`))
  engine.start()
}

app.on('second-instance', () => {
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.focus()
})

guardContents(app, () => address)

async function begin(): Promise<void> {
  await app.whenReady()
  try {
    const args = parseArguments(process.argv.slice(1))
    guardSession(session.defaultSession, () => address)
    if (args.remote) show(args.remote)
    else startEngine(args)
  } catch (error) {
    fail((error as Error).message)
  }
}
void begin()

let leaving = false
app.on('window-all-closed', () => app.quit())
app.on('before-quit', (event) => {
  if (leaving || !engine) return
  event.preventDefault()
  leaving = true
  // The page goes first: it would only see its connection break.
  window?.destroy()
  void engine.stop().finally(() => app.quit())
})
