import { WinnowError } from '../domain/errors.ts'
import { rootOf, separate, unite } from '../domain/unionFind.ts'
import { highestFirst } from './pairOrder.ts'

/** Scored pairs of rows of one set of images; higher is surer. */
export interface ScoredPairs {
  readonly queries: Int32Array
  readonly references: Int32Array
  readonly scores: ArrayLike<number>
}

/** How many pairs are believed: the `best` highest, those from `minScore` up, or both limits at once. */
export interface PairChoice {
  readonly best?: number
  readonly minScore?: number
}

export interface PairLabelSettings extends PairChoice {
  /** n: rows of equal group (>= 0) are near-duplicates of each other; -1 for a row without any. */
  readonly groupOf?: Int32Array
  /** n: 1 for images that must not be learnt from (role test). */
  readonly isTest?: Uint8Array
  /** For error messages. */
  readonly nameOf?: (row: number) => string
}

/** New classes as rows of a list: image `images[i]` is in class `classes[i]`, counted from 0 in the order of each class's surest pair. */
export interface PairLabels {
  readonly images: Int32Array
  readonly classes: Int32Array
  /** The surest pair that the image stands in. */
  readonly scores: Float64Array
  readonly classCount: number
  /** The score of the surest and of the weakest pair behind each class, and how many pairs stand behind it. */
  readonly surest: Float64Array
  readonly weakest: Float64Array
  readonly pairs: Int32Array
  /** Pairs that were looked at and not believed, and why. */
  readonly removed: { readonly nearDuplicates: number; readonly repeated: number; readonly self: number }
  /** Pairs that were believed. */
  readonly used: number
}

/** What a JavaScript Set takes with room to spare. */
const mostPairs = 16_000_000

/**
 * Pseudo-labels from pairs: the surest pairs become classes that a model may be trained on. Near-duplicates are taken out before anything is counted, for
 * that two copies of one picture look alike proves nothing; a pair that repeats another (the same two images, or copies of them) is counted once; pairs that
 * share an image, or copies of one, are merged into one class.
 * Equal scores are taken in the order of the list.
 * After the dog-nose solution (pet-biometrics, pseudo.py: the first 500 rows, each a class of its own), which let an image that stands in two pairs
 * have two labels: see `pairList`.
 * Throws BAD_INPUT where an image of the pairs is a test image, a score is not a number, or no limit is given; RangeError for rows that are not there.
 */
export function pairPseudoLabels(pairs: ScoredPairs, images: number, settings: PairLabelSettings): PairLabels {
  checkPairs(pairs, images, settings)
  const { best = Infinity, minScore = -Infinity, groupOf } = settings
  const parent = separate(images)
  if (groupOf) uniteGroups(parent, groupOf)
  // The picture that a row shows: all copies of it have the same number. `parent` goes on to hold the classes.
  const pictureOf = Int32Array.from({ length: images }, (_, row) => rootOf(parent, row))
  const removed = { nearDuplicates: 0, repeated: 0, self: 0 }
  const { queries, references, scores } = pairs
  const seen = new Set<number>()
  const believed: number[] = []
  for (const i of highestFirst(scores, (i) => (scores[i] as number) >= minScore)) {
    if (believed.length >= best) break
    const [query, reference] = [queries[i] as number, references[i] as number]
    if (query === reference) {
      removed.self++
      continue
    }
    const [a, b] = [pictureOf[query] as number, pictureOf[reference] as number]
    if (a === b) {
      removed.nearDuplicates++
      continue
    }
    // Rows are below 2^26 in any set that fits in memory with its vectors, so that the product stays exact.
    const key = Math.min(a, b) * images + Math.max(a, b)
    if (seen.has(key)) {
      removed.repeated++
      continue
    }
    if (seen.size >= mostPairs) throw new WinnowError('BAD_INPUT', `More than ${mostPairs.toLocaleString('en-GB')} pairs pass. Ask for the best N, or for a higher score.`)
    seen.add(key)
    believed.push(i)
  }
  for (const i of believed) unite(parent, queries[i] as number, references[i] as number)
  const classOfRoot = new Map<number, number>()
  const rows: number[] = []
  const classes: number[] = []
  const rowScores: number[] = []
  const behind: { surest: number; weakest: number; pairs: number }[] = []
  const placed = new Uint8Array(images)
  for (const i of believed) {
    const root = rootOf(parent, queries[i] as number)
    let place = classOfRoot.get(root)
    const score = scores[i] as number
    if (place === undefined) {
      classOfRoot.set(root, (place = behind.length))
      behind.push({ surest: score, weakest: score, pairs: 0 })
    }
    const evidence = behind[place] as { surest: number; weakest: number; pairs: number }
    evidence.weakest = score
    evidence.pairs++
    for (const row of [queries[i] as number, references[i] as number]) {
      if (placed[row] === 1) continue
      placed[row] = 1
      rows.push(row)
      classes.push(place)
      rowScores.push(score)
    }
  }
  return {
    images: Int32Array.from(rows),
    classes: Int32Array.from(classes),
    scores: Float64Array.from(rowScores),
    classCount: behind.length,
    surest: Float64Array.from(behind, ({ surest }) => surest),
    weakest: Float64Array.from(behind, ({ weakest }) => weakest),
    pairs: Int32Array.from(behind, ({ pairs }) => pairs),
    removed,
    used: believed.length
  }
}

