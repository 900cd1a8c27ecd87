import sharp from 'sharp'

const side = 160

/** Small square pictures as data URLs, for a project's card: from thumbnails, so that no original is decoded. What cannot be read is left out. */
export async function mosaicOf(thumbs: readonly Buffer[]): Promise<string[]> {
  const pictures = await Promise.all(
    thumbs.map(async (bytes) => {
      try {
        const small = await sharp(bytes).resize(side, side, { fit: 'cover' }).webp({ quality: 70 }).toBuffer()
        return `data:image/webp;base64,${small.toString('base64')}`
      } catch {
        return null
      }
    })
  )
  return pictures.filter((picture) => picture !== null)
}

/** `count` places spread evenly over a list of `length`: pictures from one folder's start would all look alike. */
export const spread = (length: number, count: number): number[] =>
  Array.from({ length: Math.min(length, count) }, (_, index) => Math.floor(((index + 0.5) * length) / Math.min(length, count)))
