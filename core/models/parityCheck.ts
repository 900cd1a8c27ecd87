import type { ModelCard, ModelCheck } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import { modelError } from './providerTrials.ts'
import { readReferenceVector } from './referenceVector.ts'
import { inTrial } from './trial.ts'

const seconds = 120

/**
 * Embeds a picture the way a job would (same reading, decoding, resizing and values; on the CPU, in a process of its own) and compares the vector
 * with one that somebody got elsewhere. Throws NOT_FOUND, BAD_INPUT or CORRUPT naming the file: no such picture, no vector, another length.
 */
export async function checkParity(model: { readonly card: ModelCard; readonly file: string }, { image, vector, tolerance }: { readonly image: string; readonly vector: string; readonly tolerance: number }): Promise<ModelCheck> {
  const { card, file } = model
  const theirs = await readReferenceVector(vector)
  const { dim } = card.output
  if (theirs.length !== dim) throw new WinnowError('BAD_INPUT', `${vector} holds ${theirs.length} values, ${card.name} gives ${dim}. Supply the vector of this model${theirs.length > dim ? ', of one picture' : ''}.`)
  const ours = await vectorOf(card, file, image)
  const { cosine, maxDifference } = compareVectors(ours, theirs, card.normalise)
  return { cosine, maxDifference, dim, tolerance, passed: cosine >= 1 - tolerance }
}

async function vectorOf(card: ModelCard, file: string, image: string): Promise<Float32Array> {
  try {
    return await inTrial((trial) => trial.call('embedFile', [card, file, image]), { seconds })
  } catch (error) {
    throw modelError(error, card)
  }
}

/**
 * Cosine (-1 to 1; 0 where a vector is zero) and the largest difference of two values. `asUnits`: both are made unit vectors first, as Winnow does
 * with what it stores. Accumulates in double precision. Throws RangeError for different lengths.
 */
export function compareVectors(a: ArrayLike<number>, b: ArrayLike<number>, asUnits: boolean): { cosine: number; maxDifference: number } {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} values.`)
  let dot = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number
    const y = b[i] as number
    dot += x * y
    aa += x * x
    bb += y * y
  }
  const cosine = aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, dot / Math.sqrt(aa) / Math.sqrt(bb))) : 0
  const byA = asUnits && aa > 0 ? 1 / Math.sqrt(aa) : 1
  const byB = asUnits && bb > 0 ? 1 / Math.sqrt(bb) : 1
  let maxDifference = 0
  for (let i = 0; i < a.length; i++) maxDifference = Math.max(maxDifference, Math.abs((a[i] as number) * byA - (b[i] as number) * byB))
  return { cosine, maxDifference }
}
