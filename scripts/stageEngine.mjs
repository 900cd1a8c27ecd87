// Puts the engine as it ships into a folder: its TypeScript, the models, the built renderer, the packages it needs at run time, and Node 24.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { noticesText, shippedLicences } from './notices.mjs'
import { enginePackages } from './shippedPackages.mjs'

const own = ['core', 'models', 'renderer/dist', 'package.json', 'LICENSE']

const platformFolder = `${sep}${process.platform}${sep}`
/** ONNX Runtime brings every platform's libraries; only this one's are kept. No package's tests, sources or examples are needed. */
function isNeeded(path) {
  const runtime = path.indexOf(join('onnxruntime-node', 'bin'))
  if (runtime >= 0) {
    const rest = path.slice(runtime)
    const named = ['darwin', 'linux', 'win32'].find((platform) => rest.includes(`${sep}${platform}`))
    if (named && !`${rest}${sep}`.includes(platformFolder)) return false
    const arch = ['x64', 'arm64'].find((name) => rest.includes(`${sep}${name}`))
    if (arch && arch !== process.arch) return false
  }
  return !/\.(map|d\.ts|d\.mts|d\.cts|md)$/.test(path) || path.endsWith('LICENSE.md')
}

export function stageEngine(root, target) {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const path of own) cpSync(join(root, path), join(target, path), { recursive: true, filter: (source) => !/^models[\\/]train([\\/]|$)/.test(relative(root, source)) })
  for (const path of enginePackages(root)) {
    cpSync(join(root, path), join(target, path), { recursive: true, dereference: false, filter: (source) => isNeeded(source) && !source.slice(join(root, path).length).includes(`${sep}node_modules${sep}.`) })
  }
  writeFileSync(join(target, 'THIRD-PARTY-NOTICES.txt'), noticesText(shippedLicences(root)))
  return target
}
