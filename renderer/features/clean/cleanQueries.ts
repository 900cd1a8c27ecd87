import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import type { CleanCellAt, CleanGrid, CleanImagesRequest, CleanSource } from '../../../core/contract/clean.ts'
import { client } from '../../app/client.ts'
import { type Trial, trialParameters } from './gridRules.ts'

export const gridsQuery = queryOptions({ queryKey: ['clean', 'grids'], queryFn: () => client.clean.grids() })

export const gridQuery = (source: CleanSource) => queryOptions({ queryKey: ['clean', 'grid', source], queryFn: () => client.clean.grid(source), placeholderData: keepPreviousData, gcTime: 60_000 })

export const cellQuery = (source: CleanSource, at: CleanCellAt) =>
  queryOptions({ queryKey: ['clean', 'cell', source, at], queryFn: () => client.clean.cell({ ...source, ...at, sample: 0 }), placeholderData: keepPreviousData, gcTime: 30_000 })

export const pageSize = 60
export type SideRequest = Pick<CleanImagesRequest, 'side' | 'label' | 'against'> & { readonly source: CleanSource; readonly at: CleanCellAt }

/** One page of a side of a cell, nearest to the border first. */
export const imagesQuery = ({ source, at, side, label, against }: SideRequest, page: number) =>
  queryOptions({
    queryKey: ['clean', 'images', source, at, side, label ?? null, against ?? null, page],
    queryFn: () => client.clean.images({ ...source, ...at, side, ...(label === undefined ? {} : { label }), ...(against === undefined ? {} : { against }), offset: page * pageSize, limit: pageSize }),
    gcTime: 30_000
  })

export const classPageSize = 100
export const classesQuery = (source: CleanSource, at: CleanCellAt, text: string, page: number) =>
  queryOptions({
    queryKey: ['clean', 'classes', source, at, text, page],
    queryFn: () => client.clean.classes({ ...source, ...at, order: 'vanishing', ...(text === '' ? {} : { text }), offset: page * classPageSize, limit: classPageSize }),
    gcTime: 30_000
  })

export const witnessesQuery = (source: CleanSource, at: CleanCellAt, imageId: number) =>
  queryOptions({ queryKey: ['clean', 'witnesses', source, at, imageId], queryFn: () => client.clean.witnesses({ ...source, ...at, imageId }), gcTime: 30_000, retry: 0 })

/** Features are found and matched for a pair that the run did not verify: that takes a second or two. */
export const pairQuery = (grid: Pick<CleanGrid, 'runId' | 'pairsStep'>, a: number, b: number) =>
  queryOptions({
    queryKey: ['matches', 'evidence', grid.runId, grid.pairsStep, a, b],
    queryFn: () => client.matches.evidence({ a, b, ...(grid.pairsStep === null ? {} : { source: { runId: grid.runId, step: grid.pairsStep } }) }), gcTime: 60_000, retry: 0
  })

export const runQuery = (runId: number) => queryOptions({ queryKey: ['recipes', 'run', runId], queryFn: () => client.recipes.run({ runId }) })

/** What the run would give with other parameters of the sweep; nothing is matched again. */
export const trialQuery = (grid: CleanGrid | undefined, trial: Trial | null) =>
  queryOptions({
    queryKey: ['recipes', 'what-if', 'clean', grid?.runId, grid?.step, trial], queryFn: grid && trial ? () => client.recipes.whatIf({ runId: grid.runId, set: trialParameters(grid, trial) }) : skipToken, gcTime: 60_000, retry: 0
  })
