import { randomUUID } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { decodeFeatures, encodeFeatures } from './featureFile.ts'
import type { LocalFeatures } from './localFeatures.ts'

/** Features on disk: one file an image and settings, named by the image's content, so that a moved or copied image needs no new ones. Nothing in it is anybody's work: it may be deleted at any time. */
export class FeatureCache {
  readonly #folder: string

  /** `fingerprint`: of the settings (featureFingerprint). */
  constructor(folder: string, fingerprint: string) {
    this.#folder = join(folder, fingerprint)
  }

  #path(sha256: string, mirrored: boolean): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`"${sha256}" is no SHA-256.`)
    return join(this.#folder, sha256.slice(0, 2), `${sha256}${mirrored ? '-mirrored' : ''}.features`)
  }

  /** Whether there is a file; it may still turn out to be damaged. */
  async has(sha256: string, mirrored: boolean): Promise<boolean> {
    return await access(this.#path(sha256, mirrored)).then(() => true, () => false)
  }

  /** Null where there are none, or their file is damaged. */
  async read(sha256: string, mirrored: boolean): Promise<LocalFeatures | null> {
    const path = this.#path(sha256, mirrored)
    try {
      return decodeFeatures(await readFile(path), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      if (error instanceof WinnowError) return null
      throw systemError(error, path) ?? error
    }
  }

  /** Whole or not at all. Not flushed: what a power cut takes is made anew. Throws UNAVAILABLE where the disk does not let it. */
  async write(sha256: string, mirrored: boolean, features: LocalFeatures): Promise<void> {
    const path = this.#path(sha256, mirrored)
    const part = `${path}.${randomUUID()}.part`
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(part, encodeFeatures(features))
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      throw systemError(error, path) ?? error
    }
  }
}
