import { WinnowError } from '../domain/errors.ts'
import type { PairColumns } from './pairColumns.ts'

/**
 * What a pair's evidence says. inliers: points that RANSAC agrees on, enough where evidence >= v. mutual-rank: see mutualRank.ts, enough where
 * 1 <= evidence <= v (0 is none).
 */
export type EvidenceKind = 'inliers' | 'mutual-rank'

export interface RuleAxes {
  readonly evidence: EvidenceKind
  /** v, from the mildest to the strictest: rising for inliers, falling for ranks. */
  readonly values: readonly number[]
  /** f, rising. */
  readonly frequencies: readonly number[]
  /** How many clean images a class must have to be kept: 2 in the original. */
  readonly leastImages: number
}

/** The grid of the Landmark 2019 solution: 7 x 10 cells; its released set is v = 30, f = 3. */
export const gldv2Axes: RuleAxes = { evidence: 'inliers', values: [20, 25, 30, 35, 40, 45, 50], frequencies: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], leastImages: 2 }
/** The same for mutual ranks, which know no scale but the set's own: from "anywhere in both lists of 1000" to the nearest ten. */
export const mutualAxes: RuleAxes = { ...gldv2Axes, evidence: 'mutual-rank', values: [1000, 500, 200, 100, 50, 20, 10] }

/** Counts are kept in a byte: the rule's lists end at 99 pairs. */
export const mostFrequency = 255

/** For each v and each image how many of its pairs have enough evidence: all that any cell needs. */
export interface EvidenceCounts {
  readonly images: number
  /** values.length x images, row-major; 255 stands for that many or more. */
  readonly counts: Uint8Array
}

/** What each cell keeps; entry [i * frequencies.length + j] is the cell of values[i] and frequencies[j]. */
export interface RuleGrid {
  readonly images: Int32Array
  readonly classes: Int32Array
}

/** Throws BAD_INPUT where an axis is empty, has something other than whole numbers from 1, or does not go from mild to strict. */
export function checkAxes({ evidence, values, frequencies, leastImages }: RuleAxes): void {
  const sign = evidence === 'inliers' ? 1 : -1
  const check = (name: string, axis: readonly number[], direction: number): void => {
    if (axis.length === 0) throw new WinnowError('BAD_INPUT', `The grid has no value of ${name}. Give at least one.`)
    for (const [i, value] of axis.entries()) {
      if (!Number.isInteger(value) || value < 1) throw new WinnowError('BAD_INPUT', `${name} must be whole numbers from 1; ${value} is not.`)
      if (i > 0 && (value - (axis[i - 1] as number)) * direction <= 0) {
        throw new WinnowError('BAD_INPUT', `${name} must go from mild to strict, each once; ${value} comes after ${axis[i - 1]}. Put the values in ${direction > 0 ? 'rising' : 'falling'} order.`)
      }
    }
  }
  check('v (evidence)', values, sign)
  check('f (pairs an image needs)', frequencies, 1)
  if ((frequencies.at(-1) as number) > mostFrequency) throw new WinnowError('BAD_INPUT', `f goes up to ${mostFrequency}, not ${frequencies.at(-1)}.`)
  if (!Number.isInteger(leastImages) || leastImages < 1) throw new WinnowError('BAD_INPUT', `A class needs a whole number of clean images from 1, not ${leastImages}.`)
}

/**
 * One pass over the pairs, whatever the number of cells: each pair is counted once for its query, at the strictest v that it meets, and the
 * counts are then summed from strict to mild. Only the query's side counts, as in the original. Pairs of an image with itself, between different labels or
 * without a label are no evidence.
 * Throws RangeError where a pair names a row that is not there or the columns differ in length.
 */
export function countEvidence({ queries, references }: PairColumns, evidence: ArrayLike<number>, classOf: Int32Array, axes: RuleAxes): EvidenceCounts {
  checkAxes(axes)
  if (references.length !== queries.length || evidence.length !== queries.length) {
    throw new RangeError(`${queries.length} queries, ${references.length} references and ${evidence.length} values of evidence are not columns of the same pairs.`)
  }
  const images = classOf.length
  const steps = axes.values.length
  const values = Float64Array.from(axes.values)
  const byRank = axes.evidence === 'mutual-rank'
  const exact = new Uint32Array(steps * images)
  for (let i = 0; i < queries.length; i++) {
    const query = queries[i] as number
    const reference = references[i] as number
    if (!(query >= 0 && query < images && reference >= 0 && reference < images)) throw new RangeError(`Pair ${i} (${query}, ${reference}) names an image that is not among the ${images}.`)
    const label = classOf[query] as number
    if (label < 0 || query === reference || classOf[reference] !== label) continue
    const value = evidence[i] as number
    if (byRank && !(value >= 1)) continue
    let met = 0
    while (met < steps && (byRank ? value <= (values[met] as number) : value >= (values[met] as number))) met++
    if (met > 0) exact[(met - 1) * images + query]!++
  }
  const counts = new Uint8Array(steps * images)
  for (let image = 0; image < images; image++) {
    let sum = 0
    for (let step = steps - 1; step >= 0; step--) {
      sum += exact[step * images + image] as number
      counts[step * images + image] = Math.min(sum, mostFrequency)
    }
  }
  return { images, counts }
}

/** The best evidence of each image's pairs, of those that countEvidence counts: most inliers, or the smallest rank; 0 where it has none. */
export function strongestEvidence({ queries, references }: PairColumns, evidence: ArrayLike<number>, classOf: Int32Array, { evidence: kind }: Pick<RuleAxes, 'evidence'>): Int32Array {
  const strongest = new Int32Array(classOf.length)
  for (let i = 0; i < queries.length; i++) {
    const query = queries[i] as number
    const reference = references[i] as number
    const label = classOf[query] as number
    const value = evidence[i] as number
    if (label < 0 || query === reference || classOf[reference] !== label || !(value >= 1)) continue
    const best = strongest[query] as number
    if (best === 0 || (kind === 'inliers' ? value > best : value < best)) strongest[query] = value
  }
  return strongest
}

/** Images and classes that each cell keeps, from the counts alone. */
export function gridOf({ images, counts }: EvidenceCounts, classOf: Int32Array, { values, frequencies, leastImages }: RuleAxes): RuleGrid {
  const steps = frequencies.length
  const classes = classOf.reduce((most, label) => Math.max(most, label), -1) + 1
  const grid = { images: new Int32Array(values.length * steps), classes: new Int32Array(values.length * steps) }
  // One v at a time: a million classes x 10 f are 40 MB, x 7 v they would be 280.
  const clean = new Uint32Array(classes * steps)
  for (let v = 0; v < values.length; v++) {
    clean.fill(0)
    for (let image = 0; image < images; image++) {
      const label = classOf[image] as number
      if (label < 0) continue
      const count = counts[v * images + image] as number
      for (let f = 0; f < steps && count >= (frequencies[f] as number); f++) clean[label * steps + f]!++
    }
    for (let at = 0; at < clean.length; at++) {
      const count = clean[at] as number
      if (count < leastImages) continue
      const cell = v * steps + (at % steps)
      grid.images[cell]! += count
      grid.classes[cell]!++
    }
  }
  return grid
}
