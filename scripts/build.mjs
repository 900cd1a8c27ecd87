// Builds the renderer and Electron's main and preload. The engine needs no build: Node 24 runs its TypeScript as it stands.
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const parts = [
  { name: 'renderer', sources: ['renderer/**/*', 'core/contract/**/*', 'package-lock.json'], output: 'renderer/dist', config: 'renderer/vite.config.ts', modes: ['production'] },
  { name: 'Electron main and preload', sources: ['electron/**/*', 'package-lock.json'], output: 'electron/dist', config: 'electron/vite.config.ts', modes: ['main', 'preload'] }
]

function fingerprint(sources) {
  const hash = createHash('sha256')
  const files = sources.flatMap((pattern) => globSync(pattern, { withFileTypes: true }))
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).filter((path) => !/[\\/]dist[\\/]/.test(path)).sort()
  for (const path of paths) hash.update(path).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

for (const { name, sources, output, config, modes } of parts) {
  const stamp = join(output, '.fingerprint')
  const now = fingerprint(sources)
  if (process.argv.includes('--if-changed') && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
  process.stderr.write(`winnow: building ${name}…\n`)
  for (const mode of modes) await build({ configFile: join(root, config), mode, logLevel: 'warn' })
  mkdirSync(output, { recursive: true })
  writeFileSync(stamp, now)
}
