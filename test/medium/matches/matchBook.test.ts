import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MatchBook, type SourceFiles } from '../../../core/matches/matchBook.ts'
import { ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { writePairColumns, writeParts } from '../../../core/recipes/kinds.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

test('what is made anew in the same folder, because it was not whole, is read anew', async () => {
  const folder = temporaryFolder('match-book')
  const make = async (name: string, fill: (out: ArtefactWriter) => Promise<void>): Promise<void> => {
    rmSync(join(folder, name), { recursive: true, force: true })
    await fill(await ArtefactWriter.begin(join(folder, name)))
  }
  const book = new MatchBook()
  const found = async (inliers: number, madeAt: number): Promise<unknown> => {
    await make('verified', async (out) => {
      await writePairColumns(out, { a: Int32Array.of(1), aParts: Int32Array.of(100), b: Int32Array.of(2), bParts: Int32Array.of(0), scores: Float32Array.of(0.5) })
      await out.column('inliers', Int32Array.of(inliers))
      await out.column('ratio', Float32Array.of(1))
      await out.finish('pairs', '')
    })
    await make('parts', (out) => writeParts(out, { images: Int32Array.of(1), parts: Int32Array.of(100), boxes: Int32Array.of(0, 0, inliers, 9) }, '', {}))
    const verified = { folder: join(folder, 'verified'), madeAt }
    const files: SourceFiles = { trail: [{ step: 'verified', title: '', ...verified }], verified, truth: null, parts: [{ folder: join(folder, 'parts'), madeAt }] }
    const [place] = (await book.candidates(files, 1, 10)).places
    return [place?.evidence?.inliers, place?.queryPart.box?.width]
  }
  expect(await found(7, 1)).toEqual([7, 7])
  expect(await found(40, 2)).toEqual([40, 40])
})
