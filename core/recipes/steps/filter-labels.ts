import { z } from 'zod'
import { readLabels, writeLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'filter-labels',
  title: 'Keep sure labels',
  about: 'The best candidate of each image, where its score is high enough; at most so many of each class, the surest, so that large classes do not crowd out small ones.',
  source: '',
  version: 2,
  params: z.object({
    minScore: z.number().optional().describe('Least score of a label.'),
    perClass: z.int().min(1).optional().describe('At most so many of each class.'),
    best: z.int().min(1).optional().describe('At most so many in all.')
  }),
  inputs: { labels: { kinds: ['labels'], about: 'predicted labels, best candidate of an image first' } },
  output: 'labels',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, inputs, { minScore = -Infinity, perClass = Infinity, best = Infinity }) => {
  // Scores are float32: 0.7 there is a little less than 0.7 here.
  const least = Math.fround(minScore)
  const { images, labels, scores } = await readLabels(inputs.labels)
  const seen = new Set<number>()
  const first: number[] = []
  images.forEach((image, i) => {
    if (seen.has(image)) return
    seen.add(image)
    if ((scores[i] as number) >= least) first.push(i)
  })
  const ofClass = new Map<number, number>()
  const kept: number[] = []
  for (const i of Uint32Array.from(first).sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)) {
    if (kept.length >= best) break
    const label = labels[i] as number
    const count = ofClass.get(label) ?? 0
    if (count >= perClass) continue
    ofClass.set(label, count + 1)
    kept.push(i)
  }
  await writeLabels(
    out,
    { images: Int32Array.from(kept, (i) => images[i] as number), labels: Int32Array.from(kept, (i) => labels[i] as number), scores: Float32Array.from(kept, (i) => scores[i] as number) },
    `${kept.length.toLocaleString('en')} of ${seen.size.toLocaleString('en')} labels are sure enough`,
    { of: seen.size, classes: ofClass.size, names: inputs.labels.facts['names'] ?? [] }
  )
}
