import { resolve } from 'node:path'
import type { ModelCard, ModelCheck } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** "cosine 0.999998, largest difference 1.2e-4 over 256 values: they agree (at least 0.999 was asked for)" */
export const checkText = ({ cosine, maxDifference, dim, tolerance, passed }: ModelCheck): string =>
  `cosine ${cosine.toFixed(6)}, largest difference ${maxDifference.toExponential(1)} over ${dim} values: ${passed ? 'they agree' : 'they differ'} (at least ${(1 - tolerance).toFixed(6).replace(/0+$/, '')} was asked for)`

interface CheckOptions {
  readonly check?: string
  readonly vector?: string
  readonly tolerance?: number
  readonly force?: boolean
}

/** The check before a model is added, where one was asked for. Throws BAD_INPUT where the vectors differ and nobody said --force. */
export async function parityOrRefusal(client: Session['client'], model: { readonly file: string; readonly card: ModelCard }, { check: image, vector, tolerance = 0.001, force }: CheckOptions, terminal: Terminal): Promise<ModelCheck | null> {
  if (image === undefined && vector === undefined) return null
  if (image === undefined || vector === undefined) throw new WinnowError('BAD_INPUT', `--${image === undefined ? 'vector' : 'check'} needs --${image === undefined ? 'check' : 'vector'} too: a picture, and the vector that the original makes of it.`)
  const check = await client.models.check({ model, image: resolve(image), vector: resolve(vector), tolerance })
  if (check.passed) return check
  const told = `${image} and ${vector}: ${checkText(check)}.`
  if (!force) throw new WinnowError('BAD_INPUT', `${told} The card is probably wrong: look at --resize, --resampling, --interpolation, --values and --colour. Nothing was added; --force adds it all the same.`, { check })
  terminal.note(`${told} Added all the same (--force).`)
  return check
}
