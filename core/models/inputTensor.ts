/// <reference lib="esnext.float16" />
import type { ModelCard } from '../contract/models.ts'

/** What ONNX Runtime takes as the data of an input; float16 travels as its bits. */
export type InputData = Float32Array | Uint16Array | Uint8Array

/**
 * Turns 8-bit RGB pixels into the model's input: value = (pixel / 255 * scale - mean) / std per channel, in the card's colour order and
 * layout. A uint8 input gets the pixels as they are. The 256 possible values of a channel are worked out once.
 */
export class InputTensor {
  readonly width: number
  readonly height: number
  readonly dims: (count: number) => number[]
  readonly valuesPerImage: number
  readonly #tables: readonly [InputData, InputData, InputData]
  /** Which of the source's R, G, B each channel is taken from. */
  readonly #order: readonly [number, number, number]
  readonly #planar: boolean
  readonly #pixels: number
  readonly #dtype: ModelCard['input']['dtype']
  readonly #card: NumbersCard

  /** `size`: instead of the card's width and height, for a model that takes any. */
  constructor(card: NumbersCard, { width, height }: { readonly width: number; readonly height: number } = card.input) {
    const { layout, dtype } = card.input
    this.width = width
    this.height = height
    this.#card = card
    this.#planar = layout === 'NCHW'
    this.#pixels = width * height
    this.#dtype = dtype
    this.valuesPerImage = this.#pixels * 3
    this.#order = card.colour === 'RGB' ? [0, 1, 2] : [2, 1, 0]
    this.dims = (count) => (this.#planar ? [count, 3, height, width] : [count, height, width, 3])
    this.#tables = [table(card, 0), table(card, 1), table(card, 2)]
  }

  /** Room for `count` images, zeroed. */
  batch(count: number): InputData {
    return newData(this.#dtype, this.valuesPerImage * count)
  }

  /** Writes one image (width x height x 3, RGB, rows first, levels 0..255, fractions allowed) as number `index` of the batch. Throws RangeError for another size. */
  write(batch: InputData, index: number, rgb: Uint8Array | Float32Array): void {
    if (rgb.length !== this.valuesPerImage) throw new RangeError(`An image of ${rgb.length} values does not fill an input of ${this.valuesPerImage}.`)
    if (rgb instanceof Float32Array) return this.#writeFractions(batch, index, rgb)
    const pixels = this.#pixels
    const start = index * this.valuesPerImage
    const step = this.#planar ? 1 : 3
    for (let channel = 0; channel < 3; channel++) {
      const values = this.#tables[channel] as InputData
      let from = this.#order[channel] as number
      let to = start + (this.#planar ? channel * pixels : channel)
      for (let i = 0; i < pixels; i++, from += 3, to += step) batch[to] = values[rgb[from] as number] as number
    }
  }

  #writeFractions(batch: InputData, index: number, rgb: Float32Array): void {
    const { scale, mean, std } = this.#card
    // Halves are written through a view of the same bits; bytes are rounded to the nearest.
    const into = this.#dtype === 'float16' ? new Float16Array(batch.buffer, batch.byteOffset, batch.length) : this.#dtype === 'uint8' ? new Uint8ClampedArray(batch.buffer, batch.byteOffset, batch.length) : batch
    const start = index * this.valuesPerImage
    const step = this.#planar ? 1 : 3
    for (let channel = 0; channel < 3; channel++) {
      const by = this.#dtype === 'uint8' ? 1 : scale / 255 / (std[channel] as number)
      const shift = this.#dtype === 'uint8' ? 0 : (mean[channel] as number) / (std[channel] as number)
      let from = this.#order[channel] as number
      let to = start + (this.#planar ? channel * this.#pixels : channel)
      for (let i = 0; i < this.#pixels; i++, from += 3, to += step) into[to] = (rgb[from] as number) * by - shift
    }
  }
}

type NumbersCard = Pick<ModelCard, 'input' | 'colour' | 'scale' | 'mean' | 'std'>

function newData(dtype: ModelCard['input']['dtype'], length: number): InputData {
  if (dtype === 'float32') return new Float32Array(length)
  return dtype === 'float16' ? new Uint16Array(length) : new Uint8Array(length)
}

function table({ input, scale, mean, std }: Pick<ModelCard, 'input' | 'scale' | 'mean' | 'std'>, channel: 0 | 1 | 2): InputData {
  if (input.dtype === 'uint8') return Uint8Array.from({ length: 256 }, (_, pixel) => pixel)
  const values = Float32Array.from({ length: 256 }, (_, pixel) => ((pixel / 255) * scale - mean[channel]) / std[channel])
  return input.dtype === 'float32' ? values : new Uint16Array(Float16Array.from(values).buffer)
}
