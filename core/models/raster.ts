/** Upright RGB pixels in memory, rows from the top, interleaved: `data.length = width * height * 3`, values 0..255. */
export interface Raster<D extends Uint8Array | Float32Array = Uint8Array> {
  readonly width: number
  readonly height: number
  readonly data: D
}

/** 8 bits a value, or fractions where a resampler keeps them (values 0..255 all the same; cubic kernels may leave that range). */
export type AnyRaster = Raster<Uint8Array | Float32Array>
