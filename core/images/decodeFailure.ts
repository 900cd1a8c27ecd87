import type { ImageFailure } from '../contract/images.ts'

/** A file that did not become pixels: `failure` is the typed reason, `message` a sentence for the person who owns the file. */
export class DecodeFailure extends Error {
  readonly failure: ImageFailure
  constructor(failure: ImageFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DecodeFailure'
    this.failure = failure
  }
}

/** The refusal that comes before any pixel is decoded. */
export const tooLarge = (width: number, height: number, maxPixels: number): DecodeFailure =>
  new DecodeFailure('too-large', `${width} x ${height} is ${Math.round((width * height) / 1e6)} megapixels; the limit is ${Math.round(maxPixels / 1e6)}.`)
