import { z } from 'zod'
import type { Artefact } from '../artefact.ts'
import { type Pairs, readPairsOrLists, writePairColumns } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'filter-pairs',
  title: 'Keep sure pairs',
  about: 'Keeps pairs with a score (and, where they are verified, inliers) at or above a threshold, and at most so many for each query or in all.',
  source: '',
  version: 1,
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
  const take = (column: Int32Array): Int32Array => Int32Array.from(kept, (i) => column[i] as number)
  await writePairColumns(out, { a: take(pairs.a), aParts: take(pairs.aParts), b: take(pairs.b), bParts: take(pairs.bParts), scores: Float32Array.from(kept, (i) => pairs.scores[i] as number) })
  if (artefact.kind === 'pairs') await copyEvidence(artefact, out, kept)
  await out.finish('pairs', `${kept.length.toLocaleString('en')} of ${pairs.a.length.toLocaleString('en')} pairs`, { pairs: kept.length, of: pairs.a.length })
}

/** Places of the pairs that stay, in their order (best first). */
function keptPairs({ a, b, scores }: Pairs, inliers: Int32Array | null, ratio: Float32Array | null, params: z.output<typeof definition.params>): Int32Array {
  const { minScore = -Infinity, minInliers, minRatio, perQuery = Infinity, best = Infinity, eitherWay } = params
  const kept: number[] = []
  const ofQuery = new Map<number, number>()
  const seen = new Set<number>()
  for (let i = 0; i < a.length && kept.length < best; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    if ((scores[i] as number) < minScore) continue
    if (minInliers !== undefined && (inliers?.[i] ?? -1) < minInliers) continue
    if (minRatio !== undefined && (ratio?.[i] ?? -1) < minRatio) continue
    const count = ofQuery.get(x) ?? 0
    if (count >= perQuery) continue
    if (eitherWay) {
      // Ids are below 2^31: the pair as one number is exact only while both are below 2^26, which 67 million images are.
      const key = Math.min(x, y) * 2 ** 26 + Math.max(x, y)
      if (x === y || seen.has(key)) continue
      seen.add(key)
    }
    ofQuery.set(x, count + 1)
    kept.push(i)
  }
  return Int32Array.from(kept)
}

/** The columns beside the pair itself, for the pairs that stay. */
async function copyEvidence(from: Artefact, out: { column(name: string, data: Int32Array | Float32Array | Float64Array, shape?: readonly number[]): Promise<void> }, kept: Int32Array): Promise<void> {
  if (from.has('inliers')) {
    const inliers = await from.int32('inliers')
    await out.column('inliers', Int32Array.from(kept, (i) => inliers[i] as number))
  }
  if (from.has('ratio')) {
    const ratio = await from.float32('ratio')
    await out.column('ratio', Float32Array.from(kept, (i) => ratio[i] as number))
  }
  if (from.has('matrix')) {
    const matrix = await from.float64('matrix')
    const copied = new Float64Array(kept.length * 9)
    kept.forEach((i, row) => copied.set(matrix.subarray(i * 9, i * 9 + 9), row * 9))
    await out.column('matrix', copied, [kept.length, 9])
  }
  if (from.has('points') && from.has('pointsFrom')) {
    const [points, starts] = [await from.float32('points'), await from.int32('pointsFrom')]
    const newStarts = new Int32Array(kept.length + 1)
    kept.forEach((i, row) => void (newStarts[row + 1] = (newStarts[row] as number) + (starts[i + 1] as number) - (starts[i] as number)))
    const copied = new Float32Array((newStarts.at(-1) ?? 0) * 4)
    kept.forEach((i, row) => copied.set(points.subarray((starts[i] as number) * 4, (starts[i + 1] as number) * 4), (newStarts[row] as number) * 4))
    await out.column('points', copied, [copied.length / 4, 4])
    await out.column('pointsFrom', newStarts)
  }
}
