import type { ChainSpec } from './chain.ts'
import type { EditKey, MadeEdit } from './editPicture.ts'
import type { Homography } from './homography.ts'
import type { Polygon } from './region.ts'

/** A picture of the project; size and time are those of the scan, so that a changed file is noticed. */
export interface PictureSource {
  readonly imageId: number
  /** The absolute path as bytes, and as people read it. */
  readonly path: Uint8Array
  readonly name: string
  readonly bytes: number
  readonly mtimeMs: number
  readonly svg: boolean
  readonly sha256: string
}

/** One file to make. */
export interface EditTask {
  /** Its place in the plan. */
  readonly number: number
  /** Absolute path. */
  readonly file: string
  readonly source: PictureSource
  readonly companion: PictureSource | null
  /** null: the source itself, as JPEG (its very bytes where it is one). */
  readonly edit: { readonly key: EditKey; readonly chain: ChainSpec; readonly longestSide: number } | null
}

export interface EditBatch {
  readonly tasks: readonly EditTask[]
}

export interface MadeFile {
  readonly number: number
  readonly width: number
  readonly height: number
  readonly bytes: number
  readonly sha256: string
  /** Size of the source, upright. */
  readonly source: { readonly width: number; readonly height: number }
  readonly edits: readonly MadeEdit[]
  readonly homography: Homography
  readonly region: Polygon
  readonly visible: number
  readonly usedCompanion: boolean
}

export type EditOutcome = MadeFile | { readonly number: number; readonly failure: { readonly reason: string; readonly detail: string } }
