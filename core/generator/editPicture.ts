import type { EditName } from '../contract/generator.ts'
import type { RgbPixels } from '../images/rawPixels.ts'
import { Random } from '../sample/random.ts'
import { chooseEdits, type ChainSpec } from './chain.ts'
import { followedBy, type Homography, identity, scaling, type Size } from './homography.ts'
import { homographyOf } from './operation.ts'
import { operations } from './operationList.ts'
import { resized } from './raster.ts'

/** Names one edit of one picture: with the same key the same picture becomes the same, whenever and wherever it is made. */
export interface EditKey {
  readonly seed: number
  /** Of the source's bytes, hexadecimal. */
  readonly sha256: string
  /** Which of the picture's edits. */
  readonly index: number
}

export interface MadeEdit {
  readonly name: EditName
  readonly params: unknown
}

export interface EditedPicture {
  readonly image: RgbPixels
  readonly edits: readonly MadeEdit[]
  /** Where the points of the source (upright, at full size) lie in the result. */
  readonly homography: Homography
  readonly usedCompanion: boolean
}

export interface EditOptions {
  readonly key: EditKey
  readonly chain: ChainSpec
  /** Larger pictures are shrunk to this first. */
  readonly longestSide: number
  /** Another picture; null where there is none. */
  readonly companion: (() => Promise<RgbPixels>) | null
}

/** No edit makes a picture larger than this on a side: canvases grow when pictures are turned and framed, edit after edit. */
const growth = 2

/** Edits a picture by a chain drawn from its key. */
export async function editPicture(source: RgbPixels, { key, chain, longestSide, companion }: EditOptions): Promise<EditedPicture> {
  const random = (...parts: readonly (number | string)[]): Random => Random.of('edit', key.seed, key.sha256, key.index, ...parts)
  const other = companion ? once(async () => await shrunk(await companion(), longestSide)) : null
  let image = await shrunk(source, longestSide)
  let homography = scaleOf(source, image)
  let usedCompanion = false
  const edits: MadeEdit[] = []
  for (const [position, { name, strength }] of chooseEdits(random('chain'), chain, companion !== null).entries()) {
    const operation = operations[name]
    const params = operation.draw(random(position, name), image, strength)
    const another = operation.withCompanion ? ((await other?.()) ?? null) : null
    usedCompanion ||= another !== null
    homography = followedBy(homography, homographyOf(operation, params, image, another))
    image = await operation.apply(image, params, { companion: async () => another ?? image })
    edits.push({ name, params })
    const grown = await shrunk(image, longestSide * growth)
    homography = followedBy(homography, scaleOf(image, grown))
    image = grown
  }
  return { image, edits, homography, usedCompanion }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return async () => await (made ??= make())
}

const scaleOf = (from: Size, to: Size): Homography => (from.width === to.width && from.height === to.height ? identity : scaling(to.width / from.width, to.height / from.height))

/** The picture with its longer side at most `longestSide`. */
export async function shrunk(image: RgbPixels, longestSide: number): Promise<RgbPixels> {
  const longest = Math.max(image.width, image.height)
  if (longest <= longestSide) return image
  const to = (side: number): number => Math.max(1, Math.round((side * longestSide) / longest))
  return await resized(image, { width: to(image.width), height: to(image.height) }, 'lanczos3')
}
