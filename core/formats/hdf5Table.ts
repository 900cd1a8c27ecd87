import { basename } from 'node:path'
import type { Dataset, File as Hdf5File, Group, Metadata } from 'h5wasm/node'
import { WinnowError, isWinnowError } from '../domain/errors.ts'
import { loadHdf5 } from './hdf5Library.ts'
import { sameLength } from './arrayTables.ts'
import { asFloat32, asFloat64, asText } from './numericValues.ts'
import type { NpyData } from './npyValues.ts'
import { blockBytes, checkClaim, checkDim, columnOf, rowPlace, type Table, type TableBlock, type TableColumn, type Wanted } from './table.ts'
import { openForeign } from './wholeFile.ts'

const integer = 0
const float = 1
const text = 3
const mostDatasets = 1000
const longestString = 65_536

/**
 * An HDF5 file as a table with a column for each dataset of one or two dimensions, in groups too ("group/vectors"). Reads slices through
 * HDF5's own library in WebAssembly, which works on the file in place. That library is synchronous and may fail badly on a file made to
 * harm: call this in a thread that may be ended, never in the engine's own. Throws CORRUPT or BAD_INPUT naming file and dataset.
 */
export async function openHdf5(path: string): Promise<Table> {
  const { handle, size } = await openForeign(path)
  await handle.close()
  const name = basename(path)
  const hdf5 = await loadHdf5()
  const file = guarded(name, null, () => new hdf5.File(path, 'r'))
  try {
    const datasets = new Map<string, Dataset>()
    guarded(name, null, () => collect(hdf5, file, '', datasets, 0))
    const columns = [...datasets].map(([title, dataset]) => guarded(name, title, () => columnOfDataset(title, dataset.metadata)))
    const table: Table = {
      name, format: 'hdf5', columns,
      async close() {
        guarded(name, null, () => file.close())
      },
      async *blocks(wanted, signal) {
        const chosen = wanted.map((one) => chosenColumn(table, one))
        const metadata = chosen.map(({ name: title }) => (datasets.get(title) as Dataset).metadata)
        const rows = sameLength(name, chosen)
        checkClaim(name, metadata.reduce((sum, one) => sum + one.total_size * one.size, 0), size)
        const rowBytes = Math.max(1, ...metadata.map((one) => (rows === 0 ? 0 : one.total_size / rows) * one.size))
        const each = Math.max(1, Math.floor(blockBytes / rowBytes))
        for (let first = 0; first < rows; first += each) {
          signal?.throwIfAborted()
          const count = Math.min(each, rows - first)
          const values = chosen.map(({ name: title }, i): TableBlock['values'][number] => {
            const label = `${name}, "${title}"`
            const data = guarded(name, title, () => valuesOfSlice(datasets.get(title) as Dataset, first, count))
            const as = (wanted[i] as Wanted).as
            return as === 'text' ? asText(data, label) : as === 'number' ? asFloat64(data, label) : asFloat32(data, label)
          })
          yield { first, rows: count, values, place: rowPlace(first) }
        }
      }
    }
    return table
  } catch (error) {
    guarded(name, null, () => file.close())
    throw error
  }
}

/** What the library throws tells people little: they are told where it happened and what to do. */
function guarded<T>(name: string, dataset: string | null, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isWinnowError(error)) throw error
    throw new WinnowError('CORRUPT', `${name}${dataset === null ? '' : `, "${dataset}"`} cannot be read as HDF5: it was cut short or is damaged. Open it with h5py to see, or write it again.`)
  }
}

function collect(hdf5: typeof import('h5wasm/node'), group: Group | Hdf5File, prefix: string, found: Map<string, Dataset>, depth: number): void {
  for (const key of group.keys()) {
    if (found.size >= mostDatasets) return
    const entity = group.get(key)
    // Links to other files are not followed: only the file that was chosen is read.
    if (entity instanceof hdf5.Dataset) found.set(`${prefix}${key}`, entity)
    else if (entity instanceof hdf5.Group && depth < 8) collect(hdf5, entity, `${prefix}${key}/`, found, depth + 1)
  }
}

function columnOfDataset(name: string, { shape, type, size, vlen, virtual_sources: virtual }: Metadata): TableColumn {
  const other: TableColumn = { name, kind: 'other', dim: 0, rows: shape?.[0] ?? 1 }
  if (!shape || shape.some((one) => !Number.isSafeInteger(one)) || (virtual && virtual.length > 0)) return other
  const rows = shape[0] ?? 1
  if (shape.length === 2 && (type === float || type === integer) && (type === integer || size === 4 || size === 8)) return { name, kind: 'vector', dim: shape[1] as number, rows }
  if (shape.length !== 1) return other
  if (type === text && (vlen || size <= longestString)) return { name, kind: 'text', dim: 1, rows }
  if (type === integer && [1, 2, 4, 8].includes(size)) return { name, kind: 'integer', dim: 1, rows }
  return type === float && (size === 4 || size === 8) ? { name, kind: 'number', dim: 1, rows } : other
}

function chosenColumn(table: Table, { name, as }: Wanted): TableColumn {
  if (typeof name !== 'string') throw new WinnowError('BAD_INPUT', `${table.name}: vectors are one dataset of two dimensions here, not several columns.`)
  const column = columnOf(table, name)
  if (column.kind === 'other') throw new WinnowError('BAD_INPUT', `${table.name}: "${name}" is not read here. A dataset should have one or two dimensions of float32, float64, whole numbers or strings, in this file itself.`)
  if (as === 'vector' ? column.kind !== 'vector' : column.kind === 'vector') throw new WinnowError('BAD_INPUT', `${table.name}: "${name}" has ${column.kind === 'vector' ? 'two dimensions where one is' : 'one dimension where two are'} needed.`)
  if (as === 'vector') checkDim(column.dim, `${table.name}, "${name}"`)
  return column
}

function valuesOfSlice(dataset: Dataset, first: number, count: number): NpyData {
  const data = dataset.slice([[first, first + count], ...(dataset.metadata.shape?.length === 2 ? [[] as []] : [])]) as NpyData | string
  if (typeof data === 'string') return [data]
  if (Array.isArray(data)) return data.map((one) => one.replace(/[\0 ]+$/u, ''))
  // Big-endian values come in this machine's order: the library turns them.
  return data
}
