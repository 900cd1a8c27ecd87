import { WinnowError } from '../domain/errors.ts'
import { descendingOrder } from '../metrics/descendingOrder.ts'
import { PairIndex } from '../metrics/intIndex.ts'
import type { Artefact } from '../recipes/artefact.ts'
import { readLists, readPairs, readPairsOrLists } from '../recipes/kinds.ts'
import type { ExportedResult } from './exportResult.ts'
import { iscMostPairs, writeIscMatches } from './isc.ts'
import { numberColumn, textColumn, type OutColumn } from './outTable.ts'
import { writeCsv } from './writeCsv.ts'
import { namedColumn, writeTable, type PlainFormat } from './writeTable.ts'

type Names = (ids: Iterable<number>) => ReadonlyMap<number, string>

/** Pairs one a row, with every column of theirs: parts where there are any, the rank in its list, the score, and what verification or re-ranking added. */
export async function writePairTable(artefact: Artefact, format: PlainFormat, file: string, namesOf: Names): Promise<ExportedResult> {
  const flat = artefact.kind === 'lists' ? await flatLists(artefact) : await flatPairs(artefact)
  const { a, b, aParts, bParts } = flat
  const names = namesOf(both(a, b))
  const columns: OutColumn[] = [
    namedColumn('query_id', a, names),
    ...(aParts.some((part) => part !== 0) ? [numberColumn('query_part', aParts)] : []),
    namedColumn('reference_id', b, names),
    ...(bParts.some((part) => part !== 0) ? [numberColumn('reference_part', bParts)] : []),
    ...flat.columns
  ]
  await writeTable(file, format, { rows: a.length, columns })
  return { files: [file], rows: a.length, notes: [] }
}

interface Flat {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly aParts: Int32Array
  readonly bParts: Int32Array
  readonly columns: readonly OutColumn[]
}

async function flatPairs(artefact: Artefact): Promise<Flat> {
  const { a, b, aParts, bParts, scores } = await readPairs(artefact)
  const extra = await extraColumns(artefact, new Set(['a', 'b', 'aPart', 'bPart', 'score']), [a.length], null)
  return { a, b, aParts, bParts, columns: [numberColumn('score', scores), ...extra] }
}

async function flatLists(artefact: Artefact): Promise<Flat> {
  const { queries, queryParts, k, references, referenceParts, scores } = await readLists(artefact)
  const places = Uint32Array.from(references.keys()).filter((at) => (references[at] as number) >= 0)
  const pick = <T extends Int32Array | Float32Array>(values: T, type: new (length: number) => T, at: (place: number) => number): T => {
    const out = new type(places.length)
    places.forEach((place, i) => void (out[i] = values[at(place)] as number))
    return out
  }
  const queryOf = (place: number): number => Math.floor(place / k)
  const same = (place: number): number => place
  const extra = await extraColumns(artefact, new Set(['query', 'queryPart', 'reference', 'referencePart', 'score']), [queries.length, k], places)
  return {
    a: pick(queries, Int32Array, queryOf), aParts: pick(queryParts, Int32Array, queryOf), b: pick(references, Int32Array, same), bParts: pick(referenceParts, Int32Array, same),
    columns: [numberColumn('rank', Int32Array.from(places, (place) => (place % k) + 1)), numberColumn('score', pick(scores, Float32Array, same)), ...extra]
  }
}

/** Columns of one number a pair that stand beside those of the kind: scores of steps before, inliers, ratios. */
async function extraColumns(artefact: Artefact, known: ReadonlySet<string>, shape: readonly number[], places: Uint32Array | null): Promise<OutColumn[]> {
  const found: OutColumn[] = []
  for (const [name, column] of Object.entries(artefact.columns)) {
    if (known.has(name) || column.shape.join() !== shape.join()) continue
    const values = await (column.dtype === 'Int32Array' ? artefact.int32(name) : column.dtype === 'Float32Array' ? artefact.float32(name) : column.dtype === 'Float64Array' ? artefact.float64(name) : artefact.uint8(name))
    const wide = values instanceof Uint8Array ? Int32Array.from(values) : values
    if (!places) found.push(numberColumn(name, wide))
    else if (wide instanceof Int32Array) found.push(numberColumn(name, Int32Array.from(places, (place) => wide[place] as number)))
    else found.push(numberColumn(name, Float64Array.from(places, (place) => wide[place] as number)))
  }
  return found
}

