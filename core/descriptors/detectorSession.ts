/// <reference lib="esnext.float16" />
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { WinnowError } from '../domain/errors.ts'
import type { OpenedImage } from '../images/openImage.ts'
import { decodeDetections, type DecodeOptions, type Detection, letterboxFor } from './detectorBoxes.ts'
import type { Detector } from './detectorCard.ts'

const padding = 114

/** A detector that is loaded. Never in the engine: `run` blocks the event loop. One thread, because there is a worker per core. */
export class DetectorSession {
  readonly #detector: Detector
  readonly #session: InferenceSession

  private constructor(detector: Detector, session: InferenceSession) {
    this.#detector = detector
    this.#session = session
  }

  /** Tries `providers` one at a time. Throws NOT_FOUND or BAD_INPUT where the file is not that of the card, UNAVAILABLE where it cannot be loaded. */
  static async open(detector: Detector, providers: readonly string[]): Promise<DetectorSession> {
    const { card, file } = detector
    const sha256 = await hashOf(file)
    if (sha256 !== card.sha256) throw new WinnowError('BAD_INPUT', `${file} is not the file that the card of the detector ${card.name} describes: its SHA-256 is ${sha256}, the card says ${card.sha256}.`)
    const problems: string[] = []
    for (const provider of providers) {
      try {
        const session = await InferenceSession.create(file, { executionProviders: [provider], intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 })
        checkNames(detector, session)
        return new DetectorSession(detector, session)
      } catch (error) {
        if (error instanceof WinnowError) throw error
        problems.push(`${provider}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
      }
    }
    throw new WinnowError('UNAVAILABLE', `The detector ${card.name} could not be loaded. ${problems.join('; ')}.`)
  }

  /** The boxes in one picture, strongest first, in its upright pixels. */
  async detect(image: OpenedImage, options: DecodeOptions): Promise<Detection[]> {
    const { card } = this.#detector
    const { name, size, dtype } = card.input
    const planes = await this.#planes(image)
    const input = dtype === 'float32' ? new Tensor('float32', planes, [1, 3, size, size]) : new Tensor('float16', new Uint16Array(Float16Array.from(planes).buffer), [1, 3, size, size])
    const { [card.output.name]: output } = await this.#session.run({ [name]: input }, [card.output.name])
    if (!output) throw new WinnowError('BAD_INPUT', `The detector ${card.name} gave no output "${card.output.name}".`)
    const values = output.data instanceof Float32Array ? output.data : Float32Array.from(asNumbers(output))
    return decodeDetections(values, output.dims, card, image, options)
  }

  async close(): Promise<void> {
    await this.#session.release()
  }

  async #planes(image: OpenedImage): Promise<Float32Array> {
    const { size } = this.#detector.card.input
    const frame = letterboxFor(image.width, image.height, size)
    const { data } = await image
      .pipeline()
      .resize(frame.width, frame.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch((error: unknown) => {
        throw image.failureOf(error)
      })
    const planes = new Float32Array(3 * size * size).fill(padding / 255)
    for (let y = 0; y < frame.height; y++) {
      for (let x = 0; x < frame.width; x++) {
        const from = (y * frame.width + x) * 3
        const to = (y + frame.top) * size + x + frame.left
        for (let channel = 0; channel < 3; channel++) planes[channel * size * size + to] = (data[from + channel] as number) / 255
      }
    }
    return planes
  }
}

const asNumbers = ({ data, type }: Tensor): ArrayLike<number> =>
  type === 'float16' && data instanceof Uint16Array ? new Float16Array(data.buffer, data.byteOffset, data.length) : (data as Float32Array)

function checkNames({ card }: Detector, { inputNames, outputNames }: InferenceSession): void {
  const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
  if (!inputNames.includes(card.input.name)) throw new WinnowError('BAD_INPUT', `The detector ${card.name} has no input "${card.input.name}"; it has ${quoted(inputNames)}. Correct "input.name" in its card.`)
  if (!outputNames.includes(card.output.name)) throw new WinnowError('BAD_INPUT', `The detector ${card.name} has no output "${card.output.name}"; it has ${quoted(outputNames)}. Correct "output.name" in its card.`)
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (error) {
    throw new WinnowError('NOT_FOUND', `The detector's file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`)
  }
  return hash.digest('hex')
}
