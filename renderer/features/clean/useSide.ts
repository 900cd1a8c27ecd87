import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { CleanImage, CleanImages } from '../../../core/contract/clean.ts'
import { imagesQuery, pageSize, type SideRequest } from './cleanQueries.ts'

export interface Side {
  /** null until it is known. */
  readonly total: number | null
  readonly at: (index: number) => CleanImage | undefined
  readonly error: unknown
}

/** One side of a cell: its first page, which stays on the screen until that of another cell is here, and those on which any of these indices lie. */
export function useSide(request: SideRequest, indices: readonly number[]): Side {
  const first = useQuery({ ...imagesQuery(request, 0), placeholderData: keepPreviousData })
  const pages = [...new Set(indices.map((index) => Math.floor(index / pageSize)))].filter((page) => page > 0)
  const further = useQueries({ queries: pages.map((page) => imagesQuery(request, page)) })
  const pageAt = (page: number): CleanImages | undefined => (page === 0 ? first.data : further[pages.indexOf(page)]?.data)
  return {
    total: first.data?.total ?? null,
    at: (index) => pageAt(Math.floor(index / pageSize))?.rows[index % pageSize],
    error: first.error ?? further.find(({ error }) => error)?.error ?? null
  }
}
