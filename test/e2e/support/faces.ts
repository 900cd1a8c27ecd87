import { fork, type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron, chromium, type ElectronApplication, type Page } from 'playwright-core'
import { chromiumPath, electronPath, hasDisplay } from '../../../scripts/machine.mjs'

export const root = join(import.meta.dirname, '..', '..', '..')
const ci = process.env.CI === 'true'

/** The two windows that the app is used in. */
export type Face = 'Chromium' | 'Electron'

/** Why a face cannot be tested here, or null. In CI both must be there: then there is nothing to skip. */
export function missing(face: Face): string | null {
  const reason = face === 'Chromium'
    ? (chromiumPath() ? null : 'no Chromium, Chrome or Edge is installed')
    : !electronPath(root)
        ? 'no Electron binary (ELECTRON_OVERRIDE_DIST_PATH, or npm start once with a network)'
        : hasDisplay() ? null : 'no display (install xvfb)'
  if (reason && ci) throw new Error(`CI must test in ${face}: ${reason}`)
  return reason
}

export interface Window {
  readonly page: Page
  /** Electron's main process; null in a browser. */
  readonly app: ElectronApplication | null
  /** The engine's process id: what a kill -9 test kills. */
  readonly enginePid: () => number
  /** The address and token of the engine behind the window. */
  readonly address: () => { url: string; token: string }
  readonly close: () => Promise<void>
}

export interface WindowOptions {
  readonly home: string
  readonly project?: string
  readonly size?: { width: number; height: number }
}

/** A folder that the window, its engine and this test may all read and write: Electron's test runtime gives up root. */
export function sharedFolder(name: string): { path: string; open: () => void; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `winnow-${name}-`))
  const open = (): void => {
    execFileSync('chmod', ['-R', 'a+rwX', path])
  }
  open()
  return { path, open, remove: () => rmSync(path, { recursive: true, force: true }) }
}

interface Listening {
  type: 'listening'
  url: string
  token: string
  address: string
}

/** An engine as a browser's window uses it; `port` for one that takes the place of another. */
export async function startEngine({ home, project, port }: WindowOptions & { readonly port?: string }): Promise<{ child: ChildProcess; listening: Listening }> {
  const child = fork(join(root, 'core', 'server', 'main.ts'), ['--home', home, ...(project ? ['--project', project] : []), ...(port ? ['--port', port] : [])], {
    execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  for (;;) {
    const [message] = (await once(child, 'message')) as [Listening | { type: string }]
    if (message.type === 'listening') return { child, listening: message as Listening }
  }
}

const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

async function openChromium(options: WindowOptions): Promise<Window> {
  const { child, listening } = await startEngine(options)
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '', headless: true, args: chromiumFlags })
  const page = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 800 } })
  await page.goto(listening.address)
  return {
    page,
    app: null,
    enginePid: () => child.pid ?? 0,
    address: () => ({ url: listening.url, token: listening.token }),
    close: async () => {
      await browser.close()
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    }
  }
}

/** Whether anybody may walk from / down to the app: the test runtime is not root. */
function isReachable(path: string): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) if ((statSync(at).mode & 0o001) === 0) return false
  return true
}

let staged: string | null = null
/** The app's folder, or a copy of what runs where the checkout lies inside somebody's private folder. */
function appFolder(): string {
  if (process.getuid?.() !== 0 || isReachable(root)) return root
  if (staged) return staged
  staged = mkdtempSync(join(tmpdir(), 'winnow-app-'))
  chmodSync(staged, 0o755)
  for (const path of ['package.json', 'core', 'models', 'renderer/dist', 'electron/dist', 'node_modules']) {
    mkdirSync(dirname(join(staged, path)), { recursive: true })
    cpSync(join(root, path), join(staged, path), { recursive: true, verbatimSymlinks: true, filter: (source) => !/node_modules[\\/](electron|app-builder-lib|typescript)([\\/]|$)/.test(source) })
  }
  execFileSync('chmod', ['-R', 'a+rX', staged])
  process.once('exit', () => rmSync(staged ?? '', { recursive: true, force: true }))
  return staged
}

async function openElectron(options: WindowOptions): Promise<Window> {
  const app = await _electron.launch({
    executablePath: electronPath(root) ?? '',
    args: [appFolder(), '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--home', options.home, ...(options.project ? [options.project] : [])],
    env: { ...process.env, WINNOW_MANY: '1' } as Record<string, string>
  })
  const page = await app.firstWindow()
  if (options.size) {
    await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), options.size)
  }
  await page.waitForURL(/^http:\/\/127\.0\.0\.1/)
  return {
    page,
    app,
    enginePid: () => enginePidUnder(app.process().pid ?? 0),
    address: () => ({ url: new URL(page.url()).origin, token: '' }),
    close: async () => await app.close()
  }
}

/** The process below Electron's that runs core/server/main.ts. */
function enginePidUnder(pid: number): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const processes = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] ?? '' }] : []))
  const below = new Set([pid])
  for (let grew = true; grew;) {
    const size = below.size
    for (const one of processes) if (below.has(one.parent)) below.add(one.pid)
    grew = below.size > size
  }
  const engine = processes.find((one) => below.has(one.pid) && one.args.includes(join('core', 'server', 'main.ts')))
  if (!engine) throw new Error('The engine is not among the processes below Electron.')
  return engine.pid
}

export const openWindow = async (face: Face, options: WindowOptions): Promise<Window> => {
  if (!existsSync(join(root, 'renderer', 'dist', 'index.html'))) throw new Error('The renderer is not built: npm run build')
  return face === 'Chromium' ? await openChromium(options) : await openElectron(options)
}
