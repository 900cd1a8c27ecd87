/** A vision worker for tests: files whose names say so kill it or make it hang. The product's worker has no such switch. */
import { existsSync, writeFileSync } from 'node:fs'
import type { RegionBatch, RegionOutcome } from '../../../core/descriptors/regionBatch.ts'
import type { EditBatch, EditOutcome } from '../../../core/generator/editBatch.ts'
import { measureBatch, type MeasureRequest } from '../../../core/images/measureBatch.ts'
import type { EmbedBatch, EmbedReply } from '../../../core/models/embedBatch.ts'
import { type CallContext, serveParent } from '../../../core/workers/channel.ts'

function meet(path: Uint8Array): void {
  const name = Buffer.from(path).toString()
  if (name.includes('poison')) process.kill(process.pid, 'SIGKILL')
  // Twice its worker is killed by something else just then: in its batch, and once more alone.
  const times = name.includes('unlucky') ? ['first', 'second'].findIndex((time) => !existsSync(`${name}.${time}`)) : -1
  if (times >= 0) {
    writeFileSync(`${name}.${['first', 'second'][times]}`, '')
    process.kill(process.pid, 'SIGKILL')
  }
  if (name.includes('hang')) for (;;) Math.sqrt(2)
}

process.on('disconnect', () => process.exit(0))
serveParent({
  hello: () => true,
  async measure(request: MeasureRequest, context: CallContext) {
    for (const { path } of request.files) meet(path)
    return await measureBatch(request, context)
  },
  embed(batch: EmbedBatch): EmbedReply {
    for (const { path } of batch.items) meet(path)
    return { imageIds: Int32Array.from(batch.items, ({ imageId }) => imageId), parts: new Int32Array(batch.items.length), vectors: Float32Array.from(batch.items, ({ imageId }) => imageId / 2), failures: [], provider: 'cpu', reports: [] }
  },
  regions({ items }: RegionBatch): RegionOutcome[] {
    for (const { path } of items) meet(path)
    return items.map(({ imageId }) => ({ imageId, width: 1, height: 1, proposals: new Int32Array(0), detections: new Int32Array(0) }))
  },
  edits({ tasks }: EditBatch): EditOutcome[] {
    for (const { source } of tasks) meet(source.path)
    return tasks.map(({ number }) => ({ number, width: 1, height: 1, bytes: 1, sha256: '', source: { width: 1, height: 1 }, edits: [], homography: [1, 0, 0, 0, 1, 0, 0, 0, 1], region: [], visible: 1, usedCompanion: false }))
  }
})
