import { perspective as perspectiveOperation, mirror, rotate, turn } from '../../../core/generator/operations/turning.ts'
import { blur } from '../../../core/generator/operations/blurring.ts'
import { colourJitter, greyscale } from '../../../core/generator/operations/colour.ts'
import { screenshot, text } from '../../../core/generator/operations/drawings.ts'
import { jpeg } from '../../../core/generator/operations/loss.ts'
import { overlayImage } from '../../../core/generator/operations/overlays.ts'
import { crop, resize } from '../../../core/generator/operations/placement.ts'
import type { Operation } from '../../../core/generator/operation.ts'
import { byte, throughTable } from '../../../core/generator/raster.ts'
import { phrases, textSize } from '../../../core/generator/strokeFont.ts'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'
import type { Random } from '../../../core/sample/random.ts'

export interface Given {
  readonly image: RgbPixels
  readonly random: Random
  readonly companion: () => Promise<RgbPixels>
}

export interface BenchEdit {
  readonly name: string
  /** Whether winnow-s saw edits of this family in training (models/train/views.py). What it does with the others says more about edits that nobody thought of. */
  readonly trained: boolean
  readonly make: (given: Given) => Promise<RgbPixels>
}

/** An operation of the product's generator with parameters of one strength, so that a row of the table means one thing; only places and words are drawn. */
const by = <P>(operation: Operation<P>, params: (given: Given) => P) => async (given: Given): Promise<RgbPixels> => await operation.apply(given.image, params(given), given)

const inTurn = (...steps: readonly BenchEdit['make'][]): BenchEdit['make'] => async (given) => {
  let { image } = given
  for (const step of steps) image = await step({ ...given, image })
  return image
}

const grey: [number, number, number] = [128, 128, 128]

const sixTenths = by(crop, ({ image: { width, height }, random }) => {
  const [w, h] = [Math.max(1, Math.floor(width * 0.6)), Math.max(1, Math.floor(height * 0.6))]
  return { left: random.int(0, width - w), top: random.int(0, height - h), width: w, height: h }
})

/** Every corner moved inwards by up to a fifth of the sides, grey around it. */
const inwards = by(perspectiveOperation, ({ random }) => {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = Array.from({ length: 8 }, () => random.range(0, 0.2)) as [number, number, number, number, number, number, number, number]
  return { corners: [x0, y0, -x1, y1, -x2, -y2, x3, -y3], colour: grey }
})

/** Two lines across nine tenths of the width, as large as that and a fifth of the height allow. */
const twoLines = by(text, ({ image: { width, height }, random }) => ({
  lines: ([[0.2, [255, 255, 255]], [0.65, [255, 255, 0]]] as const).map(([at, colour]) => {
    const words = random.pick(phrases)
    const units = textSize(words)
    const size = Math.min(height * 0.2, (width * 0.9 * units.height) / units.width)
    return { text: words, height: size, x: (width - (size * units.width) / units.height) / 2, y: height * at, colour: [...colour] as [number, number, number], outline: true, opacity: 1, degrees: 0 }
  })
}))

/** Four levels a channel: the generator has no such edit. */
const levels = Uint8Array.from({ length: 256 }, (_, value) => byte(Math.round((value / 255) * 3) * 85))

/** The twelve edits of models/train/README.md. */
export const edits: readonly BenchEdit[] = [
  { name: 'crop to 36 %', trained: true, make: sixTenths },
  { name: '48 px, JPEG 15', trained: true, make: inTurn(by(resize, ({ image: { width, height } }) => ({ width: 48, height: Math.max(16, Math.round((48 * height) / width)) })), by(jpeg, () => ({ quality: 15 }))) },
  { name: 'turned 15 degrees', trained: true, make: by(rotate, () => ({ degrees: -15, colour: grey })) },
  { name: 'quarter turn', trained: true, make: by(turn, () => ({ quarters: 3 })) },
  { name: 'mirrored', trained: true, make: by(mirror, () => ({})) },
  { name: 'grey', trained: true, make: by(greyscale, () => ({})) },
  { name: 'pasted picture', trained: true, make: by(overlayImage, ({ random }) => ({ share: 0.6, x: random.next(), y: random.next(), opacity: 1 })) },
  { name: 'blur, colour, darker', trained: true, make: inTurn(by(blur, () => ({ sigma: 2.5 })), by(colourJitter, () => ({ brightness: 0.7, contrast: 1, saturation: 1.6, hue: 0 }))) },
  // Which screen it is (dark or light, how wide, whose name) is drawn as the generator draws it.
  { name: 'screenshot frame', trained: false, make: by(screenshot, ({ image, random }) => screenshot.draw(random, image, 'moderate')) },
  { name: 'perspective', trained: false, make: inwards },
  { name: 'posterised', trained: false, make: async ({ image }) => throughTable(image, [levels, levels, levels]) },
  { name: 'text over it', trained: false, make: twoLines }
]
