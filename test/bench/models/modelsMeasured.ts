import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ModelCard } from '../../../core/contract/models.ts'
import { parseCard } from '../../../core/models/card.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { EmbeddingSession } from '../../../core/models/session.ts'

/** What is measured: a model with its card, or the product's perceptual hash (`model` is null). Plain data: it is sent to the processes. */
export interface Subject {
  readonly id: string
  readonly model: { readonly card: ModelCard; readonly file: string } | null
  /** Of ../shared/models: what winnow-s is to beat. */
  readonly isShared: boolean
  /** Trained in this project: what the aims are for. */
  readonly isOurs: boolean
  readonly bytes: number
}

const root = join(import.meta.dirname, '..', '..', '..')
const hashName = 'phash'
const trainedName = 'winnow-s'

const sharedFile = (shared: string, id: string): string => join(shared, 'models', `${id}.onnx`)
const builtIn = (id: string): string => join(root, 'models', id)
const hasCard = (folder: string): boolean => existsSync(join(folder, 'card.json'))

/** winnow-s where it is, the model without training, the hash, and every shared model. */
export const defaultModels = (shared: string): string[] =>
  [...(hasCard(builtIn(trainedName)) ? [trainedName] : []), 'basic', hashName, ...globSync('*.onnx', { cwd: join(shared, 'models') }).toSorted().map((file) => file.replace(/\.onnx$/, ''))]

/** Each is a model that comes with Winnow, `phash`, a file of ../shared/models without its ending, or a folder with card.json. Throws where there is no such thing. */
export async function findModels(names: readonly string[], { shared, size }: { shared: string; size: number | null }): Promise<Subject[]> {
  const found: Subject[] = []
  for (const name of names) {
    const subject = await findModel(name, shared)
    // Two trials of one model have one id; a column needs a name of its own.
    const id = found.some((other) => other.id === subject.id) ? name : subject.id
    found.push({ ...(size === null ? subject : await atSize(subject, size)), id })
  }
  return found
}

async function findModel(name: string, shared: string): Promise<Subject> {
  if (name === hashName) return { id: hashName, model: null, isShared: false, isOurs: false, bytes: 0 }
  const folder = [builtIn(name), resolve(name)].find(hasCard)
  if (folder !== undefined) {
    const cardFile = join(folder, 'card.json')
    const card = parseCard(readFileSync(cardFile, 'utf8'), cardFile)
    const file = join(folder, card.file)
    return { id: card.id, model: { card, file }, isShared: false, isOurs: card.id.startsWith('winnow-'), bytes: statSync(file).size }
  }
  const file = sharedFile(shared, name)
  if (!existsSync(file)) throw new Error(`There is no model "${name}": no card.json in ${builtIn(name)} or ${resolve(name)}, and no ${file}.`)
  return { id: name, model: { card: await sharedCard(file), file }, isShared: true, isOurs: false, bytes: statSync(file).size }
}

/** As ../shared/data/README.md says of them: 224 x 224, values of -1 to 1. The rest stands in the file. */
async function sharedCard(file: string): Promise<ModelCard> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  try {
    const { draft } = await new ModelLibrary({ folder }).inspect({ file })
    return { ...draft, input: { ...draft.input, width: 224, height: 224 }, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** With another input size, where its graph takes any. */
async function atSize(subject: Subject, size: number): Promise<Subject> {
  if (!subject.model) return subject
  const session = await EmbeddingSession.open({ ...subject.model, providers: ['cpu'] })
  const { anySize } = session
  await session.close()
  if (!anySize) {
    console.error(`${subject.id} takes pictures of one size only and keeps it.`)
    return subject
  }
  const { card, file } = subject.model
  return { ...subject, model: { card: { ...card, input: { ...card.input, width: size, height: size } }, file } }
}
