import { Draws } from './draws.ts'
import { areaScale, matchCount, type MatchedPoints, type PlaneMap } from './planeMap.ts'

/** A family of maps that a few matches fix. */
export interface MapModel {
  readonly name: 'affine' | 'homography'
  /** Matches that fix the map. */
  readonly minSamples: number
  /** Fills in the map through the sampled matches; false where they do not fix one (degenerate). */
  fitSample(matches: MatchedPoints, sample: Int32Array, map: PlaneMap): boolean
  /** The least-squares map of all the chosen matches, found from `start`; null where they do not fix one. */
  fitAll(matches: MatchedPoints, inliers: Int32Array, start: PlaneMap): PlaneMap | null
}

export interface RansacOptions {
  readonly model: MapModel
  /** A match is an inlier where the map brings its first point closer than this to its second; pixels of the second image. */
  readonly residual: number
  readonly maxTrials: number
  readonly seed: number
  /**
   * Stop as soon as a sample without outliers was drawn with this probability, by the ratio of inliers found so far; 1 never stops early (scikit-image's default,
   * and so what the Landmark 2019 code does).
   */
  readonly stopProbability: number
  /** Maps that shrink or enlarge lengths more than so many times (in the middle of the sample) are not believed; null believes all. */
  readonly maxZoom: number | null
  /** How often the map fitted to all inliers may take in more inliers and be fitted again; 0 leaves the best sample's, as scikit-image does. */
  readonly refits: number
}

export interface Consensus {
  readonly count: number
  /** Places of the inliers among the matches, ascending. */
  readonly inliers: Int32Array
  /** Fitted to all inliers. */
  readonly map: PlaneMap
  readonly trials: number
}

/** Why there is no consensus. */
export type NoConsensus = 'too-few-matches' | 'no-model'

/** Squared distance of a point that the map sends beyond the horizon: far, yet a number that can be summed. */
const beyond = 1e12

/**
 * Random sample consensus (Fischler and Bolles 1981) with the rules of scikit-image 0.19's `measure.ransac`: more matches are needed than fix the map; the best
 * sample is the one with the most residuals strictly below the threshold, among equals the one with the smaller sum of all squared residuals; the map is then
 * fitted to all inliers. The draws are NumPy's, so that the same seed looks at the same samples.
 */
export function ransac(matches: MatchedPoints, { model, residual, maxTrials, seed, stopProbability, maxZoom, refits }: RansacOptions): Consensus | NoConsensus {
  const n = matchCount(matches)
  if (n <= model.minSamples) return 'too-few-matches'
  const draws = new Draws(seed)
  const sample = new Int32Array(model.minSamples)
  const limit = residual * residual
  const map: PlaneMap = new Float64Array(9)
  let best: { map: PlaneMap; count: number; sum: number } | null = null
  let needed = Infinity
  let trials = 0
  while (trials < maxTrials && trials < needed) {
    trials++
    draws.choose(n, sample)
    if (!model.fitSample(matches, sample, map) || !isBelievable(map, matches, sample, maxZoom)) continue
    const { count, sum } = score(matches, map, limit)
    if (count > (best?.count ?? 0) || (best && count === best.count && sum < best.sum)) {
      best = { map: map.slice(), count, sum }
      needed = trialsFor(count / n, model.minSamples, stopProbability)
    }
  }
  if (!best) return 'no-model'
  return polish(matches, model, best.map, { limit, refits, maxZoom, trials })
}

function polish(matches: MatchedPoints, model: MapModel, sampled: PlaneMap, { limit, refits, maxZoom, trials }: { limit: number; refits: number; maxZoom: number | null; trials: number }): Consensus {
  let inliers = inliersOf(matches, sampled, limit)
  let map = model.fitAll(matches, inliers, sampled) ?? sampled
  for (let round = 0; round < refits; round++) {
    const wider = inliersOf(matches, map, limit)
    if (wider.length < inliers.length || !isBelievable(map, matches, wider, maxZoom)) break
    const grown = wider.length > inliers.length
    inliers = wider
    if (!grown) break
    map = model.fitAll(matches, inliers, map) ?? map
  }
  return { count: inliers.length, inliers, map, trials }
}

/** How many samples are needed to draw one without outliers with the given probability. */
function trialsFor(ratio: number, minSamples: number, probability: number): number {
  if (probability >= 1) return Infinity
  if (ratio >= 1) return 1
  return Math.ceil(Math.log(1 - probability) / Math.log1p(-(ratio ** minSamples)))
}

function isBelievable(map: PlaneMap, matches: MatchedPoints, chosen: Int32Array, maxZoom: number | null): boolean {
  for (let i = 0; i < 9; i++) if (!Number.isFinite(map[i])) return false
  if (maxZoom === null) return true
  let x = 0
  let y = 0
  for (let k = 0; k < chosen.length; k++) {
    x += matches[4 * (chosen[k] as number)] as number
    y += matches[4 * (chosen[k] as number) + 1] as number
  }
  const area = areaScale(map, x / chosen.length, y / chosen.length)
  return area <= maxZoom ** 2 && area >= maxZoom ** -2
}

/** How many matches lie closer than the limit to where the map sends them, and the sum of all squared distances. `near` takes the places of those matches where it is given. */
function score(matches: MatchedPoints, m: PlaneMap, limit: number, near?: Int32Array): { count: number; sum: number } {
  const [m0, m1, m2, m3] = [m[0] as number, m[1] as number, m[2] as number, m[3] as number]
  const [m4, m5, m6, m7, m8] = [m[4] as number, m[5] as number, m[6] as number, m[7] as number, m[8] as number]
  let count = 0
  let sum = 0
  for (let i = 0; i < matches.length; i += 4) {
    const x = matches[i] as number
    const y = matches[i + 1] as number
    const w = m6 * x + m7 * y + m8
    let squared = beyond
    if (w > 0) {
      const dx = (m0 * x + m1 * y + m2) / w - (matches[i + 2] as number)
      const dy = (m3 * x + m4 * y + m5) / w - (matches[i + 3] as number)
      squared = dx * dx + dy * dy
    }
    if (squared < limit) {
      if (near) near[count] = i / 4
      count++
    }
    sum += squared
  }
  return { count, sum }
}

function inliersOf(matches: MatchedPoints, map: PlaneMap, limit: number): Int32Array {
  const near = new Int32Array(matchCount(matches))
  return near.slice(0, score(matches, map, limit, near).count)
}
