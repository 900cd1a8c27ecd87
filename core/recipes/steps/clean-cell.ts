import { z } from 'zod'
import { kept, membersOf, rowsWith } from '../../clean/cell.ts'
import { readGrid } from '../../clean/gridArtefact.ts'
import { classPlaces } from '../../clean/labelColumn.ts'
import { writeImages } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'clean-cell',
  title: 'Clean subset',
  about: 'The images that one cell of the sweep keeps.',
  source: 'Landmark 2019 (lyakaap), exp/delf/cleaning_train2019.py',
  version: 1,
  params: z.object({
    v: z.int().min(1).default(30).describe('Evidence a pair needs: one of the values of the sweep.'),
    f: z.int().min(1).default(3).describe('Pairs with that evidence that an image needs.')
  }),
  inputs: { grid: { kinds: ['grid'], about: 'the sweep' } },
  output: 'images',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { grid: artefact }, cell) => {
  const { images, labels, counts, axes } = await readGrid(artefact)
  const { fates, keptClasses, sizes } = membersOf(counts, classPlaces(labels).classOf, axes, cell)
  const rows = rowsWith(fates, kept)
  await out.column('label', rows.map((row) => labels[row] as number))
  await writeImages(out, rows.map((row) => images[row] as number),
    `${rows.length.toLocaleString('en')} of ${images.length.toLocaleString('en')} images, ${keptClasses.toLocaleString('en')} of ${sizes.length.toLocaleString('en')} classes (v = ${cell.v}, f = ${cell.f})`,
    { of: images.length, classes: keptClasses, ofClasses: sizes.length, dropped: images.length - rows.length, ...cell })
}
