/**
 * A process of its own in which a model file is opened for the first time: ONNX Runtime blocks its event loop, and a broken or hostile file,
 * or a provider without its driver, may crash or hang it. The engine starts one for each question and kills it when it takes too long.
 */
import { stat } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ModelCard } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { serveParent } from '../workers/channel.ts'
import { embedFiles } from './embedFiles.ts'
import { inputPixels } from './preprocess.ts'
import { EmbeddingSession } from './session.ts'
import { testPictures } from './testPictures.ts'

export interface TensorInfo {
  readonly name: string
  readonly type: string
  readonly shape: (number | string)[]
}

export interface Signature {
  readonly inputs: TensorInfo[]
  readonly outputs: TensorInfo[]
  /** Shapes of the outputs by name as they came from a run on a black picture; null where no run was possible. */
  readonly ran: Record<string, number[]> | null
}

export interface TrialResult {
  /** Descriptors of the test pictures, pictures x dim. */
  readonly vectors: Float32Array
  readonly millisecondsPerImage: number
}

const measuredMilliseconds = 400
const mostRuns = 20
/** A full batch (of 8, on the CPU) of anything slower than this is not worth its time. */
const slowMilliseconds = 1000

const trialProcess = {
  /** What the file says of itself. */
  async inspect(file: string): Promise<Signature> {
    const session = await InferenceSession.create(file, { executionProviders: ['cpu'], intraOpNumThreads: 1, graphOptimizationLevel: 'basic', logSeverityLevel: 3 })
    const inputs = session.inputMetadata.map(tensorInfo)
    const outputs = session.outputMetadata.map(tensorInfo)
    return { inputs, outputs, ran: await blackRun(session, inputs) }
  },

  /** Embeds the test pictures through the whole path of a real one, then measures a full batch. */
  async run(card: ModelCard, file: string, provider: string): Promise<TrialResult> {
    const session = await EmbeddingSession.open({ card, file, providers: [provider] })
    const pictures = await testPictures()
    const pixels = await Promise.all(pictures.map((picture) => inputPixels(picture, card)))
    const vectors = new Float32Array(pixels.length * card.output.dim)
    const perRun = Math.min(session.batchSize, pixels.length)
    const batch = session.input.batch(perRun)
    const start = performance.now()
    for (let first = 0; first < pixels.length; first += perRun) {
      const part = pixels.slice(first, first + perRun)
      for (const [i, rgb] of part.entries()) session.input.write(batch, i, rgb)
      vectors.set(await session.embed(batch, part.length), first * card.output.dim)
    }
    const spent = (performance.now() - start) / pixels.length
    // A model that takes seconds a picture is known well enough by now; full batches of it would take minutes.
    return { vectors, millisecondsPerImage: spent > slowMilliseconds ? spent : await measure(session) }
  },

  /** The vector of one picture, by everything that a job's pictures go through. */
  async embedFile(card: ModelCard, file: string, image: string): Promise<Float32Array> {
    const found = await stat(image).catch((error: unknown) => {
      throw systemError(error, image) ?? error
    })
    if (!found.isFile()) throw new WinnowError('BAD_INPUT', `${image} is not a file. Name the picture that the vector was made of.`)
    const item = { imageId: 1, path: Buffer.from(image), bytes: found.size, mtimeMs: found.mtimeMs, svg: /\.svg$/i.test(image) }
    const { vectors, failures } = await embedFiles({ model: { card, file, providers: ['cpu'] }, items: [item] }, { signal: new AbortController().signal })
    const [failure] = failures
    if (failure) throw new WinnowError('BAD_INPUT', `${image} could not be embedded (${failure.reason}): ${failure.detail}`)
    return vectors
  }
}
export type TrialProcess = typeof trialProcess

async function measure(session: EmbeddingSession): Promise<number> {
  const batch = session.input.batch(session.batchSize)
  await session.embed(batch, session.batchSize)
  const start = performance.now()
  let runs = 0
  do {
    await session.embed(batch, session.batchSize)
    runs++
  } while (runs < mostRuns && performance.now() - start < measuredMilliseconds)
  return (performance.now() - start) / (runs * session.batchSize)
}

const tensorInfo = (metadata: InferenceSession.ValueMetadata): TensorInfo =>
  metadata.isTensor ? { name: metadata.name, type: metadata.type, shape: [...metadata.shape] } : { name: metadata.name, type: 'not a tensor', shape: [] }

/** Shapes with names in them say nothing of the length of a descriptor: a run on zeros does. */
async function blackRun(session: InferenceSession, inputs: readonly TensorInfo[]): Promise<Record<string, number[]> | null> {
  const [input] = inputs
  if (inputs.length !== 1 || !input || input.shape.length !== 4) return null
  const channelsLast = input.shape[3] === 3 && input.shape[1] !== 3
  const assumed = channelsLast ? [1, 224, 224, 3] : [1, 3, 224, 224]
  const dims = input.shape.map((size, i) => (typeof size === 'number' ? size : (assumed[i] as number)))
  const count = dims.reduce((product, size) => product * size, 1)
  if (count > 3 * 4096 * 4096) return null
  try {
    const data = input.type === 'uint8' ? new Uint8Array(count) : input.type === 'float16' ? new Uint16Array(count) : new Float32Array(count)
    const results = await session.run({ [input.name]: new Tensor(input.type as 'float32', data as Float32Array, dims) })
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, [...tensor.dims]]))
  } catch {
    return null
  }
}

process.on('disconnect', () => process.exit(0))
serveParent(trialProcess)
