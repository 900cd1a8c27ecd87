import { Budget } from '../images/budget.ts'
import type { CallContext } from '../workers/channel.ts'
import { FeatureStore, NoFeatures } from './featureStore.ts'
import { columnsOf, type FeatureBatch, type FeatureFailure, type FeatureReply, type FeatureWork, type PairBatch, type PairReply } from './verifyBatch.ts'
import { better, type Evidence, noEvidence, verifyFeatures } from './verifyFeatures.ts'

/** So many images are read and decoded (in libuv's threads) while features are found in this one. */
const imagesInFlight = 3

/** A worker holds one kind of features at a time. */
let held: { key: string; store: FeatureStore } | null = null

function storeOf(work: FeatureWork): FeatureStore {
  const key = JSON.stringify([work.spec, work.cacheFolder])
  if (held?.key !== key) {
    void held?.store.close()
    held = { key, store: new FeatureStore(work) }
  }
  return held.store
}

/** Finds and keeps the features of images that have none yet. Runs in a verification worker. */
export async function prepareFeatures({ work, images, first }: FeatureBatch, { signal, notify }: CallContext): Promise<FeatureReply> {
  const store = storeOf(work)
  const inFlight = new Budget(imagesInFlight)
  const failures: FeatureFailure[] = []
  let found = 0
  await Promise.all(images.map(async (image, i) => {
    const giveBack = await inFlight.take(1)
    try {
      signal.throwIfAborted()
      const plain = await store.prepare(image, false)
      const mirrored = work.mirrored && (first[i] as boolean) && (await store.prepare(image, true))
      if (plain || mirrored) found++
      notify({ finished: 1 })
    } catch (error) {
      if (!(error instanceof NoFeatures)) throw error
      failures.push(error.failure)
    } finally {
      giveBack()
    }
  }))
  return { found, failures }
}

/** Verifies pairs one after the other. Runs in a verification worker. */
export async function verifyPairs(batch: PairBatch, { signal, notify }: CallContext): Promise<PairReply> {
  const store = storeOf(batch.work)
  const failures = new Map<number, FeatureFailure>()
  const evidence: Evidence[] = []
  for (const [i, { first, second }] of batch.pairs.entries()) {
    signal.throwIfAborted()
    try {
      const other = await store.features(second, false)
      const plain = verifyFeatures(await store.features(first, false), other, batch.match, batch.model)
      evidence.push(batch.work.mirrored ? better(plain, verifyFeatures(await store.features(first, true), other, batch.match, batch.model)) : plain)
    } catch (error) {
      if (!(error instanceof NoFeatures)) throw error
      failures.set(error.failure.imageId, error.failure)
      evidence.push(noEvidence('image-failed'))
    }
    if (i % 16 === 15) notify({ finished: 16 })
  }
  return { pairs: columnsOf(evidence, batch), failures: [...failures.values()] }
}
