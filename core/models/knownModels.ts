import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KnownEmbedding, type KnownModel, knownModel } from '../contract/knownModels.ts'
import type { ModelCard, ModelInspection } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'

/** One JSON file a model: <repository>/models/cards/<id>.json. */
const cardsFolder = join(import.meta.dirname, '..', '..', 'models', 'cards')

/** The models that Winnow knows but does not bring along, by id. Throws CORRUPT naming the file and field where one is not in order. */
export async function knownModels(folder = cardsFolder): Promise<KnownModel[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  return await Promise.all(names.map(async (name) => parseKnownModel(await readFile(join(folder, name), 'utf8'), join(folder, name))))
}

/** One of them. Throws NOT_FOUND with the ids there are. */
export async function findKnownModel(id: string, folder = cardsFolder): Promise<KnownModel> {
  const models = await knownModels(folder)
  const found = models.find(({ card }) => card.id === id)
  if (!found) throw new WinnowError('NOT_FOUND', `There is no known model "${id}". Known are ${models.map(({ card }) => card.id).join(', ')}; another card is given as the path of a file.`)
  return found
}

/** Throws CORRUPT. */
export function parseKnownModel(text: string, file: string): KnownModel {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new WinnowError('CORRUPT', `${file} is not JSON: ${(error as Error).message}`)
  }
  const parsed = knownModel.safeParse(json)
  if (!parsed.success) throw new WinnowError('CORRUPT', `${file}: ${parsed.error.issues.slice(0, 3).map(({ path, message }) => `field "${path.join('.') || '(whole file)'}": ${message}`).join('; ')}.`)
  return parsed.data
}

/**
 * The draft of a file with the card of a known model over it. Names of inputs and outputs are the file's where it has no such ones as the card:
 * exports call them as they like. Throws BAD_INPUT where the file takes other pictures than the card says, or gives another length.
 */
export function withKnownCard({ file, inputs, outputs, draft }: Pick<ModelInspection, 'file' | 'inputs' | 'outputs' | 'draft'>, known: KnownModel): Pick<ModelInspection, 'draft' | 'questions'> {
  if (known.kind !== 'embedding') {
    throw new WinnowError('BAD_INPUT', `${known.card.name} finds local features; it gives no vector for a picture. Write a card for it with "winnow models card ${known.card.id} --for ${file}" and name that card where pairs are verified.`)
  }
  const { card, otherDims } = known
  const [input] = inputs
  const output = outputOf(known, outputs, draft)
  const problem = inputMisfit(known, input) ?? outputMisfit(known, outputs, output)
  if (problem) throw new WinnowError('BAD_INPUT', `${file} is not what the card "${known.card.id}" describes: ${problem} Export it again with ${known.export.script}, or add it without --card.`)
  return {
    draft: {
      ...card,
      file: draft.file,
      sha256: draft.sha256,
      input: { ...card.input, name: input?.name ?? card.input.name, dtype: draft.input.dtype },
      // A file in whole bytes takes the pixels as they are.
      ...(draft.input.dtype === 'uint8' ? { scale: 1, mean: [0, 0, 0] as ModelCard['mean'], std: [1, 1, 1] as ModelCard['std'] } : {}),
      output: { ...card.output, name: output.name, dim: output.dim !== null && otherDims.includes(output.dim) ? output.dim : card.output.dim }
    },
    questions: []
  }
}

/** The output that is the embedding, by the card's name or as the only one, and its length where the file says it. */
function outputOf({ card }: KnownEmbedding, outputs: ModelInspection['outputs'], draft: ModelCard): { name: string; dim: number | null } {
  const name = outputs.some((one) => one.name === card.output.name) ? card.output.name : outputs.length > 1 ? null : draft.output.name
  // A draft holds the length that a run on a black picture gave, and 2 where nobody knows.
  if (name === draft.output.name && draft.output.dim > 2) return { name, dim: draft.output.dim }
  const last = outputs.find((one) => one.name === name)?.shape.at(-1)
  return { name: name ?? card.output.name, dim: typeof last === 'number' ? last : null }
}

/** What of the input contradicts the card, in a sentence; sizes that the file leaves open contradict nothing. */
function inputMisfit({ card }: KnownEmbedding, input: ModelInspection['inputs'][number] | undefined): string | null {
  const shape = input?.shape ?? []
  const wanted = card.input.layout === 'NCHW' ? [3, card.input.height, card.input.width] : [card.input.height, card.input.width, 3]
  const fits = shape.length === 4 && wanted.every((size, i) => typeof shape[i + 1] !== 'number' || shape[i + 1] === size)
  return fits ? null : `its input "${input?.name ?? '?'}" is ${shape.join(' x ') || 'without a shape'}, the card says N x ${wanted.join(' x ')}.`
}

function outputMisfit({ card, otherDims }: KnownEmbedding, outputs: ModelInspection['outputs'], { name, dim }: { name: string; dim: number | null }): string | null {
  if (!outputs.some((one) => one.name === name)) return `it has the outputs ${outputs.map((one) => `"${one.name}"`).join(', ')}, the card says "${name}".`
  if (dim === null || dim === card.output.dim || otherDims.includes(dim) || card.output.pooling !== 'none') return null
  return `it gives ${dim} values a picture, the card says ${[card.output.dim, ...otherDims].join(' or ')}.`
}
