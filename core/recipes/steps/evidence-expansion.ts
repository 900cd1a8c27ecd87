import { z } from 'zod'
import { normaliseRows } from '../../domain/matrix.ts'
import { WinnowError } from '../../domain/errors.ts'
import { expandByEvidence } from '../../rerank/evidenceExpansion.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { counted } from '../../review/sentences.ts'
import { readPairs, type Vectors, writeVectors } from '../kinds.ts'
import { RowBook, stackVectors } from '../namedRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, modelsOfAll, readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'evidence-expansion',
  ...rerankMethods['evidence-expansion'],
  about:
    'Replaces each vector by the mean of itself and of images that geometry says show the same: pairs with enough inliers, weighted by similarity. For queries give what they were verified against as the pool; ' +
    'for references leave the pool out: they are then updated one after the other, each seeing those before it.',
  version: 1,
  params: z.object({
    leastInliers: z.int().min(0).default(90).describe('Pairs with fewer inliers do not count. 90 was found with DELF; other features count differently.'),
    count: z.int().min(1).max(1000).default(5).describe('At most so many images for each vector, most inliers first.'),
    bothWays: z.boolean().default(false).describe('A pair that was verified from the other side counts too.')
  }),
  inputs: {
    vectors: { kinds: ['vectors'], about: 'what to expand' },
    pairs: { kinds: ['pairs'], about: 'verified pairs, a being what is expanded' },
    pool: { kinds: ['vectors'], about: 'where neighbours come from; without it, among the vectors themselves', many: true, optional: true }
  },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ note, out }, inputs, { leastInliers, count, bothWays }) => {
  if (!inputs.pairs.has('inliers')) throw new WinnowError('BAD_INPUT', 'These pairs were not verified: they have no inliers. Put a verification step before this one.')
  const vectors = await readVectors(inputs.vectors, { unit: true })
  const pool = poolOf(await Promise.all(inputs.pool.map(async (one) => await readVectors(one, { unit: true }))))
  if (pool) expectSameDim('The vectors', vectors.matrix, 'those of the pool', pool.matrix)
  const pairs = await readPairs(inputs.pairs)
  const inliers = await inputs.pairs.int32('inliers')
  const rowOf = RowBook.of(vectors)
  const neighbourOf = pool ? RowBook.of(pool) : rowOf
  if (rowOf.size < vectors.images.length || (pool && neighbourOf.size < pool.images.length)) throw new WinnowError('BAD_INPUT', 'The vectors hold a part of an image more than once. Give each one vector.')
  const found: [row: number, neighbour: number, inliers: number][] = []
  let strangers = 0
  for (let i = 0; i < pairs.a.length; i++) {
    const ends = [[pairs.a[i], pairs.aParts[i]], [pairs.b[i], pairs.bParts[i]]] as [[number, number], [number, number]]
    let known = false
    for (const [from, to] of bothWays ? [ends, ends.toReversed() as typeof ends] : [ends]) {
      const [row, neighbour] = [rowOf.find(...(from as [number, number])), neighbourOf.find(...(to as [number, number]))]
      if (row < 0 || neighbour < 0) continue
      known = true
      found.push([row, neighbour, inliers[i] as number])
    }
    if (!known) strangers++
  }
  if (strangers > 0) note(`${counted(strangers, 'pair')} of images without a vector here: left out.`)
  const columns = { rows: Int32Array.from(found, ([row]) => row), neighbours: Int32Array.from(found, ([, neighbour]) => neighbour), inliers: Int32Array.from(found, ([, , points]) => points) }
  const matrix = expandByEvidence(vectors.matrix, pool?.matrix ?? null, columns, { leastInliers, count })
  const moved = new Set(found.filter(([row, neighbour, points]) => points >= leastInliers && (pool || row !== neighbour)).map(([row]) => row)).size
  // The original left them as they are and searched by Euclidean distance; every search here is by cosine.
  normaliseRows(matrix.data, matrix.dim)
  await writeVectors(out, { ...vectors, matrix }, { models: modelsOfAll([inputs.vectors]), summary: `${counted(moved, 'vector')} of ${matrix.rows.toLocaleString('en')} moved by verified neighbours`, facts: { moved, leastInliers } })
}

/** All pools as one; null where there is none. */
function poolOf(pools: readonly Vectors[]): Vectors | null {
  return pools.reduce<Vectors | null>((all, one) => {
    if (!all) return one
    expectSameDim('The vectors of one pool', all.matrix, 'those of another', one.matrix)
    return stackVectors(all, one)
  }, null)
}
