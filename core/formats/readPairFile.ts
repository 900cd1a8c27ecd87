import { descendingOrder } from '../metrics/descendingOrder.ts'
import { PairIndex } from '../metrics/intIndex.ts'
import type { Match } from '../project/repositories/imageMatch.ts'
import { GrowingInt32 } from '../search/growingList.ts'
import { IdJoin, remembering, type JoinReport, type Strictness } from './idJoin.ts'
import { openPairTable, type PairTableOptions } from './pairTable.ts'

export interface ReadPairsRequest extends PairTableOptions {
  readonly file: string
  readonly strict: Strictness
}

export interface JoinedPairs {
  /** Best first; equal scores in the order of the file. Each pair once, with its best score. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly scores: Float32Array
  readonly report: JoinReport
  readonly layout: string
  readonly hasScores: boolean
  readonly scoresTurned: boolean
  /** Pairs of an image with itself: left out. */
  readonly selves: number
}

/** Reads a file of pairs and finds the images of both sides. Memory: 16 bytes a pair. Throws what openPairTable and IdJoin throw. */
export async function readPairFile({ file, strict, ...options }: ReadPairsRequest, { matchQuery, matchReference, report, signal }: {
  matchQuery: (id: string) => Match; matchReference: (id: string) => Match; report?: (rows: number) => void; signal?: AbortSignal
}): Promise<JoinedPairs> {
  const table = await openPairTable(file, options)
  try {
    const idJoin = new IdJoin(table.name)
    const [queryOf, referenceOf] = [remembering(matchQuery), remembering(matchReference)]
    const found = { a: new GrowingInt32(), b: new GrowingInt32(), places: new GrowingInt32() }
    let scores = new Float32Array(1024)
    let selves = 0
    let rows = 0
    let word = 'row'
    for await (const { queries, references, scores: given, place } of table.blocks(signal)) {
      word = place(0).split(' ')[0] as string
      for (let i = 0; i < queries.length; i++) {
        const a = idJoin.find(queries[i] as string, () => place(i), queryOf)
        const b = idJoin.find(references[i] as string, () => place(i), referenceOf)
        if (a === null || b === null) continue
        if (a === b) {
          selves++
          continue
        }
        if (found.a.length === scores.length) {
          const wider = new Float32Array(scores.length * 2)
          wider.set(scores)
          scores = wider
        }
        scores[found.a.length] = given[i] as number
        found.a.push(a)
        found.b.push(b)
        found.places.push(Number(place(i).slice(word.length + 1)))
      }
      rows += queries.length
      report?.(rows)
    }
    const order = descendingOrder(scores.subarray(0, found.a.length))
    const [a, b, places] = [found.a, found.b, found.places].map((values) => Int32Array.from(order, (row) => values.view()[row] as number)) as [Int32Array, Int32Array, Int32Array]
    const first = new PairIndex(a, b)
    const kept = Uint32Array.from(a.keys()).filter((i) => {
      if (first.find(a[i] as number, b[i] as number) === i) return true
      idJoin.duplicate(`images ${a[i] as number} and ${b[i] as number}`, () => `${word} ${places[i] as number}`, 'The pair is there more than once; its best score stands.')
      return false
    })
    return {
      a: Int32Array.from(kept, (i) => a[i] as number), b: Int32Array.from(kept, (i) => b[i] as number), scores: Float32Array.from(kept, (i) => scores[order[i] as number] as number),
      report: idJoin.report(strict, null), layout: table.layout, hasScores: table.hasScores, scoresTurned: table.scoresTurned, selves
    }
  } finally {
    await table.close()
  }
}
