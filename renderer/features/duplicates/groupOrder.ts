/**
 * The order of groups on the screen while a person works.
 *
 * The engine's list changes with every decision (decided groups leave an "open" list, a pinned keeper renames its group, a broken
 * group becomes two). A list that re-sorted itself under the eyes would make people lose their place, so the shown order is kept and
 * only what no longer exists leaves it; what is new enters beside the group that it came from.
 */

export interface OrderUpdate {
  /** What the screen shows now. */
  shown: readonly number[]
  /** What the filter gives now. */
  fresh: readonly number[]
  /** Every group that exists at these settings, decided ones included. */
  existing: readonly number[]
  /** The group that was acted on last: new groups that have no better place enter here. */
  acted?: number | undefined
  /** Where a new keeper was pinned: old group id to new group id. */
  renamed?: ReadonlyMap<number, number> | undefined
}

/** The new order. Keeps the relative order of every group that still exists; contains each group of `fresh` once. */
export function mergeGroupOrder({ shown, fresh, existing, acted, renamed }: OrderUpdate): number[] {
  const exists = new Set(existing)
  const known = new Set<number>()
  const kept: number[] = []
  let actedAt = -1
  for (const id of shown) {
    const next = renamed?.get(id)
    const name = next !== undefined && exists.has(next) ? next : id
    if (id === acted || name === acted) actedAt = kept.length
    if (!exists.has(name) || known.has(name)) continue
    known.add(name)
    kept.push(name)
  }
  const added = fresh.filter((id) => !known.has(id))
  if (added.length === 0) return kept
  if (actedAt >= 0 && added.length <= MOST_FROM_ONE_ACT) {
    const at = actedAt < kept.length && (kept[actedAt] === acted || renamed?.get(acted ?? -1) === kept[actedAt]) ? actedAt + 1 : actedAt
    return [...kept.slice(0, at), ...added, ...kept.slice(at)]
  }
  return weave(kept, fresh, known)
}

/** One act on one group makes a handful of new ones; more than this means that something else changed the list. */
const MOST_FROM_ONE_ACT = 64

/** Puts what is new in `fresh` right after its predecessor there, leaving `kept` in its order. */
function weave(kept: readonly number[], fresh: readonly number[], known: ReadonlySet<number>): number[] {
  const after = new Map<number, number[]>()
  const first: number[] = []
  let previous: number | null = null
  for (const id of fresh) {
    if (known.has(id)) {
      previous = id
      continue
    }
    const list = previous === null ? first : (after.get(previous) ?? [])
    list.push(id)
    if (previous !== null) after.set(previous, list)
  }
  const out = [...first]
  for (const id of kept) {
    out.push(id)
    const following = after.get(id)
    if (following) out.push(...following)
  }
  return out
}
