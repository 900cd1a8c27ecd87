import type { RgbPixels } from '../images/rawPixels.ts'
import { suppressEqualScores, type Corners } from './nms.ts'
import type { Box } from './partView.ts'
import { describeRegions, mergeRegions, regionSimilarity, type Region } from './regions.ts'
import { segmentGraph } from './segment.ts'
import { SimilarityQueue } from './regionQueue.ts'

export interface SelectiveSearchOptions {
  readonly scale: number
  readonly sigma: number
  readonly minSize: number
  /** Regions of fewer pixels are no proposals. */
  readonly minRegion: number
  /** Boxes longer than this many times their other side are no proposals. */
  readonly maxAspect: number
  /** A proposal goes where its intersection over union with an earlier one is above this. */
  readonly iou: number
}

/** VisionForce's constants (Test/augmentation/query/selective_search_nms.py). */
export const visionForceProposals: SelectiveSearchOptions = { scale: 500, sigma: 0.9, minSize: 10, minRegion: 2000, maxAspect: 2, iou: 0.5 }

/**
 * Region proposals: selective search (Uijlings, van de Sande, Gevers, Smeulders, IJCV 104(2), 2013) as the Python package `selectivesearch` does it
 * (AlpacaTechJP/selectivesearch), filtered and suppressed as VisionForce does. Deterministic. Boxes lie inside the picture, are distinct, and overlap pairwise
 * by at most `iou` (with areas that count the last pixel); they come in the order in which the suppression visits them. As in the package, a box ends at
 * the region's last column and row without them.
 *
 * The original keeps its candidates in a Python set, whose order nobody can name; here they stand in the order in which they were found.
 */
export function proposeRegions(pixels: RgbPixels, options: SelectiveSearchOptions): Box[] {
  const candidates = candidateBoxes(groupRegions(pixels, options), options)
  const corners = candidates.map(({ left, top, width, height }): Corners => [left, top, left + width, top + height])
  return suppressEqualScores(corners, options.iou).map((index) => candidates[index] as Box)
}

type SearchConstants = Pick<SelectiveSearchOptions, 'scale' | 'sigma' | 'minSize'>

/**
 * Every region that the hierarchical grouping goes through: the segments, then each merge, in this order. Of a picture made of thousands of specks, for
 * which the package would take hours, those of the first coarser constants (scale and least size twice the ones before) that stay within bounds.
 */
export function groupRegions(pixels: RgbPixels, { scale, sigma, minSize }: SearchConstants): Region[] {
  return groupWithin(pixels, { scale, sigma, minSize }) ?? groupRegions(pixels, { scale: scale * 2, sigma, minSize: minSize * 2 })
}

/** Photographs of a megapixel have some hundreds to some thousand segments and 10,000 to 100,000 similarities; time and memory grow with both. */
const mostSegments = 20_000
const mostSimilarities = 500_000

function groupWithin(pixels: RgbPixels, options: SearchConstants): Region[] | null {
  const segments = segmentGraph(pixels, options)
  if (segments.count > mostSegments) return null
  const regions = describeRegions(pixels, segments)
  const imageSize = pixels.width * pixels.height
  const similarity = (a: number, b: number): number => regionSimilarity(regions[a] as Region, regions[b] as Region, imageSize)
  const queue = new SimilarityQueue()
  for (let a = 0; a < regions.length && queue.added <= mostSimilarities; a++) {
    for (let b = a + 1; b < regions.length; b++) if (touches(regions[a] as Region, regions[b] as Region)) queue.add(a, b, similarity(a, b))
  }
  for (let best = queue.best(); best; best = queue.best()) {
    if (queue.added > mostSimilarities) return null
    const merged = regions.push(mergeRegions(regions[best.a] as Region, regions[best.b] as Region)) - 1
    for (const neighbour of queue.remove(best.a, best.b)) queue.add(merged, neighbour, similarity(merged, neighbour))
  }
  return regions
}

/** Distinct boxes of regions that are large enough and not too long. */
export function candidateBoxes(regions: readonly Region[], { minRegion, maxAspect }: Pick<SelectiveSearchOptions, 'minRegion' | 'maxAspect'>): Box[] {
  const found = new Map<string, Box>()
  for (const { size, minX, minY, maxX, maxY } of regions) {
    const box = { left: minX, top: minY, width: maxX - minX, height: maxY - minY }
    if (size < minRegion || box.width === 0 || box.height === 0) continue
    if (box.width / box.height > maxAspect || box.height / box.width > maxAspect) continue
    const key = `${box.left},${box.top},${box.width},${box.height}`
    if (!found.has(key)) found.set(key, box)
  }
  return [...found.values()]
}

/** Whether a corner of b's box lies inside a's box: the package's test of neighbourhood, which is not the same the other way round. */
function touches(a: Region, b: Region): boolean {
  const left = a.minX < b.minX && b.minX < a.maxX
  const right = a.minX < b.maxX && b.maxX < a.maxX
  const top = a.minY < b.minY && b.minY < a.maxY
  const bottom = a.minY < b.maxY && b.maxY < a.maxY
  return (left || right) && (top || bottom)
}
