import type { Box } from '../descriptors/partView.ts'
import type { AnyRaster, Raster } from './raster.ts'

/** Cuts, turns and mirrors pixels in memory. Each gives a new picture, or the given one where nothing changes. */

/** Throws RangeError where the box is empty or not wholly inside. */
export function cut(raster: Raster, { left, top, width, height }: Box): Raster {
  if (left === 0 && top === 0 && width === raster.width && height === raster.height) return raster
  const whole = [left, top, width, height].every((side) => Number.isInteger(side))
  if (!whole || left < 0 || top < 0 || width < 1 || height < 1 || left + width > raster.width || top + height > raster.height) {
    throw new RangeError(`The part ${width} x ${height} at ${left}, ${top} is not inside a picture of ${raster.width} x ${raster.height}.`)
  }
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * raster.width + left) * 3
    data.set(raster.data.subarray(from, from + width * 3), y * width * 3)
  }
  return { width, height, data }
}

/** Quarter turns counter-clockwise (PIL's ROTATE_90, 180, 270). */
export function turned(raster: Raster, turns: number): Raster {
  const { width, height, data } = raster
  switch (turns % 4) {
    // Output row y is the source column width - 1 - y.
    case 1: return placed(data, height, width, (width - 1) * 3, width * 3, -3)
    case 2: return placed(data, width, height, (width * height - 1) * 3, -3, -width * 3)
    case 3: return placed(data, height, width, (height - 1) * width * 3, -width * 3, 3)
    default: return raster
  }
}

/** Mirrored left to right. */
export function mirrored<D extends Uint8Array | Float32Array>({ width, height, data }: { width: number; height: number; data: D }): { width: number; height: number; data: D } {
  const out = (data instanceof Float32Array ? new Float32Array(data.length) : new Uint8Array(data.length)) as D
  for (let y = 0, into = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--) {
      const from = (y * width + x) * 3
      out[into++] = data[from] as number
      out[into++] = data[from + 1] as number
      out[into++] = data[from + 2] as number
    }
  }
  return { width, height, data: out }
}

/** Black borders. */
export function padded(raster: Raster, { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number }): Raster {
  const width = raster.width + left + right
  const height = raster.height + top + bottom
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < raster.height; y++) data.set(raster.data.subarray(y * raster.width * 3, (y + 1) * raster.width * 3), ((top + y) * width + left) * 3)
  return { width, height, data }
}

export const sameSize = (a: Pick<AnyRaster, 'width' | 'height'>, b: Pick<AnyRaster, 'width' | 'height'>): boolean => a.width === b.width && a.height === b.height

/** The pixel at (x, y) of the result is the one at start + x * right + y * down of `data`. */
function placed(data: Uint8Array, width: number, height: number, start: number, right: number, down: number): Raster {
  const out = new Uint8Array(width * height * 3)
  for (let y = 0, into = 0; y < height; y++) {
    for (let x = 0, from = start + y * down; x < width; x++, from += right) {
      out[into++] = data[from] as number
      out[into++] = data[from + 1] as number
      out[into++] = data[from + 2] as number
    }
  }
  return { width, height, data: out }
}
