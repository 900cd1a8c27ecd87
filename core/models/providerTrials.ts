import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ModelCard, ProviderReport } from '../contract/models.ts'
import { isWinnowError, WinnowError } from '../domain/errors.ts'
import { cudaDevices } from '../workers/gpuDevices.ts'
import { explainProviderError, firstSentence, impossible, onlyOnRequest, providerOrder, providersToTry, type Provider } from './providers.ts'
import { inTrial, TrialError } from './trial.ts'
import type { TrialResult } from './trial.process.ts'

/** How a provider fared with one model. */
type Verdict = { readonly works: true; readonly millisecondsPerImage: number } | { readonly works: false; readonly reason: string }

export interface ProviderChoice {
  readonly provider: Provider
  readonly millisecondsPerImage: number
  /** GPUs of that kind that work is spread over; 1 for the others. */
  readonly devices: number
  /** One line a provider, in the order of trying. */
  readonly reports: ProviderReport[]
}

interface ModelFile {
  readonly card: ModelCard
  readonly file: string
}

const seconds = 90
/** A provider whose descriptors differ more than this from the CPU's computes something else. */
const leastCosine = 0.99

/**
 * Finds out which execution providers run a model here. Each is tried alone in a process of its own, because a missing one throws, a
 * software adapter may hang, and a driver may crash; and its descriptors are compared with the CPU's before they are trusted. Verdicts are
 * kept for the life of this object.
 */
export class ProviderTrials {
  readonly #verdicts = new Map<string, Promise<Verdict>>()
  readonly #references = new Map<string, Promise<TrialResult>>()
  readonly #gpus: () => Promise<readonly number[]>

  /** `gpus`: the CUDA devices of this machine. */
  constructor({ gpus = cudaDevices }: { gpus?: () => Promise<readonly number[]> } = {}) {
    this.#gpus = gpus
  }

  /**
   * The first provider in order that works and is not slower than one CPU core (unless it was asked for by name). Throws UNAVAILABLE or
   * BAD_INPUT where not even the CPU runs the model. `all`: tries the others too, to tell what this machine has.
   */
  async choose(model: ModelFile, { asked, all = false, signal }: { asked?: readonly string[] | undefined; all?: boolean; signal?: AbortSignal | undefined } = {}): Promise<ProviderChoice> {
    const toTry = providersToTry(asked)
    const cpu = await this.#reference(model, signal)
    const reports: ProviderReport[] = []
    let chosen: Omit<ProviderChoice, 'reports'> | null = null
    for (const provider of providerOrder) {
      if (!toTry.includes(provider)) {
        const detail = onlyOnRequest.includes(provider) && !asked?.length ? 'tried only when asked for: building its engine takes minutes' : 'not asked for'
        reports.push({ provider, state: 'not-tried', detail: impossible(provider) ?? detail })
        continue
      }
      if (chosen && !all) {
        reports.push({ provider, state: 'not-tried', detail: `${chosen.provider} comes first` })
        continue
      }
      const verdict: Verdict = provider === 'cpu' ? { works: true, millisecondsPerImage: cpu.millisecondsPerImage } : await this.#verdict(model, provider, cpu, signal)
      if (!verdict.works) {
        reports.push({ provider, state: 'unavailable', detail: verdict.reason })
        continue
      }
      const speed = `${verdict.millisecondsPerImage.toFixed(1)} ms an image`
      const slower = provider !== 'cpu' && verdict.millisecondsPerImage > cpu.millisecondsPerImage && !asked?.includes(provider)
      if (chosen) reports.push({ provider, state: 'available', detail: `${speed}; ${chosen.provider} comes first` })
      else if (slower) reports.push({ provider, state: 'available', detail: `${speed}, slower than one CPU core (${cpu.millisecondsPerImage.toFixed(1)} ms): a software adapter?` })
      else {
        const devices = provider === 'cuda' || provider === 'tensorrt' ? Math.max(1, (await this.#gpus()).length) : 1
        chosen = { provider, millisecondsPerImage: verdict.millisecondsPerImage, devices }
        reports.push({ provider, state: 'running', detail: provider === 'cpu' ? `${speed} on one core` : devices > 1 ? `${speed} on the first of ${devices} GPUs; work is spread over all of them` : speed })
      }
    }
    if (!chosen) throw new WinnowError('UNAVAILABLE', `No execution provider runs ${model.card.name}.`, reports)
    return { ...chosen, reports }
  }

  /** What the CPU makes of the test pictures: the yardstick, and the proof that file and card fit each other. */
  async #reference(model: ModelFile, signal?: AbortSignal): Promise<TrialResult> {
    return await remembered(this.#references, keyOf(model), () => trialRun(model, 'cpu', signal))
  }

  async #verdict(model: ModelFile, provider: Provider, cpu: TrialResult, signal?: AbortSignal): Promise<Verdict> {
    return await remembered(this.#verdicts, `${keyOf(model)} ${provider}`, async () => {
      const reason = impossible(provider) ?? librariesMissing(provider)
      if (reason) return { works: false, reason }
      try {
        const { vectors, millisecondsPerImage } = await inTrial((trial) => trial.call('run', [model.card, model.file, provider]), { seconds, ...(signal ? { signal } : {}) })
        const cosine = leastRowCosine(vectors, cpu.vectors, model.card.output.dim)
        return cosine >= leastCosine
          ? { works: true, millisecondsPerImage }
          : { works: false, reason: `it loads, but its descriptors differ from the CPU's (cosine ${cosine.toFixed(3)})` }
      } catch (error) {
        if (!(error instanceof TrialError)) throw error
        return { works: false, reason: reasonOf(provider, error) }
      }
    })
  }
}

