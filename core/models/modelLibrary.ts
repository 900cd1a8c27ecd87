import { mkdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { JsonFile } from '../app/jsonFile.ts'
import type { KnownModel } from '../contract/knownModels.ts'
import type { ModelCard, ModelCheck, ModelCheckRequest, ModelInfo, ModelInspection, ModelMeasurement, ProviderReport } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Service } from '../services.ts'
import { checkCard } from './card.ts'
import { draftCard } from './draftCard.ts'
import { FileHashes } from './fileHash.ts'
import { findKnownModel, knownModels, withKnownCard } from './knownModels.ts'
import { ModelFolders, type ModelEntry } from './modelFolders.ts'
import { checkParity } from './parityCheck.ts'
import { firstSentence } from './providers.ts'
import { type ProviderChoice, ProviderTrials, trialRun } from './providerTrials.ts'
import { readSidecar } from './sidecar.ts'
import { inTrial, TrialError } from './trial.ts'
import type { Signature } from './trial.process.ts'

/** They come with the app, the better first: the first that is in order is used where nobody chose one. The last needs no training and cannot be missing. */
const builtInModels = ['winnow-s', 'basic'] as const
const lastResort = builtInModels[1]

/** The better of those that come with the app stand first in the list; the others keep their order. */
const rankOf = ({ card }: ModelEntry): number => [...builtInModels, card.id].indexOf(card.id)

const measuredSchema = z.record(z.string(), z.object({ provider: z.string(), millisecondsPerImage: z.number(), at: z.number() }))
const stateSchema = z.object({ default: z.string().optional(), measured: measuredSchema.default({}) })
type LibraryState = z.infer<typeof stateSchema>

/** The models of this machine: those that come with the app, and those the user added (in `folder`, one folder each). */
export class ModelLibrary implements Omit<Service<'models'>, 'descriptors'> {
  readonly #folders: ModelFolders
  readonly #state: JsonFile<LibraryState>
  readonly #hashes = new FileHashes()
  readonly #trials = new ProviderTrials()

  constructor({ folder, builtIn }: { readonly folder: string; readonly builtIn?: string }) {
    mkdirSync(folder, { recursive: true })
    this.#folders = new ModelFolders(folder, builtIn)
    this.#state = new JsonFile(join(folder, 'default.json'), stateSchema, { measured: {} })
  }

