import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { Votes } from '../pseudo/knnVote.ts'
import type { Artefact } from './artefact.ts'
import { readLabels } from './kinds.ts'

/** Candidates of an image that the Labels screen has room for. */
const candidates = 5
const exemplarsPerClass = 3
const storedAtOnce = 2000

export interface Proposed {
  readonly runId: number
  readonly images: number
  readonly newClasses: string[]
}

/**
 * Puts the labels that a recipe found before a person: a run of predictions in the Labels screen, to be accepted or refused one by one or in
 * bulk. Classes that the project does not have are made. Scores are brought into 0..1 (the greatest is 1 where it was more; below 0 is 0).
 * Throws BAD_INPUT where the result holds no labels.
 */
export async function proposeLabels(project: Project, artefact: Artefact, about: Readonly<Record<string, unknown>>): Promise<Proposed> {
  if (artefact.kind !== 'labels') throw new WinnowError('BAD_INPUT', `Only labels can be proposed; this step made ${artefact.kind}.`)
  const { images, labels, scores } = await readLabels(artefact)
  if (images.length === 0) throw new WinnowError('BAD_INPUT', 'This step found no labels: there is nothing to propose.')
  const names = new Map((artefact.facts['names'] ?? []) as [number, string][])
  const used = [...new Set(labels)]
  const nameless = used.find((label) => !names.has(label))
  if (nameless !== undefined) throw new WinnowError('BAD_INPUT', `The label ${nameless} has no name in this result, so no class can be proposed for it. Run the recipe again.`)
  const { ids, made } = await project.write.labels.ensureClasses(used.map((label) => names.get(label) ?? ''), Date.now())
  const classOf = (label: number): number => ids.get(names.get(label) ?? '') ?? 0
  const most = Math.max(1, scores.reduce((best, score) => Math.max(best, score), 0))
  const runId = await project.write.labels.startRun('knn', about, null, Date.now())
  const placesOf = await placesByImage(images)
  const queries = [...placesOf.keys()]
  for (let from = 0; from < queries.length; from += storedAtOnce) {
    const some = queries.slice(from, from + storedAtOnce)
    await project.write.predictions.add(runId, Int32Array.from(some), votesOf(some.map((image) => placesOf.get(image) ?? []), (i) => classOf(labels[i] as number), (i) => Math.max(0, (scores[i] as number) / most)))
  }
  await project.write.labels.finishRun(runId, Date.now(), { predicted: queries.length, exemplars: await exemplarsOf(project, new Set(ids.values())) })
  project.emit({ topic: 'predictions' })
  return { runId, images: queries.length, newClasses: made }
}

/** So many labels are looked through between two breaths of the engine's loop. */
const labelsAtOnce = 20_000

/** Where each image's candidates stand, best first. */
async function placesByImage(images: Int32Array): Promise<Map<number, number[]>> {
  const places = new Map<number, number[]>()
  for (const [i, image] of images.entries()) {
    if (i % labelsAtOnce === labelsAtOnce - 1) await new Promise(setImmediate)
    const own = places.get(image)
    if (!own) places.set(image, [i])
    else if (own.length < candidates) own.push(i)
  }
  return places
}

/** Candidates in the form in which votes are stored; a recipe names no nearest neighbour. */
function votesOf(places: readonly (readonly number[])[], classOf: (i: number) => number, scoreOf: (i: number) => number): Votes {
  const size = places.length * candidates
  const votes: Votes = {
    candidates, voters: new Int32Array(places.length), counts: Int32Array.from(places, ({ length }) => length), classIds: new Int32Array(size), scores: new Float64Array(size),
    nearestIds: new Int32Array(size), nearestSimilarities: new Float32Array(size)
  }
  for (const [query, of] of places.entries()) {
    for (const [rank, i] of of.entries()) {
      votes.classIds[query * candidates + rank] = classOf(i)
      votes.scores[query * candidates + rank] = scoreOf(i)
    }
  }
  return votes
}

/** A few labelled images of each class, for the cards of candidates. */
async function exemplarsOf(project: Project, classIds: ReadonlySet<number>): Promise<[number, number[]][]> {
  const { imageIds, labels } = await project.read.recipeInputs.labels('effective', null)
  const found = new Map<number, number[]>([...classIds].map((id) => [id, []]))
  for (const [i, label] of labels.entries()) {
    if (i % labelsAtOnce === labelsAtOnce - 1) await new Promise(setImmediate)
    const images = found.get(label)
    if (images && images.length < exemplarsPerClass) images.push(imageIds[i] as number)
  }
  return [...found]
}
