import type { ModelCard, ProviderReport } from '../contract/models.ts'
import type { ViewPlan } from '../contract/views.ts'
import type { PartView } from '../descriptors/partView.ts'

/** An image for a vision worker: where it lies and what the database knows of the file, so that a changed one is noticed. */
export interface EmbedItem {
  readonly imageId: number
  /** The absolute path as bytes: names need not be UTF-8. */
  readonly path: Uint8Array
  readonly bytes: number
  readonly mtimeMs: number
  readonly svg: boolean
  /** What is embedded of it; the whole picture where nothing is said. */
  readonly views?: readonly PartView[] | undefined
}

export interface EmbedModel {
  readonly card: ModelCard
  /** The absolute path of the ONNX file. */
  readonly file: string
  /** Providers to try, in this order; the engine has probed them. */
  readonly providers: readonly string[]
  /** Which GPU, where there are several: each worker has its own. */
  readonly deviceId?: number | undefined
}

/** What a vision worker is sent: one model, some images. Plain data. The worker cuts it into batches for the model itself. */
export interface EmbedBatch {
  readonly model: EmbedModel
  readonly items: readonly EmbedItem[]
  /** Test-time views of each part; one, as the card says, where nothing is said. */
  readonly plan?: ViewPlan | undefined
}

/** Why one image has no vector. `reason` is an ImageFailure code, or one of the model's own. */
export interface EmbedFailure {
  readonly imageId: number
  /** Where only this part failed. */
  readonly part?: number | undefined
  readonly reason: string
  readonly detail: string
}

export interface EmbedReply {
  /** Images that were embedded, in the order of the rows of `vectors`. */
  readonly imageIds: Int32Array
  /** Which part of the image each row describes; 0 is the whole. */
  readonly parts: Int32Array
  /** imageIds.length x dim, row-major, normalised where the card says so. */
  readonly vectors: Float32Array
  readonly failures: readonly EmbedFailure[]
  /** The provider that ran, and how each that was tried fared; '' and [] where a reply holds failures only. */
  readonly provider: string
  readonly reports: readonly ProviderReport[]
}

/** The reply where an image gave nothing but a failure. */
export const failedReply = (imageId: number, reason: string, detail: string): EmbedReply =>
  ({ imageIds: new Int32Array(0), parts: new Int32Array(0), vectors: new Float32Array(0), failures: [{ imageId, reason, detail }], provider: '', reports: [] })

/** One reply from those of the pieces of a batch, which was split to find the image that kills the worker. */
export function mergeReplies(replies: readonly EmbedReply[]): EmbedReply {
  const imageIds = Int32Array.from(replies.flatMap((reply) => [...reply.imageIds]))
  const parts = Int32Array.from(replies.flatMap((reply) => [...reply.parts]))
  const vectors = new Float32Array(replies.reduce((sum, reply) => sum + reply.vectors.length, 0))
  let at = 0
  for (const reply of replies) {
    vectors.set(reply.vectors, at)
    at += reply.vectors.length
  }
  const ran = replies.find(({ provider }) => provider !== '')
  return { imageIds, parts, vectors, failures: replies.flatMap(({ failures }) => failures), provider: ran?.provider ?? '', reports: ran?.reports ?? [] }
}
