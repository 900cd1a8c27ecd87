/** Rows of images by id, fetched in batches of what the screens look at, kept up to a limit. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { ImageRow } from '../../core/contract/images.ts'
import { client } from './client.ts'

const limit = 20_000
const batch = 200

const rows = new Map<number, ImageRow>()
const fresh = new Set<number>()
const wanted = new Set<number>()
const asking = new Set<number>()
const listeners = new Set<() => void>()
/** Rows a person changed whose answer is still under way: what the engine sent before must not undo it on the screen. */
const optimistic = new Map<number, number>()
/** A new object after every change, so that React sees it; both are bound to the maps above. */
interface Snapshot {
  get(id: number): ImageRow | undefined
  want(ids: Iterable<number>): void
}
const newSnapshot = (): Snapshot => ({ get: (id) => rows.get(id), want })
let snapshot = newSnapshot()
let generation = 0
let scheduled = false

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const getSnapshot = (): Snapshot => snapshot

function changed(): void {
  snapshot = newSnapshot()
  for (const listener of listeners) listener()
}

function want(ids: Iterable<number>): void {
  for (const id of ids) if (!fresh.has(id) && !asking.has(id)) wanted.add(id)
  if (wanted.size === 0 || scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    const list = [...wanted]
    wanted.clear()
    for (let start = 0; start < list.length; start += batch) void load(list.slice(start, start + batch))
  })
}

async function load(ids: number[]): Promise<void> {
  const at = generation
  for (const id of ids) asking.add(id)
  try {
    const found = await client.images.rows({ ids })
    for (const row of found) {
      if (optimistic.has(row.id)) continue
      rows.delete(row.id)
      rows.set(row.id, row)
    }
    if (at === generation) for (const id of ids) if (!optimistic.has(id)) fresh.add(id)
    trim()
    for (const id of ids) asking.delete(id)
    changed()
  } catch {
    // The line is away or the project closed: whoever still looks asks again, but not in a tight circle.
    setTimeout(() => {
      for (const id of ids) asking.delete(id)
      changed()
    }, 1_000)
  }
}

function trim(): void {
  for (const id of rows.keys()) {
    if (rows.size <= limit) break
    rows.delete(id)
    fresh.delete(id)
  }
}

/** Everything known may be old: what is on the screen is asked for again, the rest when it is next seen. */
export function refreshRows({ forget = false } = {}): void {
  generation++
  fresh.clear()
  if (forget) rows.clear()
  changed()
}

/** Shows a change before the engine has confirmed it; returns the way to end the guess (confirmed or refused: the engine is asked). */
export function patchRows(ids: Iterable<number>, patch: (row: ImageRow) => ImageRow): () => void {
  const touched: number[] = []
  for (const id of ids) {
    const row = rows.get(id)
    if (!row) continue
    rows.set(id, patch(row))
    optimistic.set(id, (optimistic.get(id) ?? 0) + 1)
    touched.push(id)
  }
  changed()
  return () => {
    for (const id of touched) {
      const left = (optimistic.get(id) ?? 1) - 1
      if (left > 0) optimistic.set(id, left)
      else optimistic.delete(id)
      fresh.delete(id)
    }
    changed()
  }
}

/** Remembers rows that came with another answer (neighbours, group members). */
export function rememberRows(found: readonly ImageRow[]): void {
  for (const row of found) {
    if (optimistic.has(row.id)) continue
    rows.set(row.id, row)
    fresh.add(row.id)
  }
  if (found.length > 0) changed()
}

export const rowNow = (id: number): ImageRow | undefined => rows.get(id)

/**
 * The rows of these ids, in their order; undefined where a row has not come yet. Keep the window small (what is on the screen).
 */
export function useRows(ids: ArrayLike<number>): (ImageRow | undefined)[] {
  const store = useSyncExternalStore(subscribe, getSnapshot)
  useEffect(() => store.want(Array.from(ids)), [ids, store])
  return useMemo(() => Array.from(ids, (id) => store.get(id)), [ids, store])
}

export function useRow(id: number | null | undefined): ImageRow | undefined {
  const ids = useMemo(() => (id === null || id === undefined ? [] : [id]), [id])
  return useRows(ids)[0]
}
