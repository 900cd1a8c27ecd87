// Makes a bare clone ready: installs what is missing, then builds. Run before start, test, winnow, bench and package; has no dependencies of its own and
// runs on any Node >= 20, because it is what brings the Node 24 that everything else runs on. Does nothing, quickly, when all is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumPath, isDebianRoot, nodePath } from './machine.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const purpose = process.argv[2] ?? 'start'
const say = (text) => process.stderr.write(`winnow: ${text}\n`)

function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (error || status !== 0) {
    say(`"${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}. Nothing else was changed; run the same command again once the cause is gone.`)
    process.exit(1)
  }
}

function installPackages() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  const stamp = join(root, 'node_modules', '.winnow-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('installing packages (npm ci, no install scripts)…')
  // The Node that npm itself runs on: the one in node_modules is about to be replaced.
  const npmNode = process.env.npm_node_execpath ?? process.execPath
  const npmCli = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  if (npmCli) must(npmNode, [npmCli, ...args])
  else must(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { shell: process.platform === 'win32' })
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lock)
}

function installTestTools() {
  if (!chromiumPath() && isDebianRoot()) {
    say('installing Chromium for the end-to-end tests (apt-get)…')
    must('bash', ['-c', 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null'])
  }
  if (isDebianRoot()) {
    const { status } = spawnSync(nodePath(root), [join(root, 'scripts', 'setupFaiss.mjs')], { cwd: root, stdio: ['ignore', 2, 2] })
    if (status !== 0) say('faiss-node could not be built here; tests of the faiss engine will say so.')
  }
}

installPackages()
const node = nodePath(root)
if (!node) {
  say(`there is no Node 24 for ${process.platform} ${process.arch} among the packages, and this Node is ${process.versions.node}. Install Node 24 and run this again.`)
  process.exit(1)
}
if (purpose === 'test') installTestTools()
if (purpose !== 'cli') must(node, [join(root, 'scripts', 'build.mjs'), '--if-changed'])
