import type { Match } from '../project/repositories/imageMatch.ts'
import { GrowingInt32 } from '../search/growingList.ts'
import { IdJoin, remembering, type JoinReport, type Strictness } from './idJoin.ts'
import { openPairTable, type PairTableOptions } from './pairTable.ts'
import { shorten } from './table.ts'

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
      for (let i = 0; i < queries.length; i++) {
        const a = idJoin.find(queries[i] as string, () => place(i), queryOf)
        const b = idJoin.find(references[i] as string, () => place(i), referenceOf)
        if (a === null || b === null) continue
        if (a === b) {
          selves++
          continue
        }
        const [name, number] = place(i).split(' ')
        word = name as string
        if (found.a.length === scores.length) {
          const wider = new Float32Array(scores.length * 2)
          wider.set(scores)
          scores = wider
        }
        scores[found.a.length] = given[i] as number
        found.a.push(a)
        found.b.push(b)
        found.places.push(Number(number))
      }
      rows += queries.length
      report?.(rows)
    }
    const [a, b, places] = [found.a.view(), found.b.view(), found.places.view()]
    // By pair, the best first: those that follow the first of a pair are the same one again.
    const order = Int32Array.from(a.keys()).sort((x, y) => (a[x] as number) - (a[y] as number) || (b[x] as number) - (b[y] as number) || (scores[y] as number) - (scores[x] as number) || x - y)
    const again = new Uint8Array(a.length)
    for (let at = 1; at < order.length; at++) {
      const [row, before] = [order[at] as number, order[at - 1] as number]
      if (a[row] === a[before] && b[row] === b[before]) again[row] = 1
    }
    again.forEach((one, row) => {
      if (one === 1) idJoin.duplicate(shorten(`images ${a[row] as number} and ${b[row] as number}`), () => `${word} ${places[row] as number}`, 'The pair is there more than once; its best score stands.')
    })
    const kept = order.filter((row) => again[row] === 0).sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)
    return {
      a: kept.map((row) => a[row] as number), b: kept.map((row) => b[row] as number), scores: Float32Array.from(kept, (row) => scores[row] as number),
      report: idJoin.report(strict, null), layout: table.layout, hasScores: table.hasScores, scoresTurned: table.scoresTurned, selves
    }
  } finally {
    await table.close()
  }
}
