import { z } from 'zod'
import type { EditStrength } from '../contract/generator.ts'
import type { RgbPixels } from '../images/rawPixels.ts'
import type { Random } from '../sample/random.ts'
import { type Homography, identity, type Size } from './homography.ts'
import type { Rgb } from './warp.ts'

/** What an edit may use besides the picture. */
export interface EditContext {
  /** Another picture, for those that lay one over the other. */
  readonly companion: () => Promise<RgbPixels>
}

/** A named edit: parameters are drawn from documented ranges, and with the same parameters the same picture gives the same result. */
export interface Operation<P = unknown> {
  /** What it does and which ranges it draws from (moderate; hard). */
  readonly about: string
  readonly params: z.ZodType<P>
  /** Draws parameters for a picture of this size. */
  draw(random: Random, size: Size, strength: EditStrength): P
  apply(image: RgbPixels, params: P, context: EditContext): RgbPixels | Promise<RgbPixels>
  /** Where each point of the picture lies afterwards; `companion`: the size of the other picture. Left out: where it was. */
  homography?(params: P, size: Size, companion: Size | null): Homography
  /** Needs another picture. */
  readonly withCompanion?: true
}

/** Keeps the type of the parameters while operations of all kinds stand in one list. */
export const operation = <P>(definition: Operation<P>): Operation<P> => definition

export const homographyOf = <P>({ homography }: Operation<P>, params: P, size: Size, companion: Size | null): Homography => homography?.(params, size, companion) ?? identity

/** Numbers in a manifest are for people too: six decimals say enough, and the edit is made with what the manifest says. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

export const between = (random: Random, strength: EditStrength, moderate: readonly [number, number], hard: readonly [number, number]): number => {
  const [from, to] = strength === 'hard' ? hard : moderate
  return rounded(random.range(from, to))
}

export const rgb = z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)])

const plainColours: readonly Rgb[] = [[0, 0, 0], [255, 255, 255], [128, 128, 128], [24, 24, 28], [242, 234, 216]]
/** Often a colour that people use for backgrounds, otherwise any. */
export const drawColour = (random: Random): [number, number, number] => {
  const colour = random.chance(0.6) ? random.pick(plainColours) : [random.int(0, 255), random.int(0, 255), random.int(0, 255)]
  return [...(colour as Rgb)]
}

export const hex = (colour: Rgb): string => `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`
