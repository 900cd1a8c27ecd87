import { WinnowError } from '../domain/errors.ts'
import { columnAmong } from './csvTable.ts'
import { openTable, type OpenOptions } from './openTable.ts'
import { idsBeside, openIds, partColumnOf, partsOf, type IdRows, type NamedRows } from './rowIds.ts'
import { checkDim, columnOf, idNames, listed, shorten, type Table, type TableBlock, type Wanted } from './table.ts'

const vectorNames = ['embeddings', 'features', 'vectors', 'embedding', 'feature', 'vector', 'descriptors', 'descriptor', 'feats', 'emb', 'array', 'data']
/** The three sets of the ISC21 descriptor file; those with ids are read when nobody says which. */
const iscSets = ['query', 'reference', 'train']

export interface VectorTableOptions extends OpenOptions {
  /** Which column, dataset or array holds the vectors; found by its name or shape where it is not said. */
  readonly vectors?: string | undefined
  /** Which holds the ids. */
  readonly ids?: string | undefined
  /** A file with one id a row, in the order of the vectors; looked for beside the file where it is not said. */
  readonly idsFile?: string | undefined
}

export interface VectorBlock {
  readonly first: number
  readonly rows: number
  readonly dim: number
  readonly ids: readonly string[]
  /** Which part of its image each row describes; null: the whole image. */
  readonly parts: readonly number[] | null
  /** rows x dim; every value finite. */
  readonly data: Float32Array
  readonly place: (i: number) => string
}

export interface VectorTable {
  readonly name: string
  readonly format: Table['format']
  /** What is read: "query and query_ids". */
  readonly sets: readonly { readonly vectors: Wanted; readonly ids: string | null }[]
  /** All rows in order. Throws naming file, row and id: NaN or infinity, another number of values than the first row, ids that run out. */
  blocks(signal?: AbortSignal): AsyncGenerator<VectorBlock>
  close(): Promise<void>
}

/** Opens a file of vectors with ids. Throws what openTable throws, and BAD_INPUT where vectors or ids cannot be told. */
export async function openVectorTable(path: string, options: VectorTableOptions = {}): Promise<VectorTable> {
  const table = await openTable(path, options)
  let idRows: IdRows | null = null
  try {
    const sets = setsOf(table, options).map((vectors) => ({ vectors, ids: options.idsFile === undefined ? idsOf(table, vectors, options.ids) : null }))
    if (sets.some(({ ids }) => ids === null)) {
      const beside = options.idsFile ?? idsBeside(path)
      if (beside === undefined) throw new WinnowError('BAD_INPUT', `${table.name} holds vectors without ids, so nobody knows whose they are. Give a file with one id a row, in the same order (idsFile), or write ids into the file.`)
      idRows = await openIds(beside)
    }
    const ids = idRows
    return {
      name: table.name, format: table.format, sets,
      async close() {
        await table.close()
        await ids?.close()
      },
      async *blocks(signal) {
        let dim = 0
        let first = 0
        for (const set of sets) {
          const part = set.ids === null ? null : partColumnOf(table)
          const wanted: Wanted[] = [set.vectors, ...(set.ids === null ? [] : [{ as: 'text', name: set.ids } as const]), ...(part === null ? [] : [{ as: 'number', name: part } as const])]
          for await (const block of table.blocks(wanted, signal)) {
            if (block.rows === 0) continue
            const data = block.values[0] as Float32Array
            const found = data.length / block.rows
            dim ||= checkDim(found, table.name)
            if (found !== dim) throw new WinnowError('BAD_INPUT', `${table.name}, ${block.place(0)}: a vector has ${found} values where those before have ${dim}. All vectors of a file need the same length.`)
            const named: NamedRows = set.ids === null
              ? await (ids as IdRows).take(block.rows)
              : { ids: block.values[1] as string[], parts: part === null ? null : partsOf(block.values[2] as Float64Array, table.name, block.place) }
            checkBlock(table, block, data, dim, named.ids, ids)
            yield { first, rows: block.rows, dim, ...named, data, place: block.place }
            first += block.rows
          }
        }
        if (ids && (await ids.take(1)).ids.length > 0) throw new WinnowError('BAD_INPUT', `${ids.name} has more ids than ${table.name} has vectors (${first}). They must stand row by row in the same order.`)
      }
    }
  } catch (error) {
    await table.close()
    await idRows?.close()
    throw error
  }
}

