import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { modelCard, type ModelCard } from '../contract/models.ts'
import { viewPlan, type ViewPlan } from '../contract/views.ts'
import { isOneView } from '../descriptors/viewPlans.ts'
import { WinnowError } from '../domain/errors.ts'
import type { VectorType } from '../search/vectorFile.ts'
import { resampleMethodOf } from './resample.ts'

/** Reads a card. Throws BAD_INPUT naming the file, the field and what is expected there. */
export function parseCard(text: string, file: string): ModelCard {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new WinnowError('BAD_INPUT', `${file} is not JSON: ${(error as Error).message}`)
  }
  return checkCard(json, file)
}

/** The same for a card that is already an object. `where` names it in errors. */
export function checkCard(value: unknown, where: string): ModelCard {
  const parsed = modelCard.safeParse(value)
  if (!parsed.success) throw new WinnowError('BAD_INPUT', `${where}: ${parsed.error.issues.slice(0, 3).map(describe).join('; ')}.`)
  const problem = contradiction(parsed.data)
  if (problem) throw new WinnowError('BAD_INPUT', `${where}: ${problem}`)
  return parsed.data
}

const describe = ({ path, message }: z.core.$ZodIssue): string => `field "${path.join('.') || '(whole card)'}": ${message}`

/** What the schema cannot say: fields that do not fit each other. */
function contradiction(card: ModelCard): string | null {
  if (/[/\\]/.test(card.file) || card.file === '.' || card.file === '..') {
    return `field "file" must be the name of a file beside the card, without folders; it says "${card.file}".`
  }
  if (card.std.includes(0)) return 'field "std" must not hold a zero: values are divided by it.'
  const plain = card.scale === 1 && card.mean.every((m) => m === 0) && card.std.every((s) => s === 1)
  if (card.input.dtype === 'uint8' && !plain) return 'fields "scale", "mean" and "std" must be left at 1, 0 and 1 for a uint8 input: it takes the pixels as they are.'
  if (resampleMethodOf(card.resize) === undefined) return `field "resize.interpolation": ${card.resize.method} has no ${card.resize.interpolation} here; choose another, or "resize.method" pillow or fast.`
  if (card.resize.alignCorners && card.resize.method !== 'torch') return 'field "resize.alignCorners" is for "resize.method" torch only.'
  if (card.nearDuplicate && card.nearDuplicate.floor > card.nearDuplicate.threshold) return 'field "nearDuplicate.floor" must not be above "nearDuplicate.threshold".'
  return null
}

/**
 * Names everything that decides the values of a vector: the model file's hash, the preprocessing, the pooling, the views, and how it is stored.
 * Two cards with one fingerprint give interchangeable vectors; names, licence and thresholds do not count. What is as it was before there were
 * methods and views adds nothing, so that older vectors stay valid.
 */
export function cardFingerprint(card: ModelCard, dtype: VectorType, views?: ViewPlan): string {
  const { sha256, input, resize, colour, scale, mean, std, output, normalise } = card
  const { method = 'fast', alignCorners = false } = resize
  const parts = [
    sha256, input.name, input.layout, input.dtype, input.width, input.height, resize.mode, resize.interpolation, resize.cropFraction, method === 'fast' ? resize.shrinkOnLoad : null,
    colour, scale, mean, std, output.name, output.dim, output.pooling, output.pooling === 'gem' ? output.gemPower : null, normalise, dtype
  ]
  if (method !== 'fast') parts.push(method, alignCorners)
  // Parsed anew: the order of the fields is then always the same.
  if (views && !isOneView(views)) parts.push(JSON.stringify(viewPlan.parse(views)))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** For a model that nobody has calibrated: near-duplicates of an ordinary embedding lie above this cosine. */
export const uncalibrated = { threshold: 0.95, floor: 0.85 } as const

export const nearDuplicateOf = (card: ModelCard): { threshold: number; floor: number; calibrated: boolean } =>
  card.nearDuplicate ? { ...card.nearDuplicate, calibrated: true } : { ...uncalibrated, calibrated: false }
