// Which packages leave the house: those that the engine runs with, and those that are built into the page.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const lockOf = (root) => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages

/** What the engine needs at run time and is here: neither for development nor another platform's binaries. Paths below the root. */
export function enginePackages(root) {
  return Object.entries(lockOf(root))
    .filter(([path, { dev, devOptional }]) => path.startsWith('node_modules/') && !dev && !devOptional && existsSync(join(root, path)))
    .map(([path]) => path)
}

/** The packages that are built into the page: those it imports, and theirs. */
export function pagePackages(root) {
  const lock = lockOf(root)
  const imports = globSync('renderer/**/*.{ts,tsx,css}', { cwd: root }).filter((file) => !/(^|[\\/])(dist|vite\.config\.ts)/.test(file)).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(@[\w.-]+\/[\w.-]+|[\w.-]+)(?:\/[^']*)?'/g)].map(([, name]) => name))
  const found = new Set()
  const visit = (name, from) => {
    // As Node looks for it: beside the asking package first, then upwards.
    const places = [from, ...(from.includes('/node_modules/') ? [from.slice(0, from.lastIndexOf('/node_modules/'))] : []), ''].map((at) => (at ? `${at}/node_modules/${name}` : `node_modules/${name}`))
    const path = places.find((place) => lock[place])
    if (!path || found.has(path) || name.startsWith('@types/')) return
    found.add(path)
    for (const dependency of Object.keys(lock[path].dependencies ?? {})) visit(dependency, path)
  }
  for (const name of new Set(imports)) visit(name, '')
  return [...found]
}
