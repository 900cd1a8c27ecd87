import { WinnowError } from '../domain/errors.ts'
import { iscMostDimensions, iscMostPairs, iscPhaseOf, iscSetOf } from './isc.ts'
import { openPairTable } from './pairTable.ts'
import { shorten } from './table.ts'
import { openVectorTable } from './vectorTable.ts'

export interface IscDescriptorFacts {
  readonly queries: number
  readonly references: number
  readonly dim: number
  /** Queries of the first phase are Q00000 to Q49999. */
  readonly phases: readonly (1 | 2)[]
}

export interface IscMatchFacts {
  readonly rows: number
  readonly queries: number
}

/**
 * Checks a file for the descriptor track before it is sent: query and reference with their ids, at most 256 dimensions, ids of the right form,
 * sorted, each once, every value finite. In a thread: HDF5 works in long synchronous strides. Throws BAD_INPUT or CORRUPT naming dataset and row.
 */
export async function checkIscDescriptors(path: string): Promise<IscDescriptorFacts> {
  const counts = { query: 0, reference: 0 }
  const phases = new Set<1 | 2>()
  let dim = 0
  for (const set of ['query', 'reference'] as const) {
    const table = await openVectorTable(path, { vectors: set, ids: `${set}_ids` })
    try {
      let last = ''
      for await (const block of table.blocks()) {
        if (block.dim > iscMostDimensions) throw new WinnowError('BAD_INPUT', `${table.name}, "${set}": vectors have ${block.dim} values; the challenge takes at most ${iscMostDimensions}. Reduce them first (PCA).`)
        if (dim !== 0 && block.dim !== dim) throw new WinnowError('BAD_INPUT', `${table.name}: "query" has ${dim} dimensions and "${set}" has ${block.dim}. Both need the same.`)
        dim = block.dim
        block.ids.forEach((id, i) => {
          const where = `${table.name}, "${set}_ids", ${block.place(i)}`
          if (iscSetOf(id) !== set) throw new WinnowError('BAD_INPUT', `${where}: "${shorten(id)}" is no ${set} id (${set === 'query' ? 'Q00000' : 'R000000'}).`)
          if (id <= last) throw new WinnowError('BAD_INPUT', `${where}: "${id}" ${id === last ? 'stands twice' : `comes after "${last}"`}. Rows are to be sorted by id, each once.`)
          last = id
          if (set === 'query') phases.add(iscPhaseOf(id))
        })
        counts[set] += block.rows
      }
      if (counts[set] === 0) throw new WinnowError('BAD_INPUT', `${table.name}: "${set}" is empty.`)
    } finally {
      await table.close()
    }
  }
  return { queries: counts.query, references: counts.reference, dim, phases: [...phases].sort() }
}

/** Checks a file for the matching track: at most 500,000 rows, ids of the right form, each pair once, finite scores. Throws BAD_INPUT naming the line. */
export async function checkIscMatches(path: string): Promise<IscMatchFacts> {
  const table = await openPairTable(path)
  try {
    if (!table.hasScores) throw new WinnowError('BAD_INPUT', `${table.name} has no scores: the challenge takes query_id,reference_id,score.`)
    const seen = new Map<string, Set<number>>()
    let rows = 0
    for await (const { queries, references, place } of table.blocks()) {
      for (let i = 0; i < queries.length; i++) {
        const [query, reference] = [queries[i] as string, references[i] as string]
        if (++rows > iscMostPairs) throw new WinnowError('BAD_INPUT', `${table.name}, ${place(i)}: there are more than ${iscMostPairs.toLocaleString('en')} pairs. Keep the best.`)
        if (iscSetOf(query) !== 'query') throw new WinnowError('BAD_INPUT', `${table.name}, ${place(i)}: "${shorten(query)}" is no query id (Q00000).`)
        if (iscSetOf(reference) !== 'reference') throw new WinnowError('BAD_INPUT', `${table.name}, ${place(i)}: "${shorten(reference)}" is no reference id (R000000).`)
        const known = seen.get(query) ?? new Set<number>()
        const number = Number(reference.slice(1))
        if (known.has(number)) throw new WinnowError('BAD_INPUT', `${table.name}, ${place(i)}: ${query} and ${reference} stand twice. Each pair may be there once.`)
        known.add(number)
        seen.set(query, known)
      }
    }
    if (rows === 0) throw new WinnowError('BAD_INPUT', `${table.name} has no pairs.`)
    return { rows, queries: seen.size }
  } finally {
    await table.close()
  }
}
