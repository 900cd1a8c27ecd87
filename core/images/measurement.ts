import type { ImageFailure } from '../contract/images.ts'
import type { Header } from './openImage.ts'
import type { Quality } from './quality.ts'
import type { ReadableFormat } from './sniff.ts'

/** A file to be measured, as the engine sends it to a vision worker. */
export interface FileRequest {
  readonly imageId: number
  /** The absolute path as bytes: names need not be UTF-8. */
  readonly path: Uint8Array
  readonly svg: boolean
  /** SHA-256 of the content that was measured before: where it is the same still, nothing is decoded. */
  readonly known: Uint8Array | null
}

/** Where a thumbnail lies: bytes [offset, offset + length) of the pack of that number. */
export interface ThumbPlace {
  readonly pack: number
  readonly offset: number
  readonly length: number
  readonly width: number
  readonly height: number
}

/** Size and time of the file that was read, taken from the open handle. */
export interface FileStamp {
  readonly bytes: number
  readonly mtimeMs: number
}

/** What one decode tells of a picture; width and height upright. */
export interface PictureFacts extends Quality, Header {
  readonly format: ReadableFormat
  /** SHA-256 over width and height (uint32 little-endian) and the upright sRGB pixels. */
  readonly pixelHash: Uint8Array
  /** Eight 64-bit perceptual hashes, see perceptualHash.ts. */
  readonly phash: Uint8Array
  /** 0..1, see compression.ts. */
  readonly compression: number
}

export type FileOutcome =
  | ({ readonly kind: 'measured'; readonly imageId: number; readonly sha256: Uint8Array; readonly stamp: FileStamp; readonly thumb: ThumbPlace } & PictureFacts)
  | { readonly kind: 'same'; readonly imageId: number; readonly stamp: FileStamp }
  | { readonly kind: 'failed'; readonly imageId: number; readonly failure: ImageFailure; readonly detail: string; readonly stamp: FileStamp | null }

export interface HashOutcome {
  /** Index in the request. */
  readonly index: number
  /** Null where the file could not be read; measuring it will say why. */
  readonly sha256: Uint8Array | null
}
