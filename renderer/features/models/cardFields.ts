import type { ModelCard, ModelInspection } from '../../../core/contract/models.ts'

/** What the check against the original is given. */
export interface ParityInput {
  readonly image: string
  readonly vector: string
  /** How far the cosine may lie below 1. */
  readonly tolerance: number
  /** Add the model even where the vectors differ. */
  readonly force: boolean
}

export const noParity: ParityInput = { image: '', vector: '', tolerance: 0.001, force: false }

/** The question that belongs to a field, by the card's own path ("mean", "resize.mode", "output.pooling"). A question about a part covers the whole. */
export function questionFor(questions: ModelInspection['questions'], field: string): string | null {
  return questions.find((one) => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`))?.question ?? null
}

/** "0.485, 0.456, 0.406" as three numbers; null where it is something else. One number stands for all three. */
export function parseTriple(text: string): [number, number, number] | null {
  const numbers = text.split(/[,;\s]+/).filter(Boolean).map(Number)
  const [a, b, c] = numbers
  if (a === undefined || numbers.some((value) => !Number.isFinite(value))) return null
  if (numbers.length === 1) return [a, a, a]
  return numbers.length === 3 && b !== undefined && c !== undefined ? [a, b, c] : null
}

/** Known ways of scaling pixel values; the card says value = (pixel / 255 × scale − mean) / std. */
export const valuePresets: readonly { readonly label: string; readonly scale: number; readonly mean: ModelCard['mean']; readonly std: ModelCard['std'] }[] = [
  { label: '0 to 1', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  { label: '−1 to 1', scale: 1, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  { label: '0 to 255', scale: 255, mean: [0, 0, 0], std: [1, 1, 1] },
  { label: 'ImageNet', scale: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  { label: 'CLIP', scale: 1, mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] }
]

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) < 1e-6)

/** Which preset a card follows, if any. */
export const presetOf = (card: ModelCard): string | null =>
  valuePresets.find((preset) => preset.scale === card.scale && same(preset.mean, card.mean) && same(preset.std, card.std))?.label ?? null
