import type { MatchTruth } from '../contract/matches.ts'
import { grades, type Truth } from '../metrics/truth.ts'
import { pairKey } from './pairKey.ts'

/** What a run's truth says of pairs and of queries. */
export interface TruthLookup {
  /** Whether the pair is right; null where the truth does not say. */
  readonly pair: (query: number, reference: number) => boolean | null
  /** Whether the query has anything to find; null where the truth does not know it. */
  readonly query: (query: number) => boolean | null
}

/** The answers that a truth can give; flags of single images say nothing of pairs. */
export function truthLookup(truth: Truth): TruthLookup | null {
  switch (truth.kind) {
    case 'pairs': {
      const right = new Set(Array.from(truth.query, (query, i) => pairKey(query, truth.reference[i] as number)))
      // In a set that is searched in itself, a pair may be found from the side that the truth calls the reference.
      const [known, having] = [new Set(truth.queries), new Set([...truth.query, ...truth.reference])]
      const unlessUnknown = (query: number): false | null => (known.has(query) ? false : null)
      return { pair: (query, reference) => right.has(pairKey(query, reference)) || unlessUnknown(query), query: (query) => having.has(query) || unlessUnknown(query) }
    }
    case 'relevance': {
      const places = new Map(Array.from(truth.queries, (query, at) => [query, at]))
      const junk = grades.indexOf('junk')
      const gradesOf = (at: number): Uint8Array => truth.grade.subarray(truth.offsets[at], truth.offsets[at + 1])
      return {
        pair: (query, reference) => {
          const at = places.get(query)
          if (at === undefined) return null
          const found = truth.images.subarray(truth.offsets[at], truth.offsets[at + 1]).indexOf(reference)
          return found < 0 ? false : gradesOf(at)[found] === junk ? null : true
        },
        query: (query) => {
          const at = places.get(query)
          return at === undefined ? null : gradesOf(at).some((grade) => grade !== junk)
        }
      }
    }
    case 'classes': {
      const places = new Map(Array.from(truth.images, (image, at) => [image, at]))
      const classesOf = (image: number): Int32Array | null => {
        const at = places.get(image)
        return at === undefined ? null : truth.classes.subarray(truth.offsets[at], truth.offsets[at + 1])
      }
      return {
        pair: (query, reference) => {
          const [one, two] = [classesOf(query), classesOf(reference)]
          return one && two ? one.some((label) => two.includes(label)) : null
        },
        query: (query) => {
          const own = classesOf(query)
          return own && own.length > 0
        }
      }
    }
    case 'pairLabels': {
      const labels = new Map(Array.from(truth.a, (a, i) => [pairKey(a, truth.b[i] as number), truth.label[i] === 1]))
      return { pair: (query, reference) => labels.get(pairKey(query, reference)) ?? null, query: () => null }
    }
    case 'flags': return null
  }
}

/** Of a query whose best reference this is (null: it has none). */
export function truthOf(truth: TruthLookup | null, query: number, best: number | null): MatchTruth | null {
  if (!truth) return null
  if (truth.query(query) === false) return 'distractor'
  const right = best === null ? null : truth.pair(query, best)
  return right === null ? null : right ? 'right' : 'wrong'
}
