/**
 * Makes the optional faiss-node load on this machine. `npm run setup:faiss`; plain Node, no dependencies; does nothing where it loads already.
 * First the package's own prebuilt binary is tried; on Debian and Ubuntu, where that is impossible, it is compiled against the system's libfaiss.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const requireHere = createRequire(join(here, 'package.json'))
const say = (text) => process.stdout.write(`${text}\n`)
const stop = (text) => {
  process.stderr.write(`faiss: ${text}\nThe exact search engine works without it; only --engine faiss needs it.\n`)
  process.exit(1)
}
const run = (command, args, options = {}) => spawnSync(command, args, { encoding: 'utf8', ...options })

/** The Node that the app runs under, so that what loads here loads there. */
const appNode = (() => {
  const local = join(here, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(local) ? local : process.execPath
})()

const probe = `const { IndexFlatIP } = require('faiss-node'); const i = new IndexFlatIP(2); i.add([1, 0, 0, 1]); if (i.search([0, 1], 1).labels[0] !== 1) process.exit(3)`
/** null where it works, else the last line of what went wrong. */
function problem() {
  const { status, stderr, signal } = run(appNode, ['-e', probe], { cwd: here, env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' } })
  if (status === 0) return null
  return signal ? `it ended with ${signal}` : (stderr.split('\n').find((line) => /Error/.test(line)) ?? `it ended with status ${status}`)
}

let folder
try {
  folder = dirname(requireHere.resolve('faiss-node/package.json'))
} catch {
  stop('the package faiss-node is not installed (it is optional). Run: npm install --ignore-scripts')
}
if (problem() === null) {
  say('faiss: loads already, nothing to do.')
  process.exit(0)
}

function prebuilt() {
  let tool
  try {
    tool = createRequire(join(folder, 'package.json')).resolve('prebuild-install/bin.js')
  } catch {
    return 'prebuild-install is not there'
  }
  say('faiss: fetching the prebuilt binary…')
  const { status, stderr } = run(process.execPath, [tool, '--runtime', 'napi'], { cwd: folder, timeout: 120_000 })
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? `status ${status}`
  return problem()
}

/** Folder that holds node_api.h. Node-API is ABI-stable, so headers of another Node version serve as well. */
function nodeHeaders() {
  const configured = [process.env.npm_config_nodedir, run('npm', ['config', 'get', 'nodedir'], { shell: process.platform === 'win32' }).stdout?.trim()]
  const cache = join(homedir(), '.cache', 'node-gyp', process.versions.node, 'include', 'node')
  const candidates = [
    ...configured.filter((path) => path && path !== 'undefined' && path !== 'null').map((path) => join(path, 'include', 'node')),
    resolve(dirname(process.execPath), '..', 'include', 'node'),
    cache,
    '/usr/include/node',
    '/usr/local/include/node'
  ]
  return candidates.find((path) => existsSync(join(path, 'node_api.h'))) ?? null
}

function addonHeaders() {
  try {
    return dirname(createRequire(join(folder, 'package.json')).resolve('node-addon-api/package.json'))
  } catch {
    return null
  }
}

const library = () => run('sh', ['-c', 'ls /usr/lib/*/libfaiss.a /usr/lib/libfaiss.a 2>/dev/null']).stdout.split('\n').find(Boolean) ?? null
const blas = () => run('sh', ['-c', 'ls /usr/lib/*/libopenblas.so /usr/lib/libopenblas.so 2>/dev/null']).stdout.trim() !== ''
const compiler = () => run('g++', ['--version']).status === 0

function compileOnDebian() {
  const packages = ['g++', 'libfaiss-dev', 'libopenblas-dev', 'libopenblas0-pthread']
  if (!library() || !blas() || !compiler()) {
    if (process.getuid?.() !== 0) stop(`needs a compiler and libfaiss. Run: sudo apt-get install ${packages.join(' ')}   and then again: npm run setup:faiss`)
    say(`faiss: installing ${packages.join(', ')}…`)
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    let installed = run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
    if (installed.status !== 0) {
      run('apt-get', ['update'], options)
      installed = run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
    }
    if (installed.status !== 0) stop(`apt-get could not install ${packages.join(', ')}; its messages stand above.`)
  }
  const headers = nodeHeaders()
  if (!headers) stop('the headers of Node (node_api.h) were not found. Run: apt-get install libnode-dev, or npx node-gyp install')
  const addon = addonHeaders()
  if (!addon) stop('node-addon-api, which faiss-node brings, is missing. Run: npm install --ignore-scripts')
  const target = join(folder, 'build', 'Release')
  mkdirSync(target, { recursive: true })
  // Debian's libfaiss 1.7.3 keeps idx_t inside Index; faiss-node expects it in the namespace, as from 1.7.4 on.
  const version = readFileSync('/usr/include/faiss/Index.h', 'utf8').match(/FAISS_VERSION_MAJOR (\d+)[\s\S]*?MINOR (\d+)[\s\S]*?PATCH (\d+)/)
  const [major = 0, minor = 0, patch = 0] = (version ?? []).slice(1).map(Number)
  const old = major * 10000 + minor * 100 + patch < 10704
  const bridge = join(target, 'idx.h')
  writeFileSync(bridge, old ? '#include <faiss/Index.h>\nnamespace faiss { using idx_t = Index::idx_t; }\n' : '#include <faiss/Index.h>\n')
  const output = join(target, 'faiss-node.node')
  const unfinished = `${output}.${process.pid}.part`
  say(`faiss: compiling faiss-node against libfaiss ${major}.${minor}.${patch}…`)
  const { status, stderr } = run('g++', [
    '-std=c++17', '-O3', '-fPIC', '-shared', '-fopenmp', '-fvisibility=hidden', '-DNAPI_VERSION=6', '-DNODE_GYP_MODULE_NAME=faiss_node', '-DNAPI_CPP_EXCEPTIONS',
    `-I${headers}`, `-I${addon}`, '-include', bridge, join(folder, 'src', 'faiss.cc'), library(), '-lopenblas', '-Wl,--exclude-libs,ALL', '-o', unfinished
  ])
  if (status !== 0) {
    rmSync(unfinished, { force: true })
    stop(`the compiler gave up:\n${stderr.trim().split('\n').slice(0, 20).join('\n')}`)
  }
  renameSync(unfinished, output)
  const left = problem()
  if (left) stop(`it was compiled into ${output} but does not load: ${left}`)
}

const debian = process.platform === 'linux' && existsSync('/usr/bin/apt-get')
if (debian && library() && compiler()) compileOnDebian()
else {
  const why = prebuilt()
  if (why !== null) {
    if (!debian) stop(`the prebuilt binary cannot be used here (${why}). Build faiss-node 0.5.1 from its source: https://github.com/ewfian/faiss-node`)
    say(`faiss: no prebuilt binary (${why}).`)
    compileOnDebian()
  }
}
say('faiss: ready.')
