import { WinnowError } from '../domain/errors.ts'
import type { Artefact, ArtefactWriter } from '../recipes/artefact.ts'
import { checkSparseRows, type SparseRows } from './sparseRows.ts'

/** Sparse rows over named nodes: the offline result of diffusion. Its first `queries` nodes are queries, the others references. */
export interface NamedGraph {
  readonly images: Int32Array
  readonly parts: Int32Array
  readonly queries: number
  readonly rows: SparseRows
}

/** graph: `image`, `part` int32 (a node each); `starts` float64 n + 1; `node` int32 and `value` float32 beside each other: row r is starts[r]..starts[r + 1] of them. `facts.queries`: how many of the nodes are queries, first. */
export async function writeGraph(out: ArtefactWriter, { images, parts, queries, rows }: NamedGraph, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await out.column('image', images)
  await out.column('part', parts)
  await out.column('starts', rows.starts)
  await out.column('node', rows.indices)
  await out.column('value', rows.values)
  await out.finish('graph', summary, { queries, nodes: rows.rows, ...facts })
}

/** Throws CORRUPT where the columns do not fit each other. */
export async function readGraph(artefact: Artefact): Promise<NamedGraph> {
  const images = await artefact.int32('image')
  const rows: SparseRows = { rows: images.length, columns: images.length, starts: await artefact.float64('starts'), indices: await artefact.int32('node'), values: await artefact.float32('value') }
  const queries = Number(artefact.facts['queries'])
  try {
    checkSparseRows(rows)
    if (!(queries >= 0 && queries <= images.length)) throw new RangeError(`${String(artefact.facts['queries'])} of ${images.length} nodes cannot be queries.`)
  } catch (error) {
    throw new WinnowError('CORRUPT', `The graph in ${artefact.folder} is damaged (${(error as Error).message}). Run the recipe again: it is made anew.`)
  }
  return { images, parts: await artefact.int32('part'), queries, rows }
}
