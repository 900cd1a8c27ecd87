import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelCard } from '../contract/models.ts'
import { fromHuggingFace } from './huggingFaceConfig.ts'
import { fromTimm } from './timmConfig.ts'

/** What a preprocessing config beside a model file says, in a card's words. Only what it really says. */
export interface ConfigFacts {
  readonly size?: { width: number; height: number }
  readonly resize?: Partial<ModelCard['resize']>
  readonly colour?: ModelCard['colour']
  readonly scale?: number
  readonly mean?: ModelCard['mean']
  readonly std?: ModelCard['std']
  readonly licence?: string
  readonly source?: string
  /** What it says that a card has no words for: a person has to decide. */
  readonly notes?: readonly string[]
}

export interface SidecarFacts extends ConfigFacts {
  /** The file it was read from. */
  readonly file: string
}

/** A config that is there but says nothing that can be used, with the reason. */
export interface UnreadSidecar {
  readonly file: string
  readonly problem: string
}

const mostBytes = 2 ** 20
/** In the order in which they are believed; a Hugging Face folder may hold both, and its config.json is about the network. */
const configs = [
  ['preprocessor_config.json', fromHuggingFace],
  ['processor_config.json', fromHuggingFace],
  ['config.json', fromTimm]
] as const

/** Looks beside the model file and one folder up (Hugging Face keeps models in onnx/). Null where there is nothing of the kind. */
export async function readSidecar(modelFile: string): Promise<{ facts: SidecarFacts | null; unread: readonly UnreadSidecar[] }> {
  const beside = dirname(modelFile)
  const unread: UnreadSidecar[] = []
  for (const folder of new Set([beside, dirname(beside)])) {
    for (const [name, read] of configs) {
      const file = join(folder, name)
      const found = await readJson(file)
      if (found === null) continue
      if ('problem' in found) {
        unread.push({ file, problem: found.problem })
        continue
      }
      const facts = read(found.json)
      if (facts) return { facts: { file, ...facts }, unread }
      // config.json has many other uses; the others have this one.
      if (name !== 'config.json') unread.push({ file, problem: 'it says nothing of how pictures are prepared that could be read' })
    }
  }
  return { facts: null, unread }
}

/** Null where there is no such file. */
async function readJson(file: string): Promise<{ json: unknown } | { problem: string } | null> {
  try {
    const { size } = await stat(file)
    if (size > mostBytes) return { problem: `it has ${size} bytes, far more than such a file` }
    return { json: JSON.parse(await readFile(file, 'utf8')) }
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `it is not JSON (${error.message})` }
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : { problem: `it could not be read (${code ?? String(error)})` }
  }
}
