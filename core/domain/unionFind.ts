/** A forest over 0..n-1 in which every place is its own tree: its parent is itself. */
export const separate = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

/** The root of the tree that `place` is in; paths are halved on the way. */
export function rootOf(parent: Int32Array, place: number): number {
  let at = place
  while (parent[at] !== at) {
    parent[at] = parent[parent[at] as number] as number
    at = parent[at] as number
  }
  return at
}

/** Joins two trees; the smaller number becomes the root. */
export function unite(parent: Int32Array, place: number, other: number): void {
  const a = rootOf(parent, place)
  const b = rootOf(parent, other)
  if (a < b) parent[b] = a
  else parent[a] = b
}
