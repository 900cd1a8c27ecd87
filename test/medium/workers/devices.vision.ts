/** A vision worker for tests that stands in for one with a GPU: its vectors say on which device and in which process they were made. */
import type { EmbedBatch, EmbedReply } from '../../../core/models/embedBatch.ts'
import { serveParent } from '../../../core/workers/channel.ts'

process.on('disconnect', () => process.exit(0))
serveParent({
  hello: () => true,
  async embed({ model, items }: EmbedBatch): Promise<EmbedReply> {
    // Long enough for the next call to find this worker at work.
    await new Promise((resolve) => setTimeout(resolve, 30))
    return {
      imageIds: Int32Array.from(items, ({ imageId }) => imageId), parts: new Int32Array(items.length),
      vectors: Float32Array.from(items.flatMap(() => [model.deviceId ?? -1, process.pid])), failures: [], provider: model.providers[0] ?? '', reports: []
    }
  }
})
