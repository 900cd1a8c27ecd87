import { lumaOf } from '../../../core/images/quality.ts'
import { orientedHashBytes, perceptualHashes } from '../../../core/images/perceptualHash.ts'
import { shrunk } from '../../../core/generator/editPicture.ts'
import { Budget } from '../../../core/images/budget.ts'
import { measureBytes, thumbSide } from '../../../core/images/measureFile.ts'
import { openImage } from '../../../core/images/openImage.ts'
import { inputPixels } from '../../../core/models/preprocess.ts'
import { EmbeddingSession } from '../../../core/models/session.ts'
import type { Subject } from './modelsMeasured.ts'

/** Says of a picture's bytes what a subject says of it: a vector, or the 64 bytes of the eight hashes. */
export interface Describer {
  readonly dim: number
  describe(bytes: Buffer): Promise<Float32Array>
  /** What is timed: everything after decoding and resizing, ready to be done again and again. */
  prepare(bytes: Buffer): Promise<() => Promise<unknown>>
  close(): Promise<void>
}

export async function openDescriber({ model }: Subject): Promise<Describer> {
  return model ? await modelDescriber(model) : hashDescriber
}

/** By the product's own steps: openImage, inputPixels, EmbeddingSession; on one thread. */
async function modelDescriber(model: NonNullable<Subject['model']>): Promise<Describer> {
  const session = await EmbeddingSession.open({ ...model, providers: ['cpu'] })
  const input = session.input.batch(1)
  const fill = async (bytes: Buffer): Promise<void> => session.input.write(input, 0, await inputPixels(await openImage(bytes), model.card))
  return {
    dim: model.card.output.dim,
    describe: async (bytes) => {
      await fill(bytes)
      return await session.embed(input, 1)
    },
    prepare: async (bytes) => {
      await fill(bytes)
      return async () => await session.embed(input, 1)
    },
    close: async () => await session.close()
  }
}

/** One picture at a time: nothing waits for pixels. */
const pixels = new Budget(Number.MAX_SAFE_INTEGER)

const hashDescriber: Describer = {
  dim: orientedHashBytes,
  describe: async (bytes) => Float32Array.from((await measureBytes(bytes, { svg: false, pixels })).facts.phash),
  prepare: async (bytes) => {
    const small = await shrunk(await (await openImage(bytes)).rgb(), thumbSide)
    return async () => perceptualHashes(lumaOf(small))
  },
  close: async () => undefined
}
