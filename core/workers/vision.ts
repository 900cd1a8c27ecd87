/** A vision worker process: reads, decodes and measures pictures, and embeds them. A bad file can kill it, and only it. */
import sharp from 'sharp'
import { closePacks, hashBatch, measureBatch } from '../images/measureBatch.ts'
import type { RegionBatch, RegionOutcome } from '../descriptors/regionBatch.ts'
import type { EditBatch, EditOutcome } from '../generator/editBatch.ts'
import type { EmbedBatch, EmbedReply } from '../models/embedBatch.ts'
import { type CallContext, serveParent } from './channel.ts'

// One process a core: threads inside libvips would only fight each other.
sharp.concurrency(1)
sharp.cache(false)

export const visionWorker = {
  /** Answers once everything is loaded. */
  hello: (_context: CallContext): true => true,
  measure: measureBatch,
  hash: hashBatch,
  async closePacks(_context: CallContext): Promise<void> {
    await closePacks()
  },
  async embed(batch: EmbedBatch, context: CallContext): Promise<EmbedReply> {
    // Loaded on first use: a scan needs no ONNX Runtime.
    const { embedFiles } = await import('../models/embedFiles.ts')
    return await embedFiles(batch, context)
  },
  async regions(batch: RegionBatch, context: CallContext): Promise<RegionOutcome[]> {
    const { regionsOfFiles } = await import('../descriptors/regionsOfFiles.ts')
    return await regionsOfFiles(batch, context)
  },
  async edits(batch: EditBatch, context: CallContext): Promise<EditOutcome[]> {
    const { editFiles } = await import('../generator/editFiles.ts')
    return await editFiles(batch, context)
  }
}
export type VisionWorker = typeof visionWorker

process.on('disconnect', () => process.exit(0))
serveParent(visionWorker)
