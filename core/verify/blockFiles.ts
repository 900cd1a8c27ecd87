import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { systemError } from '../domain/systemErrors.ts'
import type { VerifiedPairs } from './verifyBatch.ts'
import type { BlockStore } from './verifyRun.ts'

const columns = {
  inliers: Int32Array, matches: Int32Array, ratio: Float32Array, matrix: Float64Array, mirrored: Uint8Array, reasons: Uint8Array, pointsFrom: Int32Array, points: Float32Array, pointInlier: Uint8Array
} as const

/** Blocks of a run as files of a scratch folder: each is whole or not there; one that is damaged counts as not there. */
export class BlockFiles implements BlockStore {
  readonly #folder: string

  /** `folder` exists and belongs to one run. */
  constructor(folder: string) {
    this.#folder = folder
  }

  #path(block: number): string {
    return join(this.#folder, `pairs-${block}.block`)
  }

  async read(block: number): Promise<VerifiedPairs | null> {
    try {
      const found = deserialize(await readFile(this.#path(block))) as Partial<VerifiedPairs>
      return isWhole(found) ? found : null
    } catch {
      return null
    }
  }

  /** Throws UNAVAILABLE where the disk does not let it. */
  async write(block: number, pairs: VerifiedPairs): Promise<void> {
    const path = this.#path(block)
    const part = `${path}.${randomUUID()}.part`
    try {
      await writeFile(part, serialize(pairs), { flush: true })
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      throw systemError(error, path) ?? error
    }
  }
}

function isWhole(found: Partial<VerifiedPairs>): found is VerifiedPairs {
  for (const [name, type] of Object.entries(columns)) if (!(found[name as keyof VerifiedPairs] instanceof type)) return false
  const { inliers, matches, ratio, matrix, mirrored, reasons, pointsFrom, points, pointInlier } = found as VerifiedPairs
  const n = inliers.length
  return matches.length === n && ratio.length === n && matrix.length === 9 * n && mirrored.length === n && reasons.length === n && pointsFrom.length === n + 1 &&
    pointsFrom.every((from, i) => (i === 0 ? from === 0 : from >= (pointsFrom[i - 1] as number))) && points.length === 4 * (pointsFrom[n] as number) && pointInlier.length === pointsFrom[n]
}