function checkBlock(table: Table, block: TableBlock, data: Float32Array, dim: number, names: readonly string[], ids: IdRows | null): void {
  if (names.length < block.rows) throw new WinnowError('BAD_INPUT', `${ids?.name ?? table.name} ends before ${table.name}: ${block.place(names.length)} has no id. They must stand row by row in the same order.`)
  const empty = names.findIndex((one) => one === '')
  if (empty >= 0) throw new WinnowError('BAD_INPUT', `${ids?.name ?? table.name}, ${block.place(empty)}: the id is empty. Give every vector the name of its image.`)
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  const row = Math.floor(bad / dim)
  throw new WinnowError('BAD_INPUT', `${table.name}, ${block.place(row)} ("${shorten(names[row] as string)}"): value ${bad % dim + 1} of ${dim} is ${data[bad] as number}. Vectors need finite numbers: leave the image out or compute it again.`)
}

function setsOf(table: Table, { vectors }: VectorTableOptions): Wanted[] {
  if (vectors !== undefined) return [{ as: 'vector', name: columnOf(table, vectors).name }]
  if (table.format === 'csv') return [{ as: 'vector', name: csvVector(table) }]
  const found = table.columns.filter(({ kind }) => kind === 'vector').map(({ name }) => name)
  const named = vectorNames.map((one) => found.find((name) => name.toLowerCase() === one)).find((one) => one !== undefined)
  if (named !== undefined || found.length === 1) return [{ as: 'vector', name: named ?? (found[0] as string) }]
  const isc = iscSets.filter((one) => found.includes(one) && table.columns.some(({ name }) => name === `${one}_ids`))
  if (isc.length > 0) return isc.map((name) => ({ as: 'vector', name }))
  const numbers = table.columns.filter(({ kind, name }) => kind === 'number' && !idNames.includes(name.toLowerCase() as (typeof idNames)[number]))
  if (found.length === 0 && numbers.length > 1) return [{ as: 'vector', name: numbers.map(({ name }) => name) }]
  throw new WinnowError('BAD_INPUT', `${table.name}: ${found.length === 0 ? 'nothing in it is a table of vectors (rows x values)' : 'several things in it may be the vectors'}. It has ${listed(table.columns.map(({ name }) => name))}; say which with vectors.`)
}

/** In a CSV one column is the id and all others are the vector. */
function csvVector(table: Table): string[] {
  const id = csvId(table)
  const part = partColumnOf(table)
  const rest = table.columns.map(({ name }) => name).filter((name) => name !== id && name !== part)
  if (rest.length === 0) throw new WinnowError('BAD_INPUT', `${table.name} has one column only. It should have an id and the values of the vector in each row.`)
  return rest
}

const csvId = (table: Table): string => (columnAmong(table, [...idNames]) ?? table.columns[0])?.name ?? ''

function idsOf(table: Table, { name }: Wanted, wanted: string | undefined): string | null {
  if (wanted !== undefined) return columnOf(table, wanted).name
  if (table.format === 'csv') return csvId(table)
  const part = partColumnOf(table)
  const ids = table.columns.filter(({ kind, name: title }) => (kind === 'text' || kind === 'integer') && title !== part)
  if (typeof name === 'string') {
    const own = ids.find((one) => one.name === `${name}_ids`)
    if (own) return own.name
    // "train" of the ISC file has no ids, and those of the queries are not its own.
    if (iscSets.includes(name) && ids.some((one) => iscSets.some((set) => one.name === `${set}_ids`))) return null
  }
  const group = typeof name === 'string' ? name.slice(0, name.lastIndexOf('/') + 1) : ''
  for (const one of idNames) {
    const found = ids.find((column) => column.name.toLowerCase() === `${group.toLowerCase()}${one}`)
    if (found) return found.name
  }
  return null
}
