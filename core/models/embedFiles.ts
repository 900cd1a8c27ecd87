export type { EmbedBatch, EmbedFailure, EmbedItem, EmbedModel, EmbedReply } from './embedBatch.ts'
