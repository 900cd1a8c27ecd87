import type { EditName } from '../contract/generator.ts'
import type { RgbPixels } from '../images/rawPixels.ts'
import { Random } from '../sample/random.ts'
import { chooseEdits, type ChainSpec } from './chain.ts'
import { followedBy, type Homography, identity, inverse, scaling, type Size } from './homography.ts'
import { homographyOf } from './operation.ts'
import { operations } from './operationList.ts'
import { resized } from './raster.ts'
import { areaOf, mapped, onCanvas, type Polygon, wholeOf } from './region.ts'

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
  /** The piece of the result where the source is, as far as frames and crops go: what is drawn or pasted over it is not taken off. */
  readonly region: Polygon
  /** How much of the source's area that piece shows, 0..1. */
  readonly visible: number
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

/** A copy that shows less than this share of its source, or next to nothing but one colour, is none that anybody could know again. */
const leastVisible = 0.04
const leastDeviation = 4
const attempts = 5

/** Edits a picture by a chain drawn from its key; where too little is left of the source, by the next one. */
export async function editPicture(source: RgbPixels, { key, chain, longestSide, companion }: EditOptions): Promise<EditedPicture> {
  const other = companion ? once(async () => await shrunk(await companion(), longestSide)) : null
  const plain = brightnessDeviation(source) < leastDeviation * 2
  for (let attempt = 0; ; attempt++) {
    const random = (...parts: readonly (number | string)[]): Random => Random.of('edit', key.seed, key.sha256, key.index, attempt, ...parts)
    const edited = await editOnce(source, { random, chain, longestSide, other })
    if (attempt + 1 === attempts || (edited.visible >= leastVisible && (plain || brightnessDeviation(edited.image) >= leastDeviation))) return edited
  }
}

interface Once {
  readonly random: (...parts: readonly (number | string)[]) => Random
  readonly chain: ChainSpec
  readonly longestSide: number
  readonly other: (() => Promise<RgbPixels>) | null
}

async function editOnce(source: RgbPixels, { random, chain, longestSide, other }: Once): Promise<EditedPicture> {
  let image = await shrunk(source, longestSide)
  let homography = scaleOf(source, image)
  let region = wholeOf(image)
  let usedCompanion = false
  const edits: MadeEdit[] = []
  for (const [position, { name, strength }] of chooseEdits(random('chain'), chain, other !== null).entries()) {
    const operation = operations[name]
    const params = operation.draw(random(position, name), image, strength)
    const another = operation.withCompanion ? ((await other?.()) ?? null) : null
    usedCompanion ||= another !== null
    const map = homographyOf(operation, params, image, another)
    const edited = await operation.apply(image, params, { companion: async () => another ?? image })
    const fitting = await shrunk(edited, longestSide * growth)
    const step = followedBy(map, scaleOf(edited, fitting))
    homography = followedBy(homography, step)
    region = onCanvas(mapped(region, step), fitting)
    image = fitting
    edits.push({ name, params })
  }
  const visible = areaOf(mapped(region, inverse(homography))) / (source.width * source.height)
  return { image, edits, homography, region: region.map(([x, y]) => [inTenths(x), inTenths(y)]), visible: Math.round(visible * 1e4) / 1e4, usedCompanion }
}

/** Standard deviation of brightness in grey levels. */
function brightnessDeviation({ data }: RgbPixels): number {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < data.length; i += 3) {
    const value = ((data[i] as number) + (data[i + 1] as number) + (data[i + 2] as number)) / 3
    sum += value
    squares += value * value
  }
  const pixels = data.length / 3
  return Math.sqrt(Math.max(0, squares / pixels - (sum / pixels) ** 2))
}

const inTenths = (value: number): number => Math.round(value * 10) / 10

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