/**
 * The original's list: every believed pair is a class of exactly its two images, nothing is merged and nothing removed, so an image may come twice with two labels.
 * For comparison with published results; train on `pairPseudoLabels`. Throws as it does.
 */
export function pairList(pairs: ScoredPairs, images: number, settings: Omit<PairLabelSettings, 'groupOf'>): PairLabels {
  checkPairs(pairs, images, settings)
  const { best = Infinity, minScore = -Infinity } = settings
  const believed: number[] = []
  for (const i of highestFirst(pairs.scores, (i) => (pairs.scores[i] as number) >= minScore)) {
    if (believed.length >= best) break
    believed.push(i)
  }
  const scores = Float64Array.from(believed, (i) => pairs.scores[i] as number)
  return {
    images: Int32Array.from(believed.flatMap((i) => [pairs.queries[i] as number, pairs.references[i] as number])),
    classes: Int32Array.from({ length: believed.length * 2 }, (_, i) => i >> 1),
    scores: Float64Array.from({ length: believed.length * 2 }, (_, i) => scores[i >> 1] as number),
    classCount: believed.length,
    surest: scores,
    weakest: scores,
    pairs: new Int32Array(believed.length).fill(1),
    removed: { nearDuplicates: 0, repeated: 0, self: 0 },
    used: believed.length
  }
}

/** pseudo-0001, pseudo-0002, … */
export const pseudoClassName = (place: number, prefix = 'pseudo-'): string => `${prefix}${String(place + 1).padStart(4, '0')}`

/** Groups of near-duplicates from pairs of them: the smallest row of each group names it, -1 for a row without a copy. */
export function groupsOfPairs(images: number, { queries, references }: Pick<ScoredPairs, 'queries' | 'references'>): Int32Array {
  const parent = separate(images)
  const copied = new Uint8Array(images)
  for (let i = 0; i < queries.length; i++) {
    const [a, b] = [queries[i] as number, references[i] as number]
    if (!(a >= 0 && a < images && b >= 0 && b < images)) throw new RangeError(`Near-duplicate pair ${i} (${a}, ${b}) names an image that is not among the ${images}.`)
    if (a === b) continue
    copied[a] = copied[b] = 1
    unite(parent, a, b)
  }
  return Int32Array.from({ length: images }, (_, row) => (copied[row] === 1 ? rootOf(parent, row) : -1))
}

function uniteGroups(parent: Int32Array, groupOf: Int32Array): void {
  const first = new Map<number, number>()
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] as number
    if (group < 0) continue
    const other = first.get(group)
    if (other === undefined) first.set(group, row)
    else unite(parent, row, other)
  }
}

function checkPairs({ queries, references, scores }: ScoredPairs, images: number, settings: PairLabelSettings): void {
  const { best, minScore, groupOf, isTest, nameOf = (row) => `image ${row}` } = settings
  if (best === undefined && minScore === undefined) throw new WinnowError('BAD_INPUT', 'Say how many pairs are believed: the best N, or those from a score up.')
  if (best !== undefined && (!Number.isInteger(best) || best < 1)) throw new WinnowError('BAD_INPUT', `The best N pairs need a whole number from 1, not ${best}.`)
  if (minScore !== undefined && Number.isNaN(minScore)) throw new WinnowError('BAD_INPUT', 'The least score is not a number.')
  if (references.length !== queries.length || scores.length !== queries.length) {
    throw new RangeError(`${queries.length} queries, ${references.length} references and ${scores.length} scores are not columns of the same pairs.`)
  }
  for (const [name, column] of [['groups', groupOf], ['test marks', isTest]] as const) {
    if (column && column.length !== images) throw new RangeError(`${column.length} ${name} are not one for each of ${images} images.`)
  }
  const test = new Set<number>()
  for (let i = 0; i < queries.length; i++) {
    const [a, b] = [queries[i] as number, references[i] as number]
    if (!(a >= 0 && a < images && b >= 0 && b < images)) throw new RangeError(`Pair ${i} (${a}, ${b}) names an image that is not among the ${images}.`)
    if (Number.isNaN(scores[i])) throw new WinnowError('BAD_INPUT', `The score of pair ${i + 1} (${nameOf(a)}, ${nameOf(b)}) is not a number. Mend or leave out that row.`)
    if (isTest?.[a] === 1) test.add(a)
    if (isTest?.[b] === 1) test.add(b)
  }
  const [first] = test
  if (first === undefined) return
  const number = test.size === 1 ? 'One image of the pairs has' : `${test.size.toLocaleString('en-GB')} images of the pairs have`
  throw new WinnowError('BAD_INPUT',
    `${number} the role test (${nameOf(first)}): a model that learns from test images can no longer be tested with them. Leave them out of the pairs, or give them another role.`)
}