/**
 * Runs a model on the CPU in a process of its own and checks what comes out: right length, finite, different for different pictures.
 * Throws BAD_INPUT, CORRUPT or UNAVAILABLE with a sentence on what to do.
 */
export async function trialRun(model: ModelFile, provider: Provider = 'cpu', signal?: AbortSignal): Promise<TrialResult> {
  const { card } = model
  try {
    const result = await inTrial((trial) => trial.call('run', [card, model.file, provider]), { seconds, ...(signal ? { signal } : {}) })
    if (!result.vectors.every(Number.isFinite)) {
      throw new WinnowError('BAD_INPUT', `The model ${card.name} gives values that are not finite numbers for an ordinary picture. Check "scale", "mean" and "std" in its card.`)
    }
    if (rowCosine(result.vectors.subarray(0, card.output.dim), result.vectors.subarray(card.output.dim)) > 0.99999) {
      throw new WinnowError('BAD_INPUT', `The model ${card.name} gives the same descriptor for two different pictures. Check "output.name", "scale", "mean" and "std" in its card.`)
    }
    return result
  } catch (error) {
    throw modelError(error, card)
  }
}

/** What a trial of a model threw, as an error that names the model; anything else as it is. */
export function modelError(error: unknown, { name }: Pick<ModelCard, 'name'>): unknown {
  if (!(error instanceof TrialError)) return error
  if (error.remote && isWinnowError(error.remote)) return new WinnowError(error.remote.code, error.remote.message, error.remote.data)
  return new WinnowError('CORRUPT', `The model ${name} could not be run: ${error.kind === 'refused' ? firstSentence(error.message) : error.message}. Check that it is a whole ONNX file for pictures.`)
}

const keyOf = ({ card, file }: ModelFile): string => JSON.stringify([file, card])

/** The one answer to a question that was asked before; a failed one is asked again. */
async function remembered<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(key)
  if (known) return await known
  const answer = ask()
  answers.set(key, answer)
  answer.catch(() => answers.delete(key))
  return await answer
}

/** CUDA's libraries come in a download of their own; without them there is no need to start a process. */
function librariesMissing(provider: Provider): string | null {
  if (provider !== 'cuda' && provider !== 'tensorrt') return null
  const main = createRequire(import.meta.url).resolve('onnxruntime-node')
  const library = join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch, `libonnxruntime_providers_${provider}.so`)
  return existsSync(library) ? null : explainProviderError(provider, `${library.split('/').at(-1)}: cannot open shared object file`)
}

function reasonOf(provider: Provider, error: TrialError): string {
  if (error.kind === 'timed-out') return `${error.message}: left out`
  if (error.kind === 'crashed') return `it crashed (${error.message})`
  const reports = error.remote?.data
  const detail = Array.isArray(reports) ? (reports[0] as ProviderReport | undefined)?.detail : undefined
  return explainProviderError(provider, detail ?? error.message, error.stderr)
}

function leastRowCosine(a: Float32Array, b: Float32Array, dim: number): number {
  let least = 1
  for (let start = 0; start < b.length; start += dim) least = Math.min(least, rowCosine(a.subarray(start, start + dim), b.subarray(start, start + dim)))
  return least
}

/** Cosine of two vectors; NaN values make it -1, so that they never pass for equal. */
function rowCosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? 0
    dot += x * y
    aa += x * x
    bb += y * y
  }
  const cosine = dot / Math.sqrt(aa * bb)
  return Number.isNaN(cosine) ? -1 : cosine
}
