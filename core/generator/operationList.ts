import type { EditName } from '../contract/generator.ts'
import type { Operation } from './operation.ts'
import { blur, edgeEnhance, motionBlur } from './operations/blurring.ts'
import { brightnessContrast, colourJitter, greyscale, light } from './operations/colour.ts'
import { emoji, screenshot, text } from './operations/drawings.ts'
import { erase, jpeg, noise, pixelate, shufflePixels } from './operations/loss.ts'
import { overlayImage, overlayOnto } from './operations/overlays.ts'
import { border, crop, degrade, resize, stretch } from './operations/placement.ts'
import { flip, mirror, perspective, rotate, turn } from './operations/turning.ts'

/** Every edit by name. */
export const operations: Readonly<Record<EditName, Operation>> = {
  crop, turn, rotate, mirror, flip, perspective, stretch, resize, border, screenshot,
  'colour-jitter': colourJitter, 'brightness-contrast': brightnessContrast, light, greyscale, blur, 'motion-blur': motionBlur, 'edge-enhance': edgeEnhance, pixelate, 'shuffle-pixels': shufflePixels, noise, jpeg, degrade,
  erase, text, emoji, 'overlay-image': overlayImage, 'overlay-onto': overlayOnto
}
