import { z } from 'zod'
import { readLabels, writeLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'label-check',
  title: 'Find doubtful labels',
  about: 'Images whose own label differs from the one that their neighbours vote for, the surest vote first. A list to look at, not a verdict.',
  source: '',
  version: 1,
  params: z.object({
    minScore: z.number().default(0).describe('Least score of the vote for the other label.')
  }),
  inputs: {
    labels: { kinds: ['labels'], about: 'the labels to check' },
    predicted: { kinds: ['labels'], about: 'what the neighbours say, best candidate first' }
  },
  output: 'labels',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, inputs, { minScore }) => {
  const [given, predicted] = [await readLabels(inputs.labels), await readLabels(inputs.predicted)]
  const givenOf = new Map<number, number>()
  given.images.forEach((image, i) => void (givenOf.has(image) || givenOf.set(image, given.labels[i] as number)))
  const seen = new Set<number>()
  const doubtful: number[] = []
  let checked = 0
  predicted.images.forEach((image, i) => {
    const own = givenOf.get(image)
    if (own === undefined || seen.has(image)) return
    // The first of an image is its best candidate.
    seen.add(image)
    checked++
    if (own !== predicted.labels[i] && (predicted.scores[i] as number) >= Math.fround(minScore)) doubtful.push(i)
  })
  const order = Int32Array.from(doubtful).sort((x, y) => (predicted.scores[y] as number) - (predicted.scores[x] as number) || x - y)
  const images = Int32Array.from(order, (i) => predicted.images[i] as number)
  await out.column('given', Int32Array.from(images, (image) => givenOf.get(image) as number))
  await writeLabels(
    out,
    { images, labels: Int32Array.from(order, (i) => predicted.labels[i] as number), scores: Float32Array.from(order, (i) => predicted.scores[i] as number) },
    `${images.length.toLocaleString('en')} of ${checked.toLocaleString('en')} labels are doubtful`,
    { checked, doubtful: images.length, names: inputs.labels.facts['names'] ?? [] }
  )
}