function* both(a: Int32Array, b: Int32Array): Generator<number> {
  yield* a
  yield* b
}

interface ImagePairs {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly scores: Float32Array
  readonly notes: readonly string[]
}

/** Pairs of images, best first: of the parts of two images the best pair stands. */
async function imagePairs(artefact: Artefact): Promise<ImagePairs> {
  const { a, b, scores } = await readPairsOrLists(artefact)
  const order = descendingOrder(scores)
  const [queries, references] = [a, b].map((ids) => Int32Array.from(order, (row) => ids[row] as number)) as [Int32Array, Int32Array]
  const first = new PairIndex(queries, references)
  const kept = order.filter((_, i) => first.find(queries[i] as number, references[i] as number) === i)
  if (kept.length === 0) throw new WinnowError('BAD_INPUT', 'The result is empty: there is nothing to write.')
  const again = a.length - kept.length
  return {
    a: Int32Array.from(kept, (row) => a[row] as number), b: Int32Array.from(kept, (row) => b[row] as number), scores: Float32Array.from(kept, (row) => scores[row] as number),
    notes: again > 0 ? [`${again.toLocaleString('en')} pairs of parts of the same two images were left out: the best one stands.`] : []
  }
}

export async function writeIscPairs(artefact: Artefact, file: string, namesOf: Names): Promise<ExportedResult> {
  const { a, b, scores, notes } = await imagePairs(artefact)
  const names = namesOf(both(a, b))
  const rows = await writeIscMatches(file, { queries: Array.from(a, (id) => names.get(id) ?? ''), references: Array.from(b, (id) => names.get(id) ?? ''), scores })
  return { files: [file], rows, notes: rows < a.length ? [...notes, `${(a.length - rows).toLocaleString('en')} pairs were left out: the challenge takes the best ${iscMostPairs.toLocaleString('en')}.`] : notes }
}

/** imageA,imageB,prediction with file names. */
export async function writePetPairs(artefact: Artefact, file: string, namesOf: Names): Promise<ExportedResult> {
  const { a, b, scores, notes } = await imagePairs(artefact)
  const names = namesOf(both(a, b))
  await writeCsv(file, { rows: a.length, columns: [namedColumn('imageA', a, names), namedColumn('imageB', b, names), numberColumn('prediction', scores)] })
  return { files: [file], rows: a.length, notes }
}

/** id,images: of each query its images, best first, at most `limit`, each once. Lists keep the order they have, which need not be that of their scores. */
export async function writeRetrieval(artefact: Artefact, file: string, namesOf: Names, limit: number): Promise<ExportedResult> {
  const byQuery = new Map<number, Set<number>>()
  const add = (query: number, reference: number): void => {
    const images = byQuery.get(query) ?? new Set<number>()
    if (reference >= 0 && images.size < limit) images.add(reference)
    byQuery.set(query, images)
  }
  if (artefact.kind === 'lists') {
    const { queries, k, references } = await readLists(artefact)
    queries.forEach((query, row) => {
      add(query, -1)
      for (let rank = 0; rank < k; rank++) add(query, references[row * k + rank] as number)
    })
  } else {
    const { a, b } = await imagePairs(artefact)
    a.forEach((query, i) => add(query, b[i] as number))
  }
  if (byQuery.size === 0) throw new WinnowError('BAD_INPUT', 'The result is empty: there is nothing to write.')
  const names = namesOf(function* () {
    for (const [query, images] of byQuery) {
      yield query
      yield* images
    }
  }())
  const queries = [...byQuery.keys()]
  await writeCsv(file, { rows: queries.length, columns: [
    textColumn('id', queries.map((id) => oneWord(names.get(id) ?? ''))),
    textColumn('images', queries.map((id) => Array.from(byQuery.get(id) ?? [], (image) => oneWord(names.get(image) ?? '')).join(' ')))
  ] })
  return { files: [file], rows: queries.length, notes: [] }
}

/** Blanks part one name from the next in these files. Throws BAD_INPUT. */
export function oneWord(name: string): string {
  if (/\s/u.test(name) || name === '') throw new WinnowError('BAD_INPUT', `"${name}" has blanks, which part one name from the next in this format. Write plain CSV, or name images by hash.`)
  return name
}
