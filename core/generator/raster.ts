import sharp, { type Sharp } from 'sharp'
import type { RgbPixels } from '../images/rawPixels.ts'
import type { Size } from './homography.ts'

/** Decoded pixels as a sharp pipeline. */
export const toSharp = ({ width, height, data }: RgbPixels): Sharp => sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })

/** What a pipeline gives, as RGB. */
export async function fromSharp(pipeline: Sharp): Promise<RgbPixels> {
  const { data, info } = await pipeline.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
  if (info.channels === 3) return { width: info.width, height: info.height, data }
  const rgb = Buffer.allocUnsafe(info.width * info.height * 3)
  for (let i = 0; i < info.width * info.height; i++) rgb.fill(data[i * info.channels] as number, i * 3, i * 3 + 3)
  return { width: info.width, height: info.height, data: rgb }
}

/** To exactly this size. */
export const resized = async (image: RgbPixels, { width, height }: Size, kernel: 'nearest' | 'linear' | 'lanczos3' = 'linear'): Promise<RgbPixels> =>
  image.width === width && image.height === height ? image : await fromSharp(toSharp(image).resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false }))

/** A drawing laid over the picture. `body`: SVG elements in its pixels. No fonts: machines differ in them. */
export const drawnOver = async (image: RgbPixels, body: string): Promise<RgbPixels> =>
  await fromSharp(toSharp(image).composite([{ input: svg(image, body), left: 0, top: 0 }]))

export const svg = ({ width, height }: Size, body: string): Buffer => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`)

/** Each value through a table of 256. */
export function throughTable(image: RgbPixels, tables: readonly [Uint8Array, Uint8Array, Uint8Array]): RgbPixels {
  const out = Buffer.allocUnsafe(image.data.length)
  for (let i = 0; i < out.length; i += 3) {
    out[i] = tables[0][image.data[i] as number] as number
    out[i + 1] = tables[1][image.data[i + 1] as number] as number
    out[i + 2] = tables[2][image.data[i + 2] as number] as number
  }
  return { width: image.width, height: image.height, data: out }
}

export const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))
