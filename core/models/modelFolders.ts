import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelCard } from '../contract/models.ts'
import { isWinnowError, WinnowError } from '../domain/errors.ts'
import { parseCard } from './card.ts'

/** The models that come with the app: <repository>/models/<name>/card.json. */
const builtInFolder = join(import.meta.dirname, '..', '..', 'models')
const cardFile = 'card.json'
const staging = '.adding-'

/** A model's folder: its card, or what is wrong with it. */
export interface ModelEntry {
  readonly origin: 'built-in' | 'added'
  readonly folder: string
  readonly card: ModelCard
  /** The absolute path of the ONNX file. */
  readonly file: string
  /** Why the card cannot be used; `card` then is a stand-in that carries the folder's name. */
  readonly problem: string | null
}

/** Where models lie on disk: one folder each, with card.json and the ONNX file beside it. */
export class ModelFolders {
  readonly #added: string
  readonly #builtIn: string

  constructor(added: string, builtIn = builtInFolder) {
    this.#added = added
    this.#builtIn = builtIn
  }

  /** Built-in models first, each group by id. */
  async list(): Promise<ModelEntry[]> {
    const entries = [...(await this.#entries(this.#builtIn, 'built-in')), ...(await this.#entries(this.#added, 'added'))]
    const seen = new Set<string>()
    return entries.map((entry) => {
      const again = seen.has(entry.card.id)
      seen.add(entry.card.id)
      return again ? { ...entry, problem: `Another model has the id "${entry.card.id}" too. Change "id" in ${join(entry.folder, cardFile)}.` } : entry
    })
  }

  /**
   * Copies a model file and its card into a folder of their own. It only appears under its name once `check` has passed on the copy.
   * Throws CONFLICT where the id is taken.
   */
  async add(file: string, card: ModelCard, check: (copied: { card: ModelCard; file: string }) => Promise<void>): Promise<void> {
    const target = join(this.#added, card.id)
    if ((await this.list()).some((entry) => entry.card.id === card.id) || existsSync(target)) {
      throw new WinnowError('CONFLICT', `There is already a model "${card.id}". Choose another id, or remove that model first.`)
    }
    await mkdir(this.#added, { recursive: true })
    await this.#clearLeftovers()
    const stage = join(this.#added, `${staging}${randomUUID()}`)
    await mkdir(stage)
    try {
      const stored = { ...card, file: 'model.onnx' }
      const copy = join(stage, stored.file)
      await copyFile(file, copy, constants.COPYFILE_FICLONE)
      await writeFile(join(stage, cardFile), `${JSON.stringify(stored, null, 2)}\n`)
      await check({ card: stored, file: copy })
      await rename(stage, target)
    } finally {
      await rm(stage, { recursive: true, force: true })
    }
  }

  /** Deletes an added model's folder. */
  async remove({ folder }: ModelEntry): Promise<void> {
    // Out of the list first: a removal that is cut short must not leave half a model.
    const gone = join(this.#added, `${staging}${randomUUID()}`)
    await rename(folder, gone)
    await rm(gone, { recursive: true, force: true })
  }

  async #entries(parent: string, origin: ModelEntry['origin']): Promise<ModelEntry[]> {
    const names = await readdir(parent).catch(() => [])
    const entries = await Promise.all(names.filter((name) => !name.startsWith('.')).sort().map((name) => readEntry(join(parent, name), name, origin)))
    return entries.filter((entry) => entry !== null)
  }

  /** What an engine that was killed while it added or removed a model left behind. */
  async #clearLeftovers(): Promise<void> {
    const hourAgo = Date.now() - 3_600_000
    for (const name of await readdir(this.#added)) {
      const path = join(this.#added, name)
      if (name.startsWith(staging) && (await stat(path)).mtimeMs < hourAgo) await rm(path, { recursive: true, force: true })
    }
  }
}

async function readEntry(folder: string, name: string, origin: ModelEntry['origin']): Promise<ModelEntry | null> {
  const path = join(folder, cardFile)
  if (!existsSync(path)) return null
  try {
    const card = parseCard(await readFile(path, 'utf8'), path)
    return { origin, folder, card, file: join(folder, card.file), problem: null }
  } catch (error) {
    const problem = isWinnowError(error) ? error.message : `${path} could not be read (${(error as Error).message}).`
    return { origin, folder, card: standIn(name), file: join(folder, 'model.onnx'), problem }
  }
}

/** A card for a folder whose own cannot be read, so that the list can show that it is there. */
function standIn(name: string): ModelCard {
  const id = /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) ? name : `unreadable-${Buffer.from(name).toString('hex').slice(0, 40)}`
  return {
    id, name, description: '', file: 'model.onnx', sha256: '0'.repeat(64), input: { name: '?', layout: 'NCHW', dtype: 'float32', width: 224, height: 224 },
    resize: { mode: 'squash', interpolation: 'bilinear', cropFraction: 1, shrinkOnLoad: true }, colour: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1],
    output: { name: '?', dim: 2, pooling: 'none', gemPower: 3 }, normalise: true, licence: 'unknown', source: 'unknown'
  }
}
