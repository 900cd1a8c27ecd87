/** The two stages of embedding, each alone: decode to the model's input, and inference on inputs that are there already. */
import { readFile } from 'node:fs/promises'
import { openImage } from '../../core/images/openImage.ts'
import type { EmbedModel } from '../../core/models/embedBatch.ts'
import { inputPixels } from '../../core/models/preprocess.ts'
import { EmbeddingSession } from '../../core/models/session.ts'
import { prepareSharp } from './prepareSharp.ts'
import { serveStage } from './parallel.ts'

export interface EmbeddingStage {
  readonly stage: 'decode' | 'infer'
  readonly model: EmbedModel
}

const inFlight = 8
prepareSharp()

serveStage<EmbeddingStage, string>(async ({ stage, model }, items) => {
  const decode = async (path: string): Promise<Uint8Array> => await inputPixels(await openImage(await readFile(path), { svg: false }), model.card)
  if (stage === 'decode') {
    await Promise.all(items.slice(0, inFlight).map(decode))
    return async () => {
      let next = 0
      await Promise.all(Array.from({ length: inFlight }, async () => {
        for (let path = items[next++]; path !== undefined; path = items[next++]) await decode(path)
      }))
    }
  }
  const session = await EmbeddingSession.open(model)
  const pixels = await Promise.all(items.slice(0, session.batchSize).map(decode))
  const batch = session.input.batch(session.batchSize)
  for (const [i, picture] of pixels.entries()) session.input.write(batch, i, picture)
  await session.embed(batch, session.batchSize)
  return async () => {
    for (let done = 0; done < items.length; done += session.batchSize) await session.embed(batch, Math.min(session.batchSize, items.length - done))
  }
})
