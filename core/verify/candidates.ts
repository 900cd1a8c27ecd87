/** Pairs that are to be verified, best first; parts are those of the pair's best row. */
export interface Candidates {
  readonly a: Int32Array
  readonly aParts: Int32Array
  readonly b: Int32Array
  readonly bParts: Int32Array
  readonly scores: Float32Array
}

/**
 * At most `top` pairs of each first image, the best by their order, each pair of images once (features are those of whole images, whatever part was found), and no
 * image with itself.
 */
export function candidatesOf({ a, aParts, b, bParts, scores }: Candidates, top: number): Candidates {
  const seen = new Map<number, Set<number>>()
  const kept: number[] = []
  for (let i = 0; i < a.length; i++) {
    const first = a[i] as number
    const second = b[i] as number
    if (first === second) continue
    const references = seen.get(first)
    if (!references) seen.set(first, new Set([second]))
    else if (references.size >= top || references.has(second)) continue
    else references.add(second)
    kept.push(i)
  }
  const take = (column: Int32Array): Int32Array => Int32Array.from(kept, (i) => column[i] as number)
  return { a: take(a), aParts: take(aParts), b: take(b), bParts: take(bParts), scores: Float32Array.from(kept, (i) => scores[i] as number) }
}
