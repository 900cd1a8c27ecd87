/** Pair pseudo-labels away from the engine's loop: reads the artefacts, works, writes the labels. One call, then the thread ends. */
import { parentPort } from 'node:worker_threads'
import { WinnowError } from '../domain/errors.ts'
import { IntIndex } from '../metrics/intIndex.ts'
import { Artefact, ArtefactWriter } from '../recipes/artefact.ts'
import { readPairsOrLists, writeLabels } from '../recipes/kinds.ts'
import { idSet } from '../review/idSet.ts'
import { counted } from '../review/sentences.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { familiesOf, type ImageGroups } from './families.ts'
import { pairList, pairPseudoLabels, type PairLabels, pseudoClassName } from './pairLabels.ts'

export interface PairLabelCall {
  /** Folders of artefacts. */
  readonly pairs: string
  readonly duplicates: string | null
  readonly out: string
  /** What the project knows to be the same picture. */
  readonly groups: readonly ImageGroups[]
  /** Ids of images that must not be learnt from, ascending. */
  readonly test: Int32Array
  readonly best: number | null
  readonly minScore: number | null
  readonly merge: boolean
  readonly firstLabel: number
  readonly prefix: string
}

const api = {
  async make(call: PairLabelCall, _context: CallContext): Promise<void> {
    const pairs = await readPairsOrLists(await Artefact.open(call.pairs))
    const images = idSet(joined(pairs.a, pairs.b))
    const rowOf = new IntIndex(images)
    const isTest = new Uint8Array(images.length)
    for (const id of call.test) {
      const row = rowOf.find(id)
      if (row >= 0) isTest[row] = 1
    }
    const settings = { isTest, nameOf: (row: number) => `image ${images[row]}`, ...(call.best === null ? {} : { best: call.best }), ...(call.minScore === null ? {} : { minScore: call.minScore }) }
    const scored = { queries: pairs.a.map((id) => rowOf.find(id)), references: pairs.b.map((id) => rowOf.find(id)), scores: pairs.scores }
    const found = call.merge ? pairPseudoLabels(scored, images.length, { ...settings, groupOf: await groupsOf(call, images) }) : pairList(scored, images.length, settings)
    await write(new ArtefactWriter(call.out), call, images, found)
  }
}
export type PairLabelThread = typeof api

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** One number for all copies of a picture, by the project and by the given pairs together; -1 for a picture without copies. */
async function groupsOf({ duplicates, groups }: PairLabelCall, images: Int32Array): Promise<Int32Array> {
  const lists = [...groups]
  if (duplicates !== null) {
    const artefact = await Artefact.open(duplicates)
    const { a, b } = await readPairsOrLists(artefact)
    const both = joined(a, b)
    // Each pair is a group of two: families join those that share an image.
    lists.push({ imageIds: both, groups: Int32Array.from(both, (_, i) => i % Math.max(1, a.length)) })
  }
  const most = lists.reduce((all, { imageIds }) => imageIds.reduce((x, y) => Math.max(x, y), all), images.at(-1) ?? 0)
  const families = familiesOf(lists, most)
  return images.map((id) => (families[id] === 0 ? -1 : (families[id] as number)))
}

async function write(out: ArtefactWriter, { firstLabel, prefix, merge }: PairLabelCall, images: Int32Array, { classes, classCount, scores, ...found }: PairLabels): Promise<void> {
  if (firstLabel + classCount > 2 ** 31 - 1) throw new WinnowError('BAD_INPUT', `${classCount} new classes from ${firstLabel} on are too many. Begin with a smaller number.`)
  const sizes = new Int32Array(classCount)
  for (const place of classes) sizes[place]!++
  const { nearDuplicates, repeated, self } = found.removed
  await writeLabels(out, { images: found.images.map((row) => images[row] as number), labels: classes.map((place) => firstLabel + place), scores: Float32Array.from(scores) },
    `${counted(classCount, 'new class', 'new classes')} with ${counted(found.images.length, 'image')} from ${counted(found.used, 'pair')}` + (merge ? `; ${counted(nearDuplicates, 'pair')} of near-duplicates taken out` : ''),
    {
      classes: classCount, usedPairs: found.used, nearDuplicates, repeated, self, largestClass: sizes.reduce((a, b) => Math.max(a, b), 0),
      weakest: found.weakest.reduce((a, b) => Math.min(a, b), Infinity), names: Array.from({ length: classCount }, (_, place) => [firstLabel + place, pseudoClassName(place, prefix)])
    })
}

if (!parentPort) throw new Error('pairLabels.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
