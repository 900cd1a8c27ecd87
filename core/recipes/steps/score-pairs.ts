import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
import { rowOf } from '../../domain/matrix.ts'
import { readPairsOrLists, type Vectors, writePairs } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'score-pairs',
  title: 'Score given pairs',
  about: 'Gives each pair of a list the cosine of its two images: for verification, where it is given which images are to be compared.',
  source: 'Pet biometrics (flyingsheepbin/pet-biometrics), infer.py',
  version: 1,
  params: z.object({
    missing: z.enum(['error', 'leave-out']).default('error').describe('A pair with an image that has no vector: stop and name it, or leave the pair out and count it.')
  }),
  inputs: {
    pairs: { kinds: ['pairs', 'lists'], about: 'which images are compared' },
    vectors: { kinds: ['vectors'], about: 'their vectors, whole images' }
  },
  output: 'pairs',
  runsIn: 'process'
})

/** Pairs between two looks at the signal. */
const pairsAtOnce = 65_536

export const run: ProcessRun<typeof definition> = async ({ out, report, signal }, inputs, { missing }) => {
  const [pairs, vectors] = [await readPairsOrLists(inputs.pairs), await readVectors(inputs.vectors)]
  const rowsOf = wholeImages(vectors)
  const [kept, scores]: [number[], number[]] = [[], []]
  for (let i = 0; i < pairs.a.length; i++) {
    if (i % pairsAtOnce === 0) {
      signal.throwIfAborted()
      report(i, pairs.a.length)
    }
    const [one, two] = [rowsOf.get(pairs.a[i] as number), rowsOf.get(pairs.b[i] as number)]
    if (one === undefined || two === undefined) {
      if (missing === 'leave-out') continue
      throw new WinnowError('BAD_INPUT', `Image ${String(one === undefined ? pairs.a[i] : pairs.b[i])} of a pair has no vector: it could not be embedded, or is not among the chosen images. Choose all images of the pairs, or set "missing" to leave-out.`)
    }
    kept.push(i)
    scores.push(cosine(rowOf(vectors.matrix, one), rowOf(vectors.matrix, two)))
  }
  const order = Uint32Array.from(kept.keys()).sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)
  const take = (column: Int32Array): Int32Array => Int32Array.from(order, (place) => column[kept[place] as number] as number)
  const left = pairs.a.length - kept.length
  await writePairs(
    out,
    { a: take(pairs.a), aParts: take(pairs.aParts), b: take(pairs.b), bParts: take(pairs.bParts), scores: Float32Array.from(order, (place) => scores[place] as number) },
    `${kept.length.toLocaleString('en')} pairs scored${left > 0 ? `, ${left.toLocaleString('en')} left out` : ''}`,
    { leftOut: left }
  )
}

function wholeImages({ images, parts }: Vectors): Map<number, number> {
  const rows = new Map<number, number>()
  images.forEach((image, row) => void (parts[row] === 0 && rows.set(image, row)))
  return rows
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, one, two] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    dot += x * y
    one += x * x
    two += y * y
  }
  return one === 0 || two === 0 ? 0 : dot / Math.sqrt(one * two)
}
