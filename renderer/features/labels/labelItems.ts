import { queryOptions } from '@tanstack/react-query'
import type { LabelItem } from '../../../core/contract/labels.ts'
import { client } from '../../app/client.ts'
import { queryClient } from '../../app/queries.ts'
import { rememberRows } from '../../app/rows.ts'
import { imageUrl, thumbUrl } from '../../components/Thumb.tsx'

interface Wanted {
  readonly runId: number
  readonly id: number
  readonly resolve: (item: LabelItem | null) => void
  readonly reject: (error: unknown) => void
}

const MOST_AT_ONCE = 50
let wanted: Wanted[] = []

/** One image with its candidates; those that are asked for at the same time travel together. Null where this run has nothing about it. */
export const itemQuery = (runId: number, id: number) =>
  queryOptions({
    queryKey: ['label-item', runId, id],
    queryFn: () => new Promise<LabelItem | null>((resolve, reject) => {
      if (wanted.length === 0) setTimeout(send, 0)
      wanted.push({ runId, id, resolve, reject })
    }),
    gcTime: 5 * 60_000
  })

function send(): void {
  const byRun = Map.groupBy(wanted, ({ runId }) => runId)
  wanted = []
  for (const list of byRun.values()) {
    for (let start = 0; start < list.length; start += MOST_AT_ONCE) void ask(list.slice(start, start + MOST_AT_ONCE))
  }
}

async function ask(list: readonly Wanted[]): Promise<void> {
  try {
    const items = await client.labels.items({ runId: list[0]!.runId, ids: list.map(({ id }) => id) })
    rememberRows(items.map((item) => item.image))
    const byId = new Map(items.map((item) => [item.image.id, item]))
    for (const { id, resolve } of list) resolve(byId.get(id) ?? null)
  } catch (error) {
    for (const { reject } of list) reject(error)
  }
}

const AHEAD = 12
const PICTURES_AHEAD = 3

/** Has the next items, their pictures and their candidates' pictures ready before they are looked at. */
export function prefetchItems(runId: number, ids: Int32Array, at: number): void {
  for (let index = at + 1; index <= at + AHEAD && index < ids.length; index++) {
    void prefetchOne(runId, ids[index]!, index <= at + PICTURES_AHEAD)
  }
}

async function prefetchOne(runId: number, id: number, pictures: boolean): Promise<void> {
  // What cannot be fetched ahead is asked for again, and its error shown, when it is looked at.
  const item = await queryClient.ensureQueryData(itemQuery(runId, id)).catch(() => null)
  if (item && pictures) warm(item)
}

function warm(item: LabelItem): void {
  fetchPicture(imageUrl(item.image.id))
  for (const candidate of item.candidates) {
    if (candidate.nearest) fetchPicture(thumbUrl(candidate.nearest.imageId))
    for (const exemplar of candidate.exemplars) fetchPicture(thumbUrl(exemplar))
  }
}

const warmed = new Set<string>()
function fetchPicture(url: string): void {
  if (warmed.has(url)) return
  if (warmed.size > 2000) warmed.clear()
  warmed.add(url)
  new Image().src = url
}

/** Candidates changed (classes were renamed or merged, a new run). */
export const refreshItems = (): void => void queryClient.invalidateQueries({ queryKey: ['label-item'] })
