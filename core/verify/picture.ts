import type { EmbedItem } from '../models/embedBatch.ts'
import { DecodeFailure } from '../images/decodeFailure.ts'
import { openImage } from '../images/openImage.ts'
import { readImageFile } from '../images/readImageFile.ts'

/** An image that is to be verified: its file, and the content's hash, under which its features are kept. */
export interface VerifyImage extends EmbedItem {
  /** SHA-256 of the file, hexadecimal; null: its features are not kept. */
  readonly sha256: string | null
}

/** Pixels, upright, 8 bits a sample, for a detector: shrunk and possibly mirrored. */
export interface ShrunkPicture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
  /** The whole upright image. */
  readonly whole: { readonly width: number; readonly height: number }
  /** Pixels of the whole image for one of these; the larger of the two directions. */
  readonly shrink: number
  readonly mirrored: boolean
}

export interface PictureRequest {
  readonly channels: 1 | 3
  readonly mirrored: boolean
  /** The size to shrink to, from the whole image's. */
  readonly sizeFor: (width: number, height: number) => { readonly width: number; readonly height: number }
}

/** The largest size of this aspect with no side above `longestSide`; never larger than the image. Sides are multiples of `step` where the image allows it. */
export function shrunkSize(width: number, height: number, longestSide: number, step = 1): { width: number; height: number } {
  const factor = Math.min(1, longestSide / Math.max(width, height))
  const side = (length: number): number => Math.max(step, Math.round((length * factor) / step) * step)
  return { width: side(width), height: side(height) }
}

/** Reads and decodes an image's file. Throws DecodeFailure; 'vanished' or 'unreadable' where the file is not the one that was scanned any more. */
export async function readPicture(image: VerifyImage, { channels, mirrored, sizeFor }: PictureRequest): Promise<ShrunkPicture> {
  const { bytes, stamp } = await readImageFile(image.path)
  // Features must not be kept under the hash of another content: size and time must be those of the scan.
  if (stamp.bytes !== image.bytes || Math.abs(stamp.mtimeMs - image.mtimeMs) >= 1) throw new DecodeFailure('unreadable', 'The file changed since it was scanned. Scan its folder again.')
  const opened = await openImage(bytes, { svg: image.svg })
  const { width, height } = sizeFor(opened.width, opened.height)
  const pipeline = opened.pipeline().resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
  try {
    const { data, info } = await (mirrored ? pipeline.flop() : pipeline).toColourspace(channels === 1 ? 'b-w' : 'srgb').raw().toBuffer({ resolveWithObject: true })
    if (info.channels !== channels) throw new Error(`the decoder gave ${info.channels} channels`)
    return { width, height, channels, data, whole: { width: opened.width, height: opened.height }, shrink: Math.max(1, opened.width / width, opened.height / height), mirrored }
  } catch (error) {
    throw opened.failureOf(error)
  }
}

/** Where a point of the picture lies in the whole image, mirrored back. The middle of the first pixel is (0, 0) in both. */
export function wholePoint({ width, height, whole, mirrored }: ShrunkPicture, x: number, y: number): [number, number] {
  const wholeX = ((x + 0.5) * whole.width) / width - 0.5
  return [mirrored ? whole.width - 1 - wholeX : wholeX, ((y + 0.5) * whole.height) / height - 0.5]
}
