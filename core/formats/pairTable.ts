import { WinnowError } from '../domain/errors.ts'
import { columnAmong, noColumn } from './csvTable.ts'
import { openTable, type OpenOptions } from './openTable.ts'
import { columnOf, shorten, type Table, type TableColumn } from './table.ts'

const queryNames = ['query_id', 'query_ids', 'query', 'imagea', 'image_a', 'from', 'a', 'q', 'image1', 'image_1', 'id1', 'id_a', 'left']
const referenceNames = ['reference_id', 'reference_ids', 'reference', 'imageb', 'image_b', 'to', 'b', 'r', 'image2', 'image_2', 'id2', 'id_b', 'right']
const scoreNames = ['score', 'scores', 'prediction', 'similarity', 'cosine', 'sim', 'distance', 'dist']
const listIdNames = ['id', 'query_id', 'query']
const listNames = ['images', 'neighbours', 'neighbors', 'references']

export interface PairTableOptions extends OpenOptions {
  readonly query?: string | undefined
  readonly reference?: string | undefined
  readonly score?: string | undefined
  /** Whether a smaller score is better; then its sign is turned. Unsaid: so for a column called distance, but for fastdup's, whose distance is a similarity. */
  readonly smallerIsBetter?: boolean | undefined
}

export interface PairBlock {
  readonly queries: readonly string[]
  readonly references: readonly string[]
  /** Higher is better; 1 where the file has none. */
  readonly scores: Float64Array
  readonly place: (i: number) => string
}

export interface PairTable {
  readonly name: string
  readonly format: Table['format']
  /** What the file is, for a sentence: "query_id, reference_id, score". */
  readonly layout: string
  readonly hasScores: boolean
  readonly scoresTurned: boolean
  /** Pairs in the order of the file. An empty reference is a query without a match: it is passed over. Throws naming line and column; a score that is not finite too. */
  blocks(signal?: AbortSignal): AsyncGenerator<PairBlock>
  close(): Promise<void>
}

/**
 * Opens a file of pairs: the ISC matching CSV (query_id, reference_id, score; header optional), its ground truth (no score), pet-biometrics
 * (imageA, imageB, prediction), fastdup (from, to, distance), a retrieval submission (id, images separated by spaces: pairs of falling rank),
 * or arrays of those names in npz, HDF5 and Parquet. Throws what openTable throws, and BAD_INPUT where a column cannot be told.
 */
export async function openPairTable(path: string, options: PairTableOptions = {}): Promise<PairTable> {
  const table = await openTable(path, options)
  try {
    const list = listOf(table, options)
    return list ? rankedTable(table, list) : pairsOf(table, options)
  } catch (error) {
    await table.close()
    throw error
  }
}

interface Columns {
  readonly query: string
  readonly reference: string
  readonly score: string | null
  readonly turn: boolean
}

function columnsOf(table: Table, { query, reference, score, smallerIsBetter }: PairTableOptions): Columns {
  const named = (wanted: string | undefined, known: readonly string[]): string | undefined => (wanted === undefined ? columnAmong(table, known)?.name : columnOf(table, wanted).name)
  // Without a header the columns are called 1, 2, 3.
  const bare = table.format === 'csv' && table.columns.every(({ name }, i) => name === String(i + 1)) && table.columns.length <= 3
  const [first, second, third] = table.columns as readonly (TableColumn | undefined)[]
  const a = named(query, queryNames) ?? (bare ? first?.name : undefined)
  const b = named(reference, referenceNames) ?? (bare ? second?.name : undefined)
  if (a === undefined) throw noColumn(table, 'the query (the first image of a pair)', queryNames, 'query')
  if (b === undefined) throw noColumn(table, 'the reference (the second image of a pair)', referenceNames, 'reference')
  if (a === b) throw new WinnowError('BAD_INPUT', `${table.name}: "${shorten(a)}" cannot be both images of a pair.`)
  const s = named(score, scoreNames) ?? (bare ? third?.name : undefined) ?? null
  const fastdup = a.toLowerCase() === 'from' && b.toLowerCase() === 'to'
  return { query: a, reference: b, score: s, turn: s !== null && (smallerIsBetter ?? (/^dist/iu.test(s) && !fastdup)) }
}

