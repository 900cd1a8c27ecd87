import type { DecodeOptions } from './detectorBoxes.ts'
import type { Detector } from './detectorCard.ts'
import type { SelectiveSearchOptions } from './selectiveSearch.ts'

/** A picture whose regions are wanted; size and time are those of the scan, so that a changed file is noticed. */
export interface RegionItem {
  readonly imageId: number
  /** The absolute path as bytes. */
  readonly path: Uint8Array
  readonly bytes: number
  readonly mtimeMs: number
  readonly svg: boolean
}

export interface RegionSearch extends SelectiveSearchOptions {
  /** Pictures with a longer side are shrunk to it first; boxes come back in the pixels of the whole. */
  readonly longestSide: number
  /** At most so many boxes an image, the first of the suppression's order. */
  readonly most: number
}

export interface RegionDetection extends DecodeOptions {
  readonly detector: Detector
  readonly providers: readonly string[]
}

/** What a vision worker is sent. Plain data. */
export interface RegionBatch {
  readonly items: readonly RegionItem[]
  readonly search: RegionSearch | null
  readonly detection: RegionDetection | null
}

/** Boxes of one picture: left, top, width, height of each, one after the other, in upright pixels. Or why there are none. */
export type RegionOutcome =
  | { readonly imageId: number; readonly width: number; readonly height: number; readonly proposals: Int32Array; readonly detections: Int32Array }
  | { readonly imageId: number; readonly failure: { readonly reason: string; readonly detail: string } }
