import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelCard, ModelInfo, ModelInspection, ProviderReport } from '../../contract/models.ts'
import { WinnowError } from '../../domain/errors.ts'
import { fraction } from '../arguments.ts'
import { addCardFlags, flagFor, saidByAnswer, saidByFlags, textAt, unanswered, withSaid } from '../cardFlags.ts'
import { exitCodes } from '../exitCodes.ts'
import { checkText, parityOrRefusal } from '../parity.ts'
import { onEngine } from '../run.ts'
import type { Terminal } from '../terminal.ts'
import { bytesInWords, table } from '../words.ts'
import { addKnownModelCommands } from './knownModels.ts'

const modelTable = (models: readonly ModelInfo[]): string =>
  table(
    ['id', 'name', 'values', 'size', 'speed', ''],
    models.map(({ card, bytes, isDefault, measured, problem, origin }) => [
      card.id,
      card.name,
      card.output.dim,
      bytes === null ? '' : bytesInWords(bytes),
      measured ? `${measured.millisecondsPerImage.toFixed(1)} ms/image on ${measured.provider}` : '',
      [isDefault ? 'default' : '', origin === 'added' ? 'added' : '', problem ?? ''].filter(Boolean).join(', ')
    ])
  )

const reportLines = (reports: readonly ProviderReport[]): string[] => reports.map(({ provider, state, detail }) => `  ${provider}: ${state}${detail ? ` (${detail})` : ''}`)

const shapeText = (shape: readonly (number | string)[]): string => shape.join(' × ')

const inspectionText = ({ file, bytes, sha256, inputs, outputs, draft, questions, notes }: ModelInspection): string =>
  [
    `${file} (${bytesInWords(bytes)}, sha256 ${sha256})`,
    ...inputs.map(({ name, type, shape }) => `  input ${name}: ${type} ${shapeText(shape)}`),
    ...outputs.map(({ name, type, shape }) => `  output ${name}: ${type} ${shapeText(shape)}`),
    ...notes,
    '',
    questions.length > 0 ? 'What nobody said yet:' : 'Nothing is left to ask.',
    ...questions.map(({ field, question }) => `  ${flagFor(field)} (now ${textAt(draft, field)}): ${question}`)
  ].join('\n')

interface AddOptions extends Record<string, unknown> {
  readonly card?: string | undefined
  readonly yes?: boolean
  readonly default?: boolean
  readonly check?: string
  readonly vector?: string
  readonly tolerance?: number
  readonly force?: boolean
}

