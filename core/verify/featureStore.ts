import { DecodeFailure } from '../images/decodeFailure.ts'
import { isWinnowError } from '../domain/errors.ts'
import { readDelf } from './delfFile.ts'
import { FeatureCache } from './featureCache.ts'
import { featureBytes } from './featureFile.ts'
import { featureFingerprint, type FeatureSpec } from './featureSpec.ts'
import type { LocalFeatures } from './localFeatures.ts'
import type { FeatureSession } from './modelFeatures.ts'
import { readPicture, shrunkSize, type VerifyImage } from './picture.ts'
import type { FeatureFailure, FeatureWork } from './verifyBatch.ts'

/** Features in memory: some two thousand images of 800 ORB features. */
const mostBytes = 64 * 2 ** 20

/** An image whose features cannot be had; `cause` is why. */
export class NoFeatures extends Error {
  readonly failure: FeatureFailure
  constructor(imageId: number, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    super(detail, { cause })
    this.name = 'NoFeatures'
    this.failure = { imageId, reason: cause instanceof DecodeFailure ? cause.failure : 'no-features', detail }
  }
}

/** The features of images, from memory, from disk, or found anew, for one kind of features; lives in a verification worker. */
export class FeatureStore {
  readonly #spec: FeatureSpec
  readonly #cache: FeatureCache | null
  /** Least recently used first. */
  readonly #memory = new Map<string, LocalFeatures>()
  #bytes = 0
  #session: Promise<FeatureSession> | null = null

  constructor({ spec, cacheFolder }: Pick<FeatureWork, 'spec' | 'cacheFolder'>) {
    this.#spec = spec
    // DELF files are a cache already.
    this.#cache = cacheFolder === null || spec.kind === 'delf' ? null : new FeatureCache(cacheFolder, featureFingerprint(spec))
  }

  /** Sees to it that the features are on disk. True where they had to be found. Throws NoFeatures, and UNAVAILABLE where the disk or the model fails. */
  async prepare(image: VerifyImage, mirrored: boolean): Promise<boolean> {
    if (image.sha256 === null || !this.#cache || await this.#cache.has(image.sha256, mirrored)) return false
    await this.#find(image, mirrored)
    return true
  }

  /** Throws NoFeatures, and UNAVAILABLE where the disk or the model fails. */
  async features(image: VerifyImage, mirrored: boolean): Promise<LocalFeatures> {
    const key = `${image.sha256 ?? `#${image.imageId}`}${mirrored ? ' mirrored' : ''}`
    const held = this.#memory.get(key)
    if (held) {
      this.#memory.delete(key)
      this.#memory.set(key, held)
      return held
    }
    const features = (image.sha256 !== null && this.#cache && (await this.#cache.read(image.sha256, mirrored))) || (await this.#find(image, mirrored))
    if (!this.#memory.has(key)) {
      this.#memory.set(key, features)
      this.#bytes += featureBytes(features)
    }
    this.#forget()
    return features
  }

  async close(): Promise<void> {
    await this.#session?.then((session) => session.close()).catch(() => undefined)
  }

  #forget(): void {
    for (const [key, features] of this.#memory) {
      if (this.#bytes <= mostBytes) return
      this.#memory.delete(key)
      this.#bytes -= featureBytes(features)
    }
  }

  async #find(image: VerifyImage, mirrored: boolean): Promise<LocalFeatures> {
    const features = await this.#extract(image, mirrored)
    if (image.sha256 !== null) await this.#cache?.write(image.sha256, mirrored, features)
    return features
  }

  async #extract(image: VerifyImage, mirrored: boolean): Promise<LocalFeatures> {
    const spec = this.#spec
    // Outside the try: a model that cannot be loaded is no failure of the image.
    const session = spec.kind === 'model' ? await this.#open(spec) : null
    try {
      if (spec.kind === 'delf') return await readDelf(spec.folder, image.path, spec.features)
      if (spec.kind === 'orb') {
        const { orbFeatures } = await import('./orb.ts')
        return await orbFeatures(await readPicture(image, { channels: 1, mirrored, sizeFor: (width, height) => shrunkSize(width, height, spec.longestSide) }), spec)
      }
      const model = session as FeatureSession
      return await model.features(await readPicture(image, model.request(mirrored)), spec.features)
    } catch (error) {
      if (isWinnowError(error) && error.code === 'BAD_INPUT' && spec.kind === 'model') throw error
      throw new NoFeatures(image.imageId, error)
    }
  }

  async #open(spec: Extract<FeatureSpec, { kind: 'model' }>): Promise<FeatureSession> {
    // Loaded on first use: ORB needs no ONNX Runtime.
    this.#session ??= import('./modelFeatures.ts').then(({ FeatureSession }) => FeatureSession.open(spec))
    return await this.#session
  }
}
