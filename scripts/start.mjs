// Opens Winnow: in Electron where its binary is there (or can be downloaded) and there is a display; otherwise the same app in the browser.
import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronPath, hasDisplay, nodePath } from './machine.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)

function downloadElectron() {
  process.stderr.write('winnow: downloading Electron (once)…\n')
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], { cwd: root, stdio: ['ignore', 'ignore', 'ignore'], timeout: 180_000 })
  return status === 0 ? electronPath(root) : null
}

/** Where to open it; the reason is said in one line when it is not Electron. */
function chooseFace() {
  if (args.includes('--browser')) return { electron: null, reason: 'you asked for it' }
  if (!hasDisplay()) return { electron: null, reason: 'there is no display here' }
  const electron = electronPath(root) ?? downloadElectron()
  return electron ? { electron, reason: null } : { electron: null, reason: "Electron's binary is not here and could not be downloaded" }
}

const { electron, reason } = chooseFace()
const passed = args.filter((arg) => arg !== '--browser')
if (reason) process.stderr.write(`winnow: opening in the browser, because ${reason}.\n`)
const child = electron
  ? spawn(electron, [root, ...passed], { cwd: root, stdio: 'inherit' })
  : spawn(nodePath(root), [join(root, 'core', 'cli', 'main.ts'), 'serve', '--open', ...passed], { cwd: root, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
