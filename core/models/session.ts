/// <reference lib="esnext.float16" />
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ModelCard, ProviderReport } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import { normaliseRows } from '../domain/matrix.ts'
import { InputTensor, type InputData } from './inputTensor.ts'
import { poolOutput } from './pooling.ts'
import { explainProviderError, firstSentence, isProvider } from './providers.ts'

/** Above this an input batch would crowd out everything else. */
const mostBatchBytes = 96 * 2 ** 20

/**
 * A model that is loaded and ready to embed. Never open one in the engine: `run` blocks the event loop, and a hostile file may crash
 * the process. On the CPU it uses one thread, because there is a worker per core.
 */
export class EmbeddingSession {
  readonly card: ModelCard
  readonly provider: string
  readonly reports: readonly ProviderReport[]
  /** How many images of the card's size go into one run. */
  readonly batchSize: number
  /** For images of the card's size. */
  readonly input: InputTensor
  /** Whether the model takes pictures of any size. */
  readonly anySize: boolean
  readonly #session: InferenceSession
  readonly #inputs = new Map<string, InputTensor>()
  /** The first dimension of the input where the model fixes it. */
  readonly #fixedBatch: number | null

  private constructor(card: ModelCard, session: InferenceSession, provider: string, reports: readonly ProviderReport[]) {
    this.card = card
    this.provider = provider
    this.reports = reports
    this.input = new InputTensor(card)
    this.#session = session
    const { fixedBatch, anySize } = checkSignature(card, session)
    this.#fixedBatch = fixedBatch
    this.anySize = anySize
    this.batchSize = this.batchSizeOf(this.input)
  }

  /**
   * Loads the model on the first of `providers` that takes it; they are tried one at a time, because a missing one throws even with others
   * behind it. `deviceId`: on which GPU, where there are several. Throws UNAVAILABLE where none does and BAD_INPUT where the file does not fit its card.
   */
  static async open({ card, file, providers, deviceId }: { card: ModelCard; file: string; providers: readonly string[]; deviceId?: number | undefined }): Promise<EmbeddingSession> {
    const reports: ProviderReport[] = []
    for (const provider of providers) {
      try {
        const session = await InferenceSession.create(file, sessionOptions(provider, deviceId))
        return new EmbeddingSession(card, session, provider, [...reports, { provider, state: 'running', detail: '' }])
      } catch (error) {
        if (error instanceof WinnowError) throw error
        const message = error instanceof Error ? error.message : String(error)
        reports.push({ provider, state: 'unavailable', detail: isProvider(provider) ? explainProviderError(provider, message) : firstSentence(message) })
      }
    }
    const reasons = reports.map(({ provider, detail }) => `${provider}: ${detail}`).join('; ')
    throw new WinnowError('UNAVAILABLE', `The model ${card.name} could not be loaded. ${reasons}.`, reports)
  }

  /** For images of another size than the card's. Throws BAD_INPUT where the model takes one size only. */
  inputOf(width: number, height: number): InputTensor {
    const { input, card } = this
    if (width === input.width && height === input.height) return input
    if (!this.anySize) throw wrongSize(card, width, height)
    const key = `${width} x ${height}`
    const known = this.#inputs.get(key) ?? new InputTensor(card, { width, height })
    this.#inputs.set(key, known)
    return known
  }

  /** How many images of an input's size go into one run. */
  batchSizeOf({ valuesPerImage }: InputTensor): number {
    return this.#fixedBatch ?? batchSizeFor(this.provider, valuesPerImage)
  }

  /**
   * Embeds the first `count` images of a batch that was filled by `input`. Returns count x dim, normalised where the card says so. Values
   * may be NaN or infinite where the model made them so. Throws BAD_INPUT where the output does not fit the card.
   */
  async embed(data: InputData, count: number): Promise<Float32Array> {
    const vectors = await this.embedRaw(data, count)
    if (this.card.normalise) normaliseRows(vectors, this.card.output.dim)
    return vectors
  }

