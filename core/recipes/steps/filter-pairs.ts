import { z } from 'zod'
import { PairIndex } from '../../metrics/intIndex.ts'
import { counted } from '../../review/sentences.ts'
import { type Pairs, readPairsOrLists } from '../kinds.ts'
import { writeKeptPairs } from '../pairRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'filter-pairs',
  title: 'Keep sure pairs',
  about: 'Keeps pairs with a score (and, where they are verified, inliers) at or above a threshold, and at most so many for each query or in all.',
  source: '',
  version: 2,
  params: z.object({
    minScore: z.number().optional().describe('Least score.'),
    minInliers: z.int().min(0).optional().describe('Least number of inliers; pairs that were not verified do not pass.'),
    minRatio: z.number().min(0).max(1).optional().describe('Least share of matched points that are inliers.'),
    perQuery: z.int().min(1).optional().describe('At most so many of each query, the best.'),
    best: z.int().min(1).optional().describe('At most so many in all, the best.'),
    eitherWay: z.boolean().default(false).describe('A pair found from both sides counts once (for a set searched against itself).')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'what to choose from' } },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { pairs: artefact }, params) => {
  const pairs = await readPairsOrLists(artefact)
  const inliers = artefact.kind === 'pairs' && artefact.has('inliers') ? await artefact.int32('inliers') : null
  const ratio = artefact.kind === 'pairs' && artefact.has('ratio') ? await artefact.float32('ratio') : null
  const kept = keptPairs(pairs, inliers, ratio, params)
  await writeKeptPairs(out, artefact, { pairs, kept }, `${kept.length.toLocaleString('en')} of ${counted(pairs.a.length, 'pair')}`, { of: pairs.a.length })
}

/** Places of the pairs that stay, in their order (best first). */
function keptPairs({ a, b, scores }: Pairs, inliers: Int32Array | null, ratio: Float32Array | null, params: z.output<typeof definition.params>): Int32Array {
  const { minInliers, minRatio, perQuery = Infinity, best = Infinity, eitherWay } = params
  // Scores and ratios are float32: 0.7 there is a little less than 0.7 here.
  const [minScore, leastRatio] = [Math.fround(params.minScore ?? -Infinity), Math.fround(minRatio ?? 0)]
  const kept: number[] = []
  const ofQuery = new Map<number, number>()
  const places = eitherWay ? new PairIndex(a.map((x, i) => Math.min(x, b[i] as number)), a.map((x, i) => Math.max(x, b[i] as number))) : null
  const taken = new Uint8Array(places ? a.length : 0)
  for (let i = 0; i < a.length && kept.length < best; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    if ((scores[i] as number) < minScore) continue
    if (minInliers !== undefined && (inliers?.[i] ?? -1) < minInliers) continue
    if (minRatio !== undefined && (ratio?.[i] ?? -1) < leastRatio) continue
    const count = ofQuery.get(x) ?? 0
    if (count >= perQuery) continue
    if (places) {
      const place = places.find(Math.min(x, y), Math.max(x, y))
      if (x === y || taken[place] === 1) continue
      taken[place] = 1
    }
    ofQuery.set(x, count + 1)
    kept.push(i)
  }
  return Int32Array.from(kept)
}
