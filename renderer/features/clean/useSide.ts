import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import type { CleanImage, CleanImages } from '../../../core/contract/clean.ts'
import { imagesQuery, pageSize, type SideRequest } from './cleanQueries.ts'

export interface Side {
  /** null until it is known. */
  readonly total: number | null
  readonly at: (index: number) => CleanImage | undefined
  readonly error: unknown
}

/** One side of a cell: its first page, and those on which any of these indices lie. */
export function useSide(request: SideRequest, indices: readonly number[]): Side {
  const pages = [...new Set([0, ...indices.map((index) => Math.floor(index / pageSize))])].sort((a, b) => a - b)
  const answers: UseQueryResult<CleanImages>[] = useQueries({ queries: pages.map((page) => ({ ...imagesQuery(request, page), placeholderData: (before: CleanImages | undefined) => before })) })
  return {
    total: answers[0]?.data?.total ?? null,
    at: (index) => answers[pages.indexOf(Math.floor(index / pageSize))]?.data?.rows[index % pageSize],
    error: answers.find((answer) => answer.error)?.error ?? null
  }
}
