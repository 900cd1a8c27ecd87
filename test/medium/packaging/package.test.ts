import { getCurrentFuseWire, FuseV1Options } from '@electron/fuses'
import { listPackage } from '@electron/asar'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** A folder shaped like Electron's own, with a binary that carries nothing but the fuse wire (all fuses as Electron ships them). */
function standInElectron(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 8]), Buffer.from('10110010')])
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.alloc(512), wire, Buffer.alloc(512)]), { mode: 0o755 })
  writeFileSync(join(folder, 'version'), '45.4.1')
  writeFileSync(join(folder, 'LICENSE'), 'stand-in')
  writeFileSync(join(folder, 'resources', 'default_app.asar'), '')
  return folder
}

test.skipIf(process.platform !== 'linux')('npm run package lays the app out so that it can run (Linux, with a stand-in Electron)', async () => {
  const folder = temporaryFolder('package')
  const electron = standInElectron(join(folder, 'electron'))
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'package.mjs')], {
    cwd: root,
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electron, WINNOW_PACKAGE_OUT: join(folder, 'out') }
  })
  const app = join(folder, 'out', `Winnow-linux-${process.arch}`)
  const engine = join(app, 'resources', 'engine')

  // The asar holds Electron's two files and no more: no engine, no native module.
  const packed = listPackage(join(app, 'resources', 'app.asar'), { isPack: false })
  expect(packed.filter((path) => /\.(cjs|js|node|ts|json)$/.test(path)).sort()).toEqual(['/electron/dist/main.cjs', '/electron/dist/preload.cjs', '/package.json'])

  // The engine's own Node, its entry, its packages with their binaries, the models and the built page lie outside as plain files.
  const node = join(engine, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  expect(statSync(node).mode & 0o111).not.toBe(0)
  expect((await promisify(execFile)(node, ['--version'])).stdout).toMatch(/^v24\./)
  for (const path of ['core/server/main.ts', 'core/cli/main.ts', 'models/basic/card.json', 'models/winnow-s/winnow-s.onnx', 'renderer/dist/index.html', 'package.json']) expect(existsSync(join(engine, path)), path).toBe(true)
  for (const name of ['better-sqlite3', 'sharp', 'onnxruntime-node', '@orpc/server', 'ws', 'zod']) expect(existsSync(join(engine, 'node_modules', name, 'package.json')), name).toBe(true)
  const natives = readdirSync(join(engine, 'node_modules'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.node'))
  for (const name of ['better-sqlite3', '@img', 'onnxruntime-node']) expect(natives.some((path) => path.startsWith(name)), name).toBe(true)
  // The licences of all of it, the page's packages too.
  const notices = readFileSync(join(engine, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const name of ['sharp', 'better-sqlite3', 'onnxruntime-node', 'react-dom', '@mantine/core', '@tabler/icons-react', 'node-linux-']) expect(notices).toContain(`\n${name}`)
  expect(notices).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
  // What only builds the app stays home.
  for (const name of ['electron', 'vite', 'typescript', 'react']) expect(existsSync(join(engine, 'node_modules', name)), name).toBe(false)
  expect(existsSync(join(engine, 'models', 'train'))).toBe(false)

  // It works with nothing but what was packed: SQLite, sharp and ONNX Runtime are loaded, workers and threads start.
  const photos = join(folder, 'photos')
  const project = join(folder, 'p.winnow')
  writePictures(photos, 4)
  const winnow = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(node, [join(engine, 'core', 'cli', 'main.ts'), '--home', join(folder, 'home'), '--workers', '1', ...args], { cwd: folder })).stdout
  expect((await winnow('--version')).trim()).toMatch(/^\d+\.\d+\.\d+/)
  await winnow('create', project, '--root', photos)
  await winnow('prepare', project)
  expect(JSON.parse(await winnow('info', project, '--json'))).toMatchObject({ project: { counts: { ready: 4 } } })

  const fuses = await getCurrentFuseWire(join(app, 'winnow'))
  const on = '1'.charCodeAt(0)
  const off = '0'.charCodeAt(0)
  expect(fuses[FuseV1Options.RunAsNode]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(off)
  expect(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on)
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on)
  expect(fuses[FuseV1Options.EnableCookieEncryption]).toBe(on)
})
