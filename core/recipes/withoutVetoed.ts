import { IntIndex, PairIndex } from '../metrics/intIndex.ts'
import type { AppliedVetoes } from '../project/repositories/vetoes.ts'
import type { Pairs } from './kinds.ts'

/** Rows of the pairs that no applied veto names, in their order: neither the pair (in either order) nor one of its images. */
export function withoutVetoed({ a, b }: Pick<Pairs, 'a' | 'b'>, vetoes: Pick<AppliedVetoes, 'images' | 'pairs'>): Int32Array {
  const images = new IntIndex(vetoes.images)
  const named = new PairIndex(vetoes.pairs.a, vetoes.pairs.b)
  return Int32Array.from(a.keys()).filter((i) => {
    const [one, two] = [a[i] as number, b[i] as number]
    return images.find(one) < 0 && images.find(two) < 0 && named.find(Math.min(one, two), Math.max(one, two)) < 0
  })
}
