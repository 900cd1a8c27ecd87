import { rootOf, separate, unite } from '../domain/unionFind.ts'

/** Images that belong together, as parallel columns: equal `groups` mean the same picture by one kind of evidence. */
export interface ImageGroups {
  readonly imageIds: Int32Array
  readonly groups: Int32Array
}

/**
 * One number per family of duplicates (from 1; 0 for images without any), by image id: whoever shares a group in any of the lists, directly
 * or through others, is family.
 */
export function familiesOf(lists: readonly ImageGroups[], mostId: number): Int32Array {
  const parent = separate(mostId + 1)
  const related = new Uint8Array(mostId + 1)
  for (const { imageIds, groups } of lists) {
    const first = new Map<number, number>()
    imageIds.forEach((id, i) => {
      if (id > mostId) return
      const other = first.get(groups[i] ?? 0)
      if (other === undefined) first.set(groups[i] ?? 0, id)
      else {
        related[id] = related[other] = 1
        unite(parent, id, other)
      }
    })
  }
  return Int32Array.from({ length: mostId + 1 }, (_, id) => (related[id] === 1 ? rootOf(parent, id) + 1 : 0))
}
