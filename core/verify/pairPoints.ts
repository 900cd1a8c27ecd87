import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { NpyRows } from '../formats/npyRows.ts'

/** A verified pair of a kept result, for drawing. */
export interface StoredEvidence {
  /** 3 x 3, row-major, from the first image into the second; null where there is none. */
  readonly matrix: Float64Array | null
  /** Inliers: x1, y1, x2, y2 for each, pixels of the whole upright images. */
  readonly points: Float32Array
}

/**
 * The map and the inliers of pair `index` of a pairs artefact that was verified; reads these rows of its columns and no more. Throws NOT_FOUND where the pairs were
 * not verified, CORRUPT where the files do not fit each other, RangeError for a pair that is not there.
 */
export async function pointsOfPair(folder: string, index: number): Promise<StoredEvidence> {
  const [from, to] = await rows(folder, 'pointsFrom', index, 2, Int32Array) as unknown as [number, number]
  const matrix = await rows(folder, 'matrix', index, 1, Float64Array)
  if (!(from >= 0 && to >= from) || matrix.length !== 9) throw new WinnowError('CORRUPT', `The verified pairs in ${folder} are damaged. Run the recipe again: they are made anew.`)
  const points = to === from ? new Float32Array(0) : await rows(folder, 'points', from, to - from, Float32Array)
  return { matrix: matrix.some((value) => value !== 0) ? matrix : null, points }
}

async function rows<T extends Int32Array | Float32Array | Float64Array>(folder: string, column: string, first: number, count: number, type: new (...args: never[]) => T): Promise<T> {
  const file = await NpyRows.open(join(folder, `${column}.npy`))
  try {
    const data: unknown = await file.read(first, count)
    if (data instanceof type) return data
    throw new WinnowError('CORRUPT', `The column "${column}" in ${folder} holds other values than it should. Run the recipe again: it is made anew.`)
  } finally {
    await file.close()
  }
}
