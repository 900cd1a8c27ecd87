import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { MatchSource, QueryRow } from '../../../core/contract/matches.ts'
import { client } from '../../app/client.ts'
import { queryClient } from '../../app/queries.ts'
import { rememberRows } from '../../app/rows.ts'
import { preload } from '../../components/compare/pictures.ts'
import { fewReferences } from './matchesStore.ts'

export const sourcesQuery = queryOptions({ queryKey: ['matches', 'sources'], queryFn: () => client.matches.sources() })

/** Counts follow when the hand rests (see reloadCounts): its key does not begin with a topic on purpose. */
export const overviewQuery = (source: MatchSource | null) =>
  queryOptions({ queryKey: ['match-overview', source], queryFn: ({ signal }) => client.matches.overview({ source: source! }, { signal }), enabled: source !== null, gcTime: 60_000 })

export const candidatesQuery = (source: MatchSource, queryId: number, limit: number) =>
  queryOptions({
    queryKey: ['matches', 'candidates', source, queryId, limit],
    queryFn: async ({ signal }) => {
      const found = await client.matches.candidates({ source, queryId, limit }, { signal })
      rememberRows(found.rows.map(({ image }) => image))
      return found
    },
    // More of the same query may stay on the screen until all are there; those of another query may not.
    placeholderData: (before, query) => (query?.queryKey[3] === queryId ? before : undefined),
    gcTime: 60_000
  })

/** Evidence is of pictures, not of what people say of them. */
export const evidenceQuery = (source: MatchSource, a: number, b: number) =>
  queryOptions({ queryKey: ['match-evidence', source, a, b], queryFn: ({ signal }) => client.matches.evidence({ a, b, source }, { signal }), retry: 0, gcTime: 5 * 60_000 })

export const aboveQuery = (source: MatchSource, minScore: number, minInliers: number | null) =>
  queryOptions({
    queryKey: ['matches', 'above', source, minScore, minInliers],
    queryFn: ({ signal }) => client.matches.above({ source, minScore, ...(minInliers === null ? {} : { minInliers }) }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000
  })

export const vetoListsQuery = queryOptions({ queryKey: ['vetoes', 'lists'], queryFn: () => client.vetoes.list() })

interface Wanted {
  readonly source: MatchSource
  readonly id: number
  readonly resolve: (row: QueryRow | null) => void
  readonly reject: (error: unknown) => void
}

const mostAtOnce = 200
let wanted: Wanted[] = []

/** One query of the list; those that are asked for at the same time travel together. Null where the picture has gone. */
export const rowQuery = (source: MatchSource, id: number) =>
  queryOptions({
    queryKey: ['matches', 'row', source, id],
    queryFn: () => new Promise<QueryRow | null>((resolve, reject) => {
      if (wanted.length === 0) setTimeout(send, 0)
      wanted.push({ source, id, resolve, reject })
    }),
    gcTime: 60_000
  })

function send(): void {
  const bySource = Map.groupBy(wanted, ({ source }) => `${source.runId}/${source.step}`)
  wanted = []
  for (const list of bySource.values()) for (let start = 0; start < list.length; start += mostAtOnce) void ask(list.slice(start, start + mostAtOnce))
}

async function ask(list: readonly Wanted[]): Promise<void> {
  try {
    const rows = await client.matches.queryRows({ source: list[0]!.source, ids: [...new Set(list.map(({ id }) => id))] })
    rememberRows(rows.map(({ image }) => image))
    const byId = new Map(rows.map((row) => [row.image.id, row]))
    for (const { id, resolve } of list) resolve(byId.get(id) ?? null)
  } catch (error) {
    for (const { reject } of list) reject(error)
  }
}

const ahead = 3

/** Has the next queries, their best references and the evidence ready before they are looked at. */
export async function prefetchQueries(source: MatchSource, ids: Int32Array, at: number): Promise<void> {
  for (let index = at + 1; index <= at + ahead && index < ids.length; index++) {
    const id = ids[index]!
    preload(id)
    // What cannot be fetched ahead is asked for again, and its error shown, when it is looked at.
    const found = await queryClient.ensureQueryData(candidatesQuery(source, id, fewReferences)).catch(() => null)
    const best = found?.rows[0]
    if (best) preload(best.image.id)
  }
}
