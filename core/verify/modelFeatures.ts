import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { LocalFeaturesCard } from '../contract/localFeatures.ts'
import { WinnowError } from '../domain/errors.ts'
import { normaliseRows } from '../domain/matrix.ts'
import type { FeatureModel } from './featureSpec.ts'
import { featureProblem, type LocalFeatures, strongest } from './localFeatures.ts'
import { type PictureRequest, type ShrunkPicture, shrunkSize, wholePoint } from './picture.ts'

/** An ONNX model for local features, ready to run: only in a worker process, because `run` blocks and a hostile file may crash. One thread, for there is a worker a core. */
export class FeatureSession {
  readonly card: LocalFeaturesCard
  readonly #session: InferenceSession

  private constructor(card: LocalFeaturesCard, session: InferenceSession) {
    this.card = card
    this.#session = session
  }

  /** Throws NOT_FOUND or CORRUPT where the file is not the card's, BAD_INPUT where its inputs and outputs are not. */
  static async open({ card, file }: FeatureModel): Promise<FeatureSession> {
    const sha256 = await sha256Of(file)
    if (sha256 !== card.sha256) throw new WinnowError('CORRUPT', `${file} is not the file its card was made for (sha256 ${sha256.slice(0, 12)}… instead of ${card.sha256.slice(0, 12)}…). Put the right file back.`)
    let session: InferenceSession
    try {
      session = await InferenceSession.create(file, { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 })
    } catch (error) {
      throw new WinnowError('CORRUPT', `The model ${card.name} could not be loaded: ${firstLine(error)}`)
    }
    const { keypoints, scores, descriptors } = card.outputs
    if (!session.inputNames.includes(card.input.name)) throw new WinnowError('BAD_INPUT', `The model ${card.name} has no input "${card.input.name}" (field "input.name" of its card); it has ${session.inputNames.join(', ')}.`)
    for (const [field, { name }] of Object.entries({ keypoints, scores, descriptors })) {
      if (!session.outputNames.includes(name)) throw new WinnowError('BAD_INPUT', `The model ${card.name} has no output "${name}" (field "outputs.${field}.name" of its card); it has ${session.outputNames.join(', ')}.`)
    }
    return new FeatureSession(card, session)
  }

  /** The picture that the model takes. */
  request(mirrored: boolean): PictureRequest {
    const { channels, size, longestSide, multipleOf } = this.card.input
    return { channels, mirrored, sizeFor: (width, height) => size ?? shrunkSize(width, height, longestSide, multipleOf) }
  }

  /** At most `most` features, the strongest. Throws BAD_INPUT where the outputs do not fit the card. */
  async features(picture: ShrunkPicture, most: number): Promise<LocalFeatures> {
    const { card } = this
    const { keypoints, scores, descriptors } = card.outputs
    const tensor = new Tensor('float32', inputValues(picture, card), [1, picture.channels, picture.height, picture.width])
    let results: InferenceSession.OnnxValueMapType
    try {
      results = await this.#session.run({ [card.input.name]: tensor }, [keypoints.name, scores.name, descriptors.name])
    } catch (error) {
      throw new WinnowError('BAD_INPUT', `The model ${card.name} does not take a picture of ${picture.width} x ${picture.height}: ${firstLine(error)}`)
    }
    return strongest(readOutputs(card, picture, {
      keypoints: valuesOf(results[keypoints.name], keypoints.name, card),
      scores: valuesOf(results[scores.name], scores.name, card),
      descriptors: valuesOf(results[descriptors.name], descriptors.name, card)
    }), most)
  }

  async close(): Promise<void> {
    await this.#session.release()
  }
}

function inputValues({ width, height, channels, data }: ShrunkPicture, { colour, scale, mean, std }: LocalFeaturesCard): Float32Array {
  const pixels = width * height
  const values = new Float32Array(channels * pixels)
  for (let c = 0; c < channels; c++) {
    const from = colour === 'BGR' ? channels - 1 - c : c
    const factor = scale / 255 / (std[c] as number)
    const offset = (mean[c] as number) / (std[c] as number)
    for (let i = 0; i < pixels; i++) values[c * pixels + i] = (data[i * channels + from] as number) * factor - offset
  }
  return values
}

function valuesOf(output: InferenceSession.OnnxValueMapType[string] | undefined, name: string, card: LocalFeaturesCard): Float32Array {
  const data = (output as Tensor | undefined)?.data
  if (data instanceof Float32Array) return data
  // Some detectors give their keypoints as whole numbers.
  if (data instanceof BigInt64Array || data instanceof Int32Array) return Float32Array.from(data as Int32Array, Number)
  throw new WinnowError('BAD_INPUT', `The output "${name}" of ${card.name} is no tensor of float32 or of whole numbers.`)
}

/** Features from a model's raw outputs. Throws BAD_INPUT where they do not fit each other or the card. */
export function readOutputs(card: LocalFeaturesCard, picture: ShrunkPicture, outputs: { keypoints: Float32Array; scores: Float32Array; descriptors: Float32Array }): LocalFeatures {
  const { dim, layout } = card.outputs.descriptors
  const n = outputs.scores.length
  if (outputs.keypoints.length !== 2 * n) throw new WinnowError('BAD_INPUT', `${card.name} gave ${n} scores and ${outputs.keypoints.length} coordinates (two a score are needed). Correct "outputs" of its card.`)
  if (outputs.descriptors.length !== n * dim) throw new WinnowError('BAD_INPUT', `${card.name} gave ${outputs.descriptors.length} descriptor values for ${n} points (${dim} each are needed). Correct "outputs.descriptors" of its card.`)
  const kept: number[] = []
  for (let i = 0; i < n; i++) if ((outputs.scores[i] as number) > card.minScore) kept.push(i)
  const points = new Float32Array(2 * kept.length)
  const data = new Float32Array(dim * kept.length)
  const { space } = card.outputs.keypoints
  const toPixel = (value: number, side: number): number => (space === 'pixels' ? value : (space === 'unit' ? value : (value + 1) / 2) * side - 0.5)
  for (const [at, i] of kept.entries()) {
    points.set(wholePoint(picture, toPixel(outputs.keypoints[2 * i] as number, picture.width), toPixel(outputs.keypoints[2 * i + 1] as number, picture.height)), 2 * at)
    for (let d = 0; d < dim; d++) data[at * dim + d] = outputs.descriptors[layout === 'rows' ? i * dim + d : d * n + i] as number
  }
  if (card.normalise) normaliseRows(data, dim)
  const { whole: { width, height }, shrink } = picture
  const features: LocalFeatures = { width, height, shrink, points, scores: Float32Array.from(kept, (i) => outputs.scores[i] as number), descriptors: { kind: 'float', dim, data } }
  const problem = featureProblem(features)
  if (problem) throw new WinnowError('BAD_INPUT', `${card.name} gave features that cannot be used: ${problem}.`)
  return features
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n')[0] ?? ''

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new WinnowError('NOT_FOUND', `The model's file ${file} is not there. Put it beside its card.`)
    throw error
  }
  return hash.digest('hex')
}
