import type { Matrix } from '../../../core/domain/matrix.ts'
import { gatherRows } from '../../../core/rerank/stackRows.ts'
import type { Blas, ProductBlock } from '../../../core/search/blas.ts'
import type { Descriptions } from './describing.ts'
import { edits } from './edits.ts'
import { eachHashBlock } from './hashScores.ts'
import type { Subject } from './modelsMeasured.ts'
import { drawSplit, NearestNeighbour, splits, usableClasses } from './nearestNeighbour.ts'
import type { Photo } from './photoSet.ts'
import { type Asked, eachFalsePair, FirstPlaces, PooledRanking } from './retrieval.ts'

/** Edits that were seen in training, those that were not, and all of them. */
export const families = ['trained', 'untrained', 'all'] as const
export type Family = (typeof families)[number]

export const falsePositiveRate = 1e-6

export interface FamilyMeasures {
  readonly recallAt1: number
  readonly uAP: number
  readonly recallAtRate: number
  readonly falsePairs: number
}

export interface Measures {
  /** null where the folder has no classes to speak of. */
  readonly nearestNeighbour: number | null
  /** recall@1 by the edits' names. */
  readonly byEdit: Readonly<Record<string, number>>
  readonly byFamily: Readonly<Record<Family, FamilyMeasures>>
}

/** Scores rows against rows, block by block. */
type EachBlock = (queries: Matrix, references: Matrix, visit: (block: ProductBlock) => void) => Promise<void>

/** What the descriptions of one subject are worth. */
export async function measure({ model }: Subject, { photos, copies }: Descriptions['bySubject'][number], { photos: facts, of }: Descriptions, blas: Blas): Promise<Measures> {
  const eachBlock: EachBlock = model ? async (a, b, visit) => await blas.eachBlock(a, b, visit) : async (a, b, visit) => eachHashBlock(a, b, visit)
  return { nearestNeighbour: await classify(photos, facts, eachBlock), ...(await retrieve(photos, copies, of, eachBlock)) }
}

async function classify(vectors: Matrix, photos: readonly Photo[], eachBlock: EachBlock): Promise<number | null> {
  const classes = usableClasses(photos.map(({ className }) => className))
  if (classes.length < 2) return null
  const classOf = new Map(classes.flatMap((members, c) => members.map((i) => [i, c] as const)))
  const classesOf = (rows: Int32Array): Int32Array => rows.map((i) => classOf.get(i) as number)
  let sum = 0
  for (let seed = 1; seed <= splits; seed++) {
    const { training, test } = drawSplit(classes, seed)
    const nearest = new NearestNeighbour(classesOf(test), classesOf(training))
    await eachBlock(gatherRows(vectors, test), gatherRows(vectors, training), (block) => nearest.add(block))
    sum += nearest.accuracy()
  }
  return sum / splits
}

/** The scores are made twice: first the true pairs and the best false ones, then the false pairs are counted against the true ones. */
async function retrieve(photos: Matrix, copies: Matrix, asked: Asked, eachBlock: EachBlock): Promise<Omit<Measures, 'nearestNeighbour'>> {
  const places = new FirstPlaces(asked)
  await eachBlock(copies, photos, (block) => places.add(block))
  const each = copies.rows / edits.length
  const ownOf = (wanted: (trained: boolean) => boolean): Float32Array => places.own.filter((_, query) => wanted(isTrained(query, each)))
  const rankings = { trained: new PooledRanking(ownOf((trained) => trained)), untrained: new PooledRanking(ownOf((trained) => !trained)), all: new PooledRanking(places.own) }
  await eachBlock(copies, photos, (block) => {
    eachFalsePair(block, asked, (query, score) => {
      rankings.all.addFalse(score)
      ;(isTrained(query, each) ? rankings.trained : rankings.untrained).addFalse(score)
    })
  })
  const byEdit = Object.fromEntries(edits.map(({ name }, e) => [name, places.recallAt1(e * each, (e + 1) * each)]))
  const familyMeasures = (family: Family): FamilyMeasures => ({
    recallAt1: mean(edits.filter(({ trained }) => family === 'all' || trained === (family === 'trained')).map(({ name }) => byEdit[name] as number)),
    uAP: rankings[family].microAp(), recallAtRate: rankings[family].recallAt(falsePositiveRate), falsePairs: rankings[family].falsePairs
  })
  return { byEdit, byFamily: { trained: familyMeasures('trained'), untrained: familyMeasures('untrained'), all: familyMeasures('all') } }
}

/** Copies stand edit after edit, `each` of them by every edit. */
const isTrained = (query: number, each: number): boolean => edits[Math.floor(query / each)]?.trained === true

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
