import { imageUrl, thumbUrl } from '../Thumb.tsx'
import type { Size } from './zoom.ts'

/** Whole pictures that were loaded lately; a bench looks at a few at a time. */
const loaded = new Map<string, Promise<HTMLImageElement>>()
const MOST_KEPT = 12

function load(url: string): Promise<HTMLImageElement> {
  const known = loaded.get(url)
  if (known) return known
  const picture = new Image()
  picture.src = url
  const promise = picture.decode().then(() => picture, () => {
    loaded.delete(url)
    throw new Error('This picture could not be loaded. The file may have gone since the scan; scan again to see.')
  })
  loaded.set(url, promise)
  for (const old of loaded.keys()) {
    if (loaded.size <= MOST_KEPT) break
    loaded.delete(old)
  }
  return promise
}

/** Fetches and decodes a picture before it is looked at. */
export const preload = (id: number): void => void load(imageUrl(id)).catch(() => null)

/** RGBA of the whole picture, or of its thumbnail, drawn to this size under a matrix a, b, c, d about its middle. */
export async function pixelsOf(id: number, { width, height }: Size, matrix: readonly [number, number, number, number], from: 'image' | 'thumb' = 'image'): Promise<Uint8ClampedArray> {
  const picture = await load(from === 'image' ? imageUrl(id) : thumbUrl(id))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser gives no canvas to compare on.')
  const [a, b, c, d] = matrix
  const swapped = a === 0
  context.imageSmoothingQuality = 'high'
  context.setTransform(a, b, c, d, width / 2, height / 2)
  const [w, h] = swapped ? [height, width] : [width, height]
  context.drawImage(picture, -w / 2, -h / 2, w, h)
  return context.getImageData(0, 0, width, height).data
}
