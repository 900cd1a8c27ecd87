import type { KnownModel } from '../../../core/contract/knownModels.ts'
import type { ModelCard, ModelCheck, ModelInfo, ProviderReport } from '../../../core/contract/models.ts'

export const stateWords: Record<ModelInfo['state'], string> = {
  ready: 'ready', 'missing-file': 'file is missing', 'hash-mismatch': 'file was changed', invalid: 'card is not valid'
}

export const providerWords: Record<ProviderReport['state'], string> = {
  running: 'running', available: 'available', unavailable: 'not available', 'not-tried': 'not tried'
}

/** "4.1 ms an image, 244/s on cpu" */
export const speedWords = (millisecondsPerImage: number, provider: string): string =>
  `${millisecondsPerImage.toFixed(millisecondsPerImage < 10 ? 1 : 0)} ms an image, ${Math.round(1000 / millisecondsPerImage)}/s on ${provider}`

const triple = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(4))).join(', ')

/** Only the quick way hands over a smaller picture first. */
const resamplingWords = ({ method = 'fast', shrinkOnLoad }: ModelCard['resize']): string => (method === 'fast' ? (shrinkOnLoad ? ', shrink on load' : '') : `, as ${{ pillow: 'Pillow', opencv: 'OpenCV', torch: 'PyTorch' }[method]} does it`)

/** "Cosine 0.999998, largest difference 1.2e-4: they agree." */
export const parityWords = ({ cosine, maxDifference, dim, tolerance, passed }: ModelCheck): string =>
  `Cosine ${cosine.toFixed(6)}, largest difference ${maxDifference.toExponential(1)} over ${dim} values: ${passed ? 'they agree.' : `they differ (at least ${Number((1 - tolerance).toFixed(6))} is asked for). The card is probably wrong: look at resizing, values and colour order.`}`

/** "256 numbers · 512 × 512 · MIT" */
export function knownSummary(model: KnownModel): string {
  const { licence } = model.card
  const size = model.kind === 'embedding' ? model.card.input : model.card.input.size
  const values = model.kind === 'embedding' ? `${model.card.output.dim} numbers` : `${model.card.outputs.descriptors.dim} numbers a point`
  return `${values} · ${size ? `${size.width} × ${size.height}` : 'any size'} · ${licence}`
}

/** What to do with the ONNX file of a known model. */
export const nextStep = ({ kind, card: { id, name } }: KnownModel): string =>
  kind === 'embedding' ? `add the ONNX file here and choose ${name} as its card.` : `winnow models card ${id} --for ${id}.onnx writes its card, which verification takes.`

/** How the card turns a picture into a vector, in the order in which it happens. */
export function recipeWords(card: ModelCard): readonly (readonly [string, string])[] {
  const { input, resize, output } = card
  const resizing = resize.mode === 'squash' ? `squash to ${input.width} × ${input.height}` : resize.mode === 'crop' ? `shortest side to ${Math.round(Math.min(input.width, input.height) / resize.cropFraction)}, centre crop ${input.width} × ${input.height}` : `letterbox into ${input.width} × ${input.height}`
  return [
    ['Resize', `${resizing}, ${resize.interpolation}${resamplingWords(resize)}`],
    ['Values', `${card.colour}, × ${Number(card.scale.toFixed(6))}, mean ${triple(card.mean)}, std ${triple(card.std)}`],
    ['Input', `${input.name} ${input.layout} ${input.dtype}`],
    ['Output', `${output.name}, ${output.dim} numbers${output.pooling === 'none' ? '' : `, ${output.pooling} pooling`}${card.normalise ? ', normalised' : ''}`],
    ['Near-duplicate', card.nearDuplicate ? `above ${card.nearDuplicate.threshold} (found on public data)` : 'not calibrated: look at the histogram']
  ]
}
