import { IntIndex, PairIndex } from './intIndex.ts'
import { grades, type ClassTruth, type PairsTruth, type RelevanceTruth } from './truth.ts'

/** Says which images answer a query. */
export interface Judge {
  /** The queries that are judged, each once. */
  readonly queries: Int32Array
  /** How many images answer queries[place]. */
  count(place: number): number
  isRelevant(place: number, image: number): boolean
}

/** Relevant, easy and hard images count as relevant; junk does not. */
export function judgeByRelevance(truth: RelevanceTruth): Judge {
  const junk = grades.indexOf('junk')
  const { queries, offsets, images, grade } = truth
  const owner = new Int32Array(images.length)
  const counts = new Int32Array(queries.length)
  for (let place = 0; place < queries.length; place++) {
    for (let at = offsets[place] as number; at < (offsets[place + 1] as number); at++) {
      // -1 is the place of no query.
      owner[at] = grade[at] === junk ? -1 : place
      if (grade[at] !== junk) counts[place]!++
    }
  }
  const index = new PairIndex(owner, images)
  return { queries, count: (place) => counts[place] as number, isRelevant: (place, image) => index.find(place, image) >= 0 }
}

/** A query's true references answer it. Distractors are judged, with nothing to find. */
export function judgeByPairs(truth: PairsTruth): Judge {
  const places = new IntIndex(truth.queries)
  const index = new PairIndex(truth.query, truth.reference)
  const counts = new Int32Array(truth.queries.length)
  for (const query of truth.query) counts[places.find(query)]!++
  return { queries: truth.queries, count: (place) => counts[place] as number, isRelevant: (place, image) => index.find(truth.queries[place] as number, image) >= 0 }
}

/**
 * Images of the query's class answer it, the query itself never. `gallery` are the ids that could be found, each once; queries without a class
 * are not judged. Of an image with several classes the first counts.
 */
export function judgeByClass(truth: ClassTruth, queries: Int32Array, gallery: Int32Array): Judge {
  const places = new IntIndex(truth.images)
  const classOf = (image: number): number => {
    const at = places.find(image)
    return at < 0 || truth.offsets[at] === truth.offsets[at + 1] ? -1 : (truth.classes[truth.offsets[at] as number] as number)
  }
  const judged = queries.filter((image) => classOf(image) >= 0)
  const inGallery = new IntIndex(gallery)
  const sizes = new Int32Array(truth.names.length)
  for (const image of gallery) {
    const of = classOf(image)
    if (of >= 0) sizes[of]!++
  }
  return {
    queries: judged,
    count: (place) => {
      const query = judged[place] as number
      return (sizes[classOf(query)] as number) - (inGallery.find(query) >= 0 ? 1 : 0)
    },
    isRelevant: (place, image) => {
      const query = judged[place] as number
      return image !== query && classOf(image) === classOf(query)
    }
  }
}