  /** The same as the model gives it, never normalised, at the size of `input`. */
  async embedRaw(data: InputData, count: number, input: InputTensor = this.input): Promise<Float32Array> {
    const { card } = this
    const batch = this.#fixedBatch ?? count
    const filled = data.subarray(0, batch * input.valuesPerImage) as InputData
    const tensor = new Tensor(card.input.dtype, filled as never, input.dims(batch))
    const results = await this.#session.run({ [card.input.name]: tensor }, [card.output.name])
    const output = results[card.output.name]
    if (!output) throw new WinnowError('BAD_INPUT', `The model ${card.name} gave no output "${card.output.name}".`)
    const vectors = poolOutput(toFloat32(output), output.dims, count, card)
    output.dispose()
    return vectors
  }

  async close(): Promise<void> {
    await this.#session.release()
  }
}

/** `deviceId` is for the providers that count GPUs as CUDA does; the others do not hear of it. Exported for its tests. */
export const sessionOptions = (provider: string, deviceId?: number): InferenceSession.SessionOptions => ({
  executionProviders: [deviceId !== undefined && (provider === 'cuda' || provider === 'tensorrt') ? { name: provider, deviceId } : provider],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3
})

/** CPU caches like small batches (and the pictures behind them wait less); a GPU wants enough to fill it. */
function batchSizeFor(provider: string, valuesPerImage: number): number {
  const wanted = provider === 'cpu' ? 8 : 32
  return Math.max(1, Math.min(wanted, Math.floor(mostBatchBytes / (valuesPerImage * 4))))
}

/** A view needs another size than the model has. */
export const wrongSize = ({ name, input }: ModelCard, width: number, height: number): WinnowError =>
  new WinnowError('BAD_INPUT', `${name} takes pictures of ${input.width} x ${input.height} only; these views need ${width} x ${height}. Choose views of the model's size, or export the model with free height and width.`)

/** Returns the batch size that the model fixes, or null, and whether height and width are free; throws BAD_INPUT where names, types or sizes are not those of the card. */
function checkSignature(card: ModelCard, session: InferenceSession): { fixedBatch: number | null; anySize: boolean } {
  const where = `The model ${card.name}`
  const { input } = card
  const found = session.inputMetadata.find(({ name }) => name === input.name)
  if (!found) throw new WinnowError('BAD_INPUT', `${where} has no input "${input.name}"; it has ${quoted(session.inputNames)}. Correct "input.name" in its card.`)
  if (session.inputNames.length > 1) throw new WinnowError('BAD_INPUT', `${where} needs ${session.inputNames.length} inputs (${quoted(session.inputNames)}); Winnow feeds one picture. Export its image encoder alone.`)
  if (!session.outputNames.includes(card.output.name)) {
    throw new WinnowError('BAD_INPUT', `${where} has no output "${card.output.name}"; it has ${quoted(session.outputNames)}. Correct "output.name" in its card.`)
  }
  if (!found.isTensor) throw new WinnowError('BAD_INPUT', `${where}: its input "${input.name}" is not a tensor.`)
  if (found.type !== input.dtype) throw new WinnowError('BAD_INPUT', `${where} takes ${found.type}, its card says ${input.dtype}. Correct "input.dtype".`)
  const given = input.layout === 'NCHW' ? [3, input.height, input.width] : [input.height, input.width, 3]
  const shape = found.shape
  const fits = shape.length === 4 && given.every((size, i) => typeof shape[i + 1] !== 'number' || shape[i + 1] === size)
  if (!fits) throw new WinnowError('BAD_INPUT', `${where} takes ${shape.join(' x ')}, its card says N x ${given.join(' x ')}. Correct "input.layout", "input.width" or "input.height".`)
  const [atHeight, atWidth] = input.layout === 'NCHW' ? [2, 3] : [1, 2]
  return { fixedBatch: typeof shape[0] === 'number' ? shape[0] : null, anySize: typeof shape[atHeight] !== 'number' && typeof shape[atWidth] !== 'number' }
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

function toFloat32({ data, type }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length))
  if (type === 'float16' || type === 'float64') return Float32Array.from(data as ArrayLike<number>)
  throw new WinnowError('BAD_INPUT', `The model's output is ${type}; a descriptor must be float32, float16 or float64.`)
}
