import type { ModelCard, ProviderReport } from '../contract/models.ts'

/** An image for a vision worker: where it lies and what the database knows of the file, so that a changed one is noticed. */
export interface EmbedItem {
  readonly imageId: number
  /** The absolute path as bytes: names need not be UTF-8. */
  readonly path: Uint8Array
  readonly bytes: number
  readonly mtimeMs: number
  readonly svg: boolean
}

export interface EmbedModel {
  readonly card: ModelCard
  /** The absolute path of the ONNX file. */
  readonly file: string
  /** Providers to try, in this order; the engine has probed them. */
  readonly providers: readonly string[]
}

/** What a vision worker is sent: one model, some images. Plain data. The worker cuts it into batches for the model itself. */
export interface EmbedBatch {
  readonly model: EmbedModel
  readonly items: readonly EmbedItem[]
}

/** Why one image has no vector. `reason` is an ImageFailure code, or one of the model's own. */
export interface EmbedFailure {
  readonly imageId: number
  readonly reason: string
  readonly detail: string
}

export interface EmbedReply {
  /** Images that were embedded, in the order of the rows of `vectors`. */
  readonly imageIds: Int32Array
  /** imageIds.length x dim, row-major, normalised where the card says so. */
  readonly vectors: Float32Array
  readonly failures: readonly EmbedFailure[]
  /** The provider that ran, and how each that was tried fared; '' and [] where a reply holds failures only. */
  readonly provider: string
  readonly reports: readonly ProviderReport[]
}

/** One reply from those of the parts of a batch, which was split to find the image that kills the worker. */
export function mergeReplies(replies: readonly EmbedReply[]): EmbedReply {
  const imageIds = new Int32Array(replies.reduce((sum, reply) => sum + reply.imageIds.length, 0))
  const vectors = new Float32Array(replies.reduce((sum, reply) => sum + reply.vectors.length, 0))
  let atImage = 0
  let atValue = 0
  for (const reply of replies) {
    imageIds.set(reply.imageIds, atImage)
    vectors.set(reply.vectors, atValue)
    atImage += reply.imageIds.length
    atValue += reply.vectors.length
  }
  const ran = replies.find(({ provider }) => provider !== '')
  return { imageIds, vectors, failures: replies.flatMap(({ failures }) => failures), provider: ran?.provider ?? '', reports: ran?.reports ?? [] }
}