/** models: what turns pictures into vectors on this machine. */
export function addModelCommands(program: Command): void {
  const models = program.command('models').description('the models that turn pictures into vectors')
  addKnownModelCommands(models)
  models
    .command('list')
    .description('the models of this machine')
    .action(async (_options: unknown, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const list = await session.client.models.list()
        return { json: { models: list }, text: modelTable(list) }
      })
    })
  models
    .command('inspect')
    .argument('<file>', 'an ONNX file')
    .description('what an ONNX file says of itself, and what it cannot say')
    .action(async (file: string, _options: unknown, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const inspection = await session.client.models.inspect({ file: resolve(file) })
        return { json: inspection, text: inspectionText(inspection) }
      })
    })
  addCardFlags(models.command('add').argument('<file>', 'an ONNX file'))
    .description('take over an ONNX file with its card')
    .option('--card <file-or-id>', 'a model card (JSON), or a known model (see models cards); what it leaves out is read from the ONNX file')
    .option('--yes', 'take the suggestion for every question that no flag answers')
    .option('--default', 'use it from now on where no model is named')
    .option('--check <image>', 'embed this picture first and compare with --vector')
    .option('--vector <file>', 'what the original makes of that picture: .npy, or JSON')
    .option('--tolerance <number>', 'how far the cosine may lie below 1', fraction, 0.001)
    .option('--force', 'add it even where the vectors differ')
    .addHelpText(
      'after',
      `
An ONNX file does not say how pictures were prepared in training, and wrong guesses give wrong neighbours without any error.
So each such question is answered by a flag or by the card; on a terminal it is asked.

Example:
  winnow models inspect resnet50.onnx
  winnow models add isc-ft-v107.onnx --card isc-ft-v107 --check photo.jpg --vector photo.npy
  winnow models add resnet50.onnx --values imagenet --resize crop --crop-fraction 0.875 --colour RGB --licence BSD-3-Clause --source torchvision`
    )
    .action(async (file: string, options: AddOptions, command: Command) => {
      await onEngine(command, async ({ session, terminal }) => {
        const path = resolve(file)
        // A file of that name goes before a known model.
        const known = options.card !== undefined && !existsSync(options.card) ? options.card : undefined
        const inspection = await session.client.models.inspect({ file: path, ...(known === undefined ? {} : { known }) })
        // A known model's own notes are those of "models card".
        for (const note of known === undefined ? inspection.notes : inspection.notes.slice(0, 1)) terminal.note(note)
        const card = await cardFor(inspection, { ...options, ...(known === undefined ? {} : { card: undefined }) }, terminal)
        const check = await parityOrRefusal(session.client, { file: path, card }, options, terminal)
        const added = await session.client.models.add({ file: path, card })
        if (options.default) await session.client.models.setDefault({ modelId: added.card.id })
        const list = await session.client.models.list()
        const model = list.find((one) => one.card.id === added.card.id) ?? added
        const lines = [...(check ? [checkText(check)] : []), `${model.card.name} is there as ${model.card.id}.`, '', `Next: winnow embed PROJECT --model ${model.card.id}`]
        return { json: { model, ...(check ? { check } : {}) }, text: lines.join('\n') }
      })
    })
  for (const [name, description] of [['remove', 'take out a model that was added'], ['default', 'use this model where none is named']] as const) {
    models
      .command(name)
      .argument('<id>')
      .description(description)
      .action(async (modelId: string, _options: unknown, command: Command) => {
        await onEngine(command, async ({ session }) => {
          await (name === 'remove' ? session.client.models.remove({ modelId }) : session.client.models.setDefault({ modelId }))
          const list = await session.client.models.list()
          return { json: { models: list }, text: modelTable(list) }
        })
      })
  }
  models
    .command('check')
    .argument('<id>')
    .requiredOption('--image <file>', 'the picture')
    .requiredOption('--vector <file>', 'what the original makes of it: .npy, or JSON')
    .option('--tolerance <number>', 'how far the cosine may lie below 1', fraction, 0.001)
    .description('compare what a model makes of a picture with a vector from elsewhere')
    .action(async (modelId: string, { image, vector, tolerance }: { image: string; vector: string; tolerance: number }, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const check = await session.client.models.check({ model: { modelId }, image: resolve(image), vector: resolve(vector), tolerance })
        return { json: { check }, text: checkText(check), ...(check.passed ? {} : { code: exitCodes.differs }) }
      })
    })
  models
    .command('measure')
    .argument('<id>')
    .option('--provider <name...>', 'execution providers to try, in order')
    .description('how fast a model runs here, and on what')
    .action(async (modelId: string, { provider }: { provider?: string[] }, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const measured = await session.client.models.measure({ modelId, ...(provider ? { providers: provider } : {}) })
        return { json: measured, text: [`${modelId}: ${measured.millisecondsPerImage.toFixed(2)} ms an image on ${measured.provider}`, ...reportLines(measured.reports)].join('\n') }
      })
    })
  models
    .command('providers')
    .description('what this machine can run models on, and why not on the rest')
    .action(async (_options: unknown, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const reports = await session.client.models.providers()
        return { json: { providers: reports }, text: reportLines(reports).map((line) => line.trim()).join('\n') }
      })
    })
}

/** The draft with the card file and the flags over it; what is still open is asked, or refused with the flags that answer it. */
async function cardFor(inspection: ModelInspection, options: AddOptions, terminal: Terminal): Promise<ModelCard> {
  const said = new Map(saidByFlags(options))
  const base = options.card ? { ...inspection.draft, ...(await readCard(options.card)), file: inspection.draft.file, sha256: inspection.sha256 } : inspection.draft
  const open = options.card || options.yes ? [] : unanswered(inspection, said)
  if (open.length > 0 && !terminal.interactive) {
    const lines = open.map(({ field, question }) => `  ${flagFor(field)}: ${question}`)
    throw new WinnowError('BAD_INPUT', `The file does not say these; answer by flags, by --card, or take the suggestions with --yes:\n${lines.join('\n')}`, { questions: open })
  }
  for (const { field, question } of open) {
    for (;;) {
      const answer = await terminal.ask(question, textAt(withSaid(base, said), field))
      try {
        for (const [part, value] of saidByAnswer(field, answer)) said.set(part, value)
        break
      } catch (error) {
        terminal.note((error as Error).message)
      }
    }
  }
  return withSaid(base, said)
}

async function readCard(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new WinnowError('NOT_FOUND', `There is no card at ${file}.`)
  })
  try {
    const card: unknown = JSON.parse(text)
    if (typeof card === 'object' && card !== null && !Array.isArray(card)) return card as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new WinnowError('BAD_INPUT', `${file} is not a model card: it must hold one JSON object.`)
}
