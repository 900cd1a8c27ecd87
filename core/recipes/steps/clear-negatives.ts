import { z } from 'zod'
import { type ClearedNegatives, clearNegatives } from '../../descriptors/negatives.ts'
import type { Matrix } from '../../domain/matrix.ts'
import { counted } from '../../review/sentences.ts'
import { rowBlocks } from '../../search/rowReader.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, partName, type VectorReader, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'clear-negatives',
  title: 'Clear the negatives',
  about:
    'Takes out of a set of negatives (or training images) all that match a query or a reference: what is subtracted or compared with must show something else. ' +
    'The published systems had a training set without matches; a subset of your own images may have some. What one query takes out is missing for all.',
  source: 'ISC21 (facebookresearch/isc2021): its training set is disjoint from queries and references',
  version: 1,
  params: z.object({ threshold: z.number().min(-1).max(1).default(0.8).describe('A negative with a similarity of at least this to any query or reference goes. Depends on the model.') }),
  inputs: {
    negatives: { kinds: ['vectors'], about: 'the negatives' },
    others: { kinds: ['vectors'], about: 'queries and references', many: true }
  },
  output: 'vectors',
  runsIn: 'process',
  transductive: true
})

const rowsAtOnce = 32_768

export const run: ProcessRun<typeof definition> = async ({ blas, note, out, report, signal }, { negatives: artefact, others: artefacts }, { threshold }) => {
  await withReaders([artefact, ...artefacts], { unit: true }, async ([negatives, ...others]) => {
    if (!negatives) return
    const matrix = await negatives.matrix()
    const total = others.reduce((sum, { rows }) => sum + rows, 0)
    // The best match of each negative that has to go.
    const gone = new Map<number, Match>()
    let done = 0
    for (const other of others) {
      expectSameDim('The negatives', negatives, 'the queries or references', other)
      for await (const { from, matrix: block } of rowBlocks(other, rowsAtOnce)) {
        const own = { negatives: negatives.images, others: other.images.subarray(from, from + block.rows) }
        keepBest(gone, (await clearNegatives(matrix, block, { threshold, own, signal }, await blas())).removed, other, from)
        done += block.rows
        report(done, total)
      }
    }
    await write(negatives, matrix, gone)
    if (gone.size > 0) {
      const [row, { image, part, similarity }] = [...gone].sort(([, x], [, y]) => y.similarity - x.similarity)[0] as [number, Match]
      note(`${counted(gone.size, 'negative matches', 'negatives match')} a query or reference and ${gone.size === 1 ? 'was' : 'were'} left out; the closest is ${partName(negatives.images[row] as number, negatives.parts[row] as number)}, which has ${similarity.toFixed(3)} to ${partName(image, part)}.`)
    }
  })

  async function write(negatives: VectorReader, { dim, data }: Matrix, gone: ReadonlyMap<number, Match>): Promise<void> {
    const kept = Int32Array.from({ length: negatives.rows }, (_, row) => row).filter((row) => !gone.has(row))
    const rows = new Float32Array(kept.length * dim)
    for (const [i, row] of kept.entries()) rows.set(data.subarray(row * dim, (row + 1) * dim), i * dim)
    const removed = [...gone].sort(([x], [y]) => x - y)
    await out.column('removedImage', Int32Array.from(removed, ([row]) => negatives.images[row] as number))
    await out.column('removedPart', Int32Array.from(removed, ([row]) => negatives.parts[row] as number))
    await out.column('matchedImage', Int32Array.from(removed, ([, { image }]) => image))
    await out.column('matchedPart', Int32Array.from(removed, ([, { part }]) => part))
    await out.column('similarity', Float32Array.from(removed, ([, { similarity }]) => similarity))
    await writeVectors(out, { matrix: { rows: kept.length, dim, data: rows }, images: Int32Array.from(kept, (row) => negatives.images[row] as number), parts: Int32Array.from(kept, (row) => negatives.parts[row] as number) }, {
      models: negatives.models, summary: `${counted(kept.length, 'negative')}; ${gone.size.toLocaleString('en')} that match a query or reference left out`, facts: { removed: gone.size, threshold }
    })
  }
}

interface Match {
  readonly image: number
  readonly part: number
  readonly similarity: number
}

function keepBest(gone: Map<number, Match>, removed: ClearedNegatives['removed'], other: VectorReader, from: number): void {
  for (const { row, matches, similarity } of removed) {
    if (similarity > (gone.get(row)?.similarity ?? -Infinity)) gone.set(row, { image: other.images[from + matches] as number, part: other.parts[from + matches] as number, similarity })
  }
}
