/** Decoded pixels, 8 bits a sample, interleaved, rows from the top: `data.length = width * height * channels`. */
export interface RawPixels {
  readonly width: number
  readonly height: number
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha (not premultiplied). */
  readonly channels: 1 | 2 | 3 | 4
  readonly data: Buffer
  /** Bits a sample in the file. */
  readonly depth: number
}

/** Upright sRGB pixels: `data.length = width * height * 3`. */
export interface RgbPixels {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}