  async list(): Promise<ModelInfo[]> {
    const [found, state] = await Promise.all([this.#folders.list(), this.#state.read()])
    const entries = found.toSorted((a, b) => rankOf(a) - rankOf(b))
    const standing = await Promise.all(entries.map((entry) => this.#standing(entry)))
    const ready = (id: string | undefined): boolean => entries.some((entry, i) => entry.card.id === id && standing[i]?.state === 'ready')
    const chosen = [state.default, ...builtInModels].find(ready) ?? lastResort
    return entries.map((entry, i) => ({
      card: entry.card,
      origin: entry.origin,
      ...(standing[i] as Standing),
      isDefault: entry.card.id === chosen && !entry.problem,
      measured: state.measured[entry.card.sha256] ?? null
    }))
  }

  /** Models that Winnow knows but does not bring along: how to get them. */
  async known(): Promise<KnownModel[]> {
    return await knownModels()
  }

  /**
   * Reads an ONNX file (in a process of its own) and drafts a card; `known`: from the card of that known model. Throws NOT_FOUND, CORRUPT or
   * BAD_INPUT, the latter also where the file is not what the known card describes.
   */
  async inspect({ file, known }: { file: string; known?: string | undefined }): Promise<ModelInspection> {
    const path = resolve(file)
    const bytes = await sizeOf(path)
    const card = known === undefined ? null : await findKnownModel(known)
    const [sha256, signature, { facts, unread }] = await Promise.all([this.#hashes.of(path), inspectFile(path), readSidecar(path)])
    const { inputs, outputs } = signature
    const drafted = draftCard(path, sha256, signature, facts)
    const inspection = { file: path, bytes, sha256, inputs, outputs, ...drafted }
    if (card) return { ...inspection, ...withKnownCard(inspection, card), notes: [`Filled from the card of ${card.card.name}.`, ...card.notes] }
    const notes = [...(facts ? [`Read from ${facts.file}.`, ...(facts.notes ?? [])] : []), ...unread.map(({ file: other, problem }) => `${other} was not used: ${problem}.`)]
    return { ...inspection, notes }
  }

  /** Embeds a picture with a model of this machine, or with a file and the card it is to get, and compares it with a supplied vector. See checkParity for what it throws. */
  async check({ model, image, vector, tolerance }: ModelCheckRequest): Promise<ModelCheck> {
    const subject = 'modelId' in model ? await this.resolve(model.modelId) : { card: checkCard(model.card, `The card of ${model.file}`), file: resolve(model.file) }
    await sizeOf(subject.file)
    return await checkParity(subject, { image: resolve(image), vector: resolve(vector), tolerance })
  }

  /**
   * Takes a model over: checks card and hash, copies the file, runs the copy on real pictures, and only then puts it in place. Throws
   * BAD_INPUT, CONFLICT, CORRUPT or NOT_FOUND, and leaves nothing behind.
   */
  async add({ file, card }: { file: string; card: ModelCard }): Promise<ModelInfo> {
    const path = resolve(file)
    await sizeOf(path)
    const checked = checkCard({ ...card, file: 'model.onnx' }, `The card of ${path}`)
    await this.#folders.add(path, checked, async (copy) => {
      const sha256 = await this.#hashes.of(copy.file)
      if (sha256 !== checked.sha256) {
        throw new WinnowError('BAD_INPUT', `The card is not for this file: it names sha256 ${checked.sha256.slice(0, 12)}…, ${path} has ${sha256.slice(0, 12)}…. Inspect the file again.`)
      }
      await trialRun(copy)
    })
    return await this.#info(checked.id)
  }

  async remove({ modelId }: { modelId: string }): Promise<{ ok: true }> {
    const entry = await this.#entry(modelId)
    if (entry.origin === 'built-in') throw new WinnowError('BAD_INPUT', `${entry.card.name} comes with Winnow and cannot be removed.`)
    await this.#folders.remove(entry)
    await this.#state.update((state) => ({ ...state, default: state.default === modelId ? undefined : state.default }))
    return { ok: true }
  }

  async setDefault({ modelId }: { modelId: string }): Promise<{ ok: true }> {
    await this.resolve(modelId)
    await this.#state.update((state) => ({ ...state, default: modelId }))
    return { ok: true }
  }

  /** How fast the model is, now, on the first provider that runs it; the figure is kept and shown in the list. */
  async measure({ modelId, providers }: { modelId: string; providers?: string[] | undefined }): Promise<ModelMeasurement> {
    const model = await this.resolve(modelId)
    const { provider, millisecondsPerImage, reports } = await new ProviderTrials().choose(model, { asked: providers })
    const measured = { provider, millisecondsPerImage, at: Date.now() }
    await this.#state.update((state) => ({ ...state, measured: { ...state.measured, [model.card.sha256]: measured } }))
    return { modelId, provider, millisecondsPerImage, reports }
  }

  /** What this machine offers, found out with the default model. */
  async providers(): Promise<ProviderReport[]> {
    return (await this.#trials.choose(await this.resolve(), { all: true })).reports
  }

  /** The model to embed with: `modelId`, else the default. Throws NOT_FOUND, or CORRUPT where its files are not in order. */
  async resolve(modelId?: string): Promise<{ card: ModelCard; file: string }> {
    const id = modelId ?? (await this.list()).find(({ isDefault }) => isDefault)?.card.id ?? lastResort
    const entry = await this.#entry(id)
    const { problem } = await this.#standing(entry)
    if (problem) throw new WinnowError('CORRUPT', `The model "${id}" cannot be used. ${problem}`)
    return { card: entry.card, file: entry.file }
  }

  /** The provider that runs a model here, and why the others do not. See ProviderTrials. */
  async choose(model: { card: ModelCard; file: string }, options: { asked?: readonly string[] | undefined; signal?: AbortSignal } = {}): Promise<ProviderChoice> {
    return await this.#trials.choose(model, options)
  }

  async #entry(modelId: string): Promise<ModelEntry> {
    const entries = await this.#folders.list()
    const entry = entries.find(({ card }) => card.id === modelId)
    if (!entry) throw new WinnowError('NOT_FOUND', `There is no model "${modelId}". Known models: ${entries.map(({ card }) => card.id).join(', ')}.`)
    return entry
  }

  async #info(modelId: string): Promise<ModelInfo> {
    const info = (await this.list()).find(({ card }) => card.id === modelId)
    if (!info) throw new WinnowError('NOT_FOUND', `There is no model "${modelId}".`)
    return info
  }

  async #standing({ card, file, problem }: ModelEntry): Promise<Standing> {
    if (problem) return { state: 'invalid', problem, bytes: null }
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) return { state: 'missing-file', problem: `${file} is missing. Put the file back, or remove the model.`, bytes: null }
    const sha256 = await this.#hashes.of(file)
    return sha256 === card.sha256
      ? { state: 'ready', problem: null, bytes: found.size }
      : { state: 'hash-mismatch', problem: `${file} is not the file its card was made for (sha256 ${sha256.slice(0, 12)}… instead of ${card.sha256.slice(0, 12)}…). Put the right file back, or remove the model and add it again.`, bytes: found.size }
  }
}

type Standing = Pick<ModelInfo, 'state' | 'problem' | 'bytes'>

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null)
  if (!found) throw new WinnowError('NOT_FOUND', `There is no file ${file}.`)
  if (!found.isFile()) throw new WinnowError('BAD_INPUT', `${file} is not a file. Choose an .onnx file.`)
  if (found.size === 0) throw new WinnowError('CORRUPT', `${file} is empty.`)
  return found.size
}

async function inspectFile(file: string): Promise<Signature> {
  try {
    return await inTrial((trial) => trial.call('inspect', [file]))
  } catch (error) {
    if (!(error instanceof TrialError)) throw error
    if (error.kind !== 'refused') throw new WinnowError('CORRUPT', `${file} could not be opened: ${error.message}. It is broken, or too large for this machine.`)
    throw new WinnowError('CORRUPT', explainLoadError(file, error.message))
  }
}

function explainLoadError(file: string, message: string): string {
  if (/protobuf parsing failed/i.test(message)) return `${file} is not an ONNX model: it could not be parsed.`
  if (/external|GetFileLength|file_size|model_path/i.test(message)) return `${file} keeps its weights in a second file, which Winnow does not take over. Save the model as a single file (onnx.save without external data).`
  if (/opset|ir_version|IR version/i.test(message)) return `${file} needs a newer ONNX Runtime than Winnow's: ${firstSentence(message)}`
  return `${file} could not be loaded: ${firstSentence(message)}`
}
