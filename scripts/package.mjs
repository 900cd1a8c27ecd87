// npm run package: the unpacked app under out/, by Electron Forge (forge.config.ts). Uses the Electron that is on this disk
// (ELECTRON_OVERRIDE_DIST_PATH, else the downloaded one); without one, Forge downloads it.
import { api } from '@electron-forge/core'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageJson } from './machine.mjs'
import { stageEngine } from './stageEngine.mjs'
import { zipFolder } from './zipFolder.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = process.env.WINNOW_PACKAGE_OUT ?? join(root, 'out')
process.env.WINNOW_STAGED_ENGINE = stageEngine(root, join(out, 'staged', 'engine'))

const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
// The test runtime keeps the real binary under runtime/, behind a wrapper that gives up root.
const distributions = [override && join(override, 'runtime'), override, join(root, 'node_modules', 'electron', 'dist')]
const distribution = distributions.find((path) => path && existsSync(join(path, 'version')))
if (distribution) {
  const zips = join(out, 'electron-zip')
  mkdirSync(zips, { recursive: true })
  const { version } = packageJson(join(root, 'node_modules', 'electron'))
  zipFolder(distribution, join(zips, `electron-v${version}-${process.platform}-${process.arch}.zip`))
  process.env.WINNOW_ELECTRON_ZIPS = zips
}
await api.package({ dir: root, outDir: out, interactive: false })
rmSync(join(out, 'electron-zip'), { recursive: true, force: true })
rmSync(join(out, 'staged'), { recursive: true, force: true })
process.stdout.write(`${join(out, `Winnow-${process.platform}-${process.arch}`)}\n`)
