import type { Command } from 'commander'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { KnownModel } from '../../contract/knownModels.ts'
import { WinnowError } from '../../domain/errors.ts'
import { systemError } from '../../domain/systemErrors.ts'
import { FileHashes } from '../../models/fileHash.ts'
import { onEngine } from '../run.ts'
import { bytesInWords, table } from '../words.ts'

const valuesOf = (model: KnownModel): string => (model.kind === 'embedding' ? String(model.card.output.dim) : `${model.card.outputs.descriptors.dim} a point`)

function sizeOf({ kind, card }: KnownModel): string {
  const size = kind === 'embedding' ? card.input : card.input.size
  return size ? `${size.width} × ${size.height}` : 'any'
}

export const knownTable = (models: readonly KnownModel[]): string =>
  [table(['id', 'name', 'values', 'pictures', 'licence'], models.map((model) => [model.card.id, model.card.name, valuesOf(model), sizeOf(model), model.card.licence])),
    '', 'None of them comes with Winnow: winnow models card ID says how to get one.'].join('\n')

const indented = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : [])

/** How to get a known model, for people. */
export function knownText(model: KnownModel): string {
  const { card, weights, notes, views } = model
  const { command, needs, run, notRun } = model.export
  const onnx = `${card.id}.onnx`
  const next = model.kind === 'embedding'
    ? [`winnow models add ${onnx} --card ${card.id} --check PICTURE --vector VECTOR.npy`]
    : [`winnow models card ${card.id} --for ${onnx}`, 'then name that card where pairs are verified']
  return [
    `${card.name} (${card.id})`, card.description, `Source: ${card.source}`, `Licence: ${card.licence}`, `Pictures: ${sizeOf(model)}; values: ${valuesOf(model)}`,
    ...indented('Weights:', weights.flatMap(({ file, address, bytes, sha256, note }) => [
      `${file}: ${address ?? 'no address is known'}`, `  size ${bytes === null ? 'not known' : bytesInWords(bytes)}, sha256 ${sha256 ?? 'not known'}`, ...(note ? [`  ${note}`] : [])
    ])),
    ...indented(`ONNX (needs Python with ${needs.join(', ')}; run it in Winnow's folder):`, [command]),
    ...indented('Then:', next),
    ...indented('What of the export was run here:', run),
    ...indented('What was not:', notRun),
    ...indented('Views:', views ? [views.what] : []),
    ...indented('Notes:', notes)
  ].join('\n')
}

/** Adds `models cards` and `models card ID`. */
export function addKnownModelCommands(models: Command): void {
  models
    .command('cards')
    .description('models that Winnow knows but does not bring along')
    .action(async (_options: unknown, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const known = await session.client.models.known()
        return { json: { models: known }, text: knownTable(known) }
      })
    })
  models
    .command('card')
    .argument('<id>', 'of a known model')
    .option('--for <file>', 'write its card for this ONNX file, beside it')
    .description('how to get a known model')
    .action(async (id: string, { for: file }: { for?: string }, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const known = await session.client.models.known()
        const model = known.find(({ card }) => card.id === id)
        if (!model) throw new WinnowError('NOT_FOUND', `There is no known model "${id}". Known are ${known.map(({ card }) => card.id).join(', ')}.`)
        if (file === undefined) return { json: { model }, text: knownText(model) }
        const written = await writeCard(model, resolve(file))
        return { json: { card: written }, text: `${written} is the card of ${file}.` }
      })
    })
}

/** Writes the card beside the model file; never over another. Returns its path. */
async function writeCard({ kind, card }: KnownModel, file: string): Promise<string> {
  const path = join(dirname(file), `${basename(file, extname(file))}.card.json`)
  try {
    const whole = { ...(kind === 'localFeatures' ? { kind } : {}), ...card, file: basename(file), sha256: await new FileHashes().of(file) }
    await writeFile(path, `${JSON.stringify(whole, null, 2)}\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new WinnowError('CONFLICT', `${path} is there already. Move it away first.`)
    throw systemError(error, file) ?? error
  }
  return path
}