function pairsOf(table: Table, options: PairTableOptions): PairTable {
  const { query, reference, score, turn } = columnsOf(table, options)
  return {
    name: table.name, format: table.format, hasScores: score !== null, scoresTurned: turn,
    layout: [query, reference, ...(score === null ? [] : [score])].join(', '),
    close: () => table.close(),
    async *blocks(signal) {
      const wanted = [{ as: 'text', name: query }, { as: 'text', name: reference }, ...(score === null ? [] : [{ as: 'number', name: score } as const])] as const
      for await (const { values, rows, place } of table.blocks(wanted, signal)) {
        const [queries, references] = values as [string[], string[]]
        const scores = score === null ? new Float64Array(rows).fill(1) : (values[2] as Float64Array)
        checkScores(table, scores, queries, references, place)
        if (turn) scores.forEach((value, i) => void (scores[i] = -value))
        yield withMatch(table, { queries, references, scores, place })
      }
    }
  }
}

function checkScores(table: Table, scores: Float64Array, queries: readonly string[], references: readonly string[], place: (i: number) => string): void {
  const bad = scores.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new WinnowError('BAD_INPUT', `${table.name}, ${place(bad)}: the score of ${shorten(queries[bad] as string)} and ${shorten(references[bad] as string)} is ${scores[bad] as number}. Scores need to be finite numbers.`)
}

/** Ground truth names queries without a match by an empty reference. */
function withMatch(table: Table, { queries, references, scores, place }: PairBlock): PairBlock {
  const unnamed = queries.indexOf('')
  if (unnamed >= 0) throw new WinnowError('BAD_INPUT', `${table.name}, ${place(unnamed)}: the query is empty. Every pair needs two images.`)
  if (!references.includes('')) return { queries, references, scores, place }
  const kept = Uint32Array.from(references.keys()).filter((i) => references[i] !== '')
  return {
    queries: Array.from(kept, (i) => queries[i] as string), references: Array.from(kept, (i) => references[i] as string),
    scores: Float64Array.from(kept, (i) => scores[i] as number), place: (i) => place(kept[i] as number)
  }
}

function listOf(table: Table, { query, reference }: PairTableOptions): { id: string; images: string } | null {
  if (query !== undefined || reference !== undefined) return null
  const id = columnAmong(table, listIdNames)
  const images = columnAmong(table, listNames)
  return id && images && id !== images ? { id: id.name, images: images.name } : null
}

/** A retrieval submission: of each query its images, best first. Their score is the rank, turned: 0, -1, -2. */
function rankedTable(table: Table, { id, images }: { id: string; images: string }): PairTable {
  return {
    name: table.name, format: table.format, hasScores: false, scoresTurned: false, layout: `${id}, ${images} (best first)`,
    close: () => table.close(),
    async *blocks(signal) {
      for await (const { values, rows, place } of table.blocks([{ as: 'text', name: id }, { as: 'text', name: images }], signal)) {
        const [ids, lists] = values as [string[], string[]]
        const queries: string[] = []
        const references: string[] = []
        const scores: number[] = []
        const origin: number[] = []
        for (let row = 0; row < rows; row++) {
          if (ids[row] === '') throw new WinnowError('BAD_INPUT', `${table.name}, ${place(row)}: the query is empty.`)
          // "None" is the solution's word for a query that is left out.
          const found = (lists[row] as string).split(/\s+/u).filter((one) => one !== '' && one !== 'None')
          for (const [rank, one] of found.entries()) {
            queries.push(ids[row] as string)
            references.push(one)
            scores.push(-rank)
            origin.push(row)
          }
        }
        yield { queries, references, scores: Float64Array.from(scores), place: (i) => place(origin[i] as number) }
      }
    }
  }
}
