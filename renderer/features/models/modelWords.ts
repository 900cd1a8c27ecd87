import type { ModelCard, ModelInfo, ProviderReport } from '../../../core/contract/models.ts'

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

/** How the card turns a picture into a vector, in the order in which it happens. */
export function recipeWords(card: ModelCard): readonly (readonly [string, string])[] {
  const { input, resize, output } = card
  const resizing = resize.mode === 'squash' ? `squash to ${input.width} × ${input.height}` : resize.mode === 'crop' ? `shortest side to ${Math.round(Math.min(input.width, input.height) / resize.cropFraction)}, centre crop ${input.width} × ${input.height}` : `letterbox into ${input.width} × ${input.height}`
  return [
    ['Resize', `${resizing}, ${resize.interpolation}${resize.shrinkOnLoad ? ', shrink on load' : ''}`],
    ['Values', `${card.colour}, × ${Number(card.scale.toFixed(6))}, mean ${triple(card.mean)}, std ${triple(card.std)}`],
    ['Input', `${input.name} ${input.layout} ${input.dtype}`],
    ['Output', `${output.name}, ${output.dim} numbers${output.pooling === 'none' ? '' : `, ${output.pooling} pooling`}${card.normalise ? ', normalised' : ''}`],
    ['Near-duplicate', card.nearDuplicate ? `above ${card.nearDuplicate.threshold} (found on public data)` : 'not calibrated: look at the histogram']
  ]
}
