import { orientedBytes } from './hammingScan.ts'

/** What a picture that matches best in orientation k is, seen from the other (the order of EXIF, see images/perceptualHash.ts). */
const names = ['', 'mirrored', 'turned by 180°', 'mirrored top to bottom', 'mirrored and turned', 'turned by 90°', 'mirrored and turned', 'turned by 90°'] as const

const popcounts = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)

/** Hamming distance of one hash (orientation 0 of `a`) to orientation k of `b`. */
function distance(a: Uint8Array, b: Uint8Array, k: number): number {
  let count = 0
  for (let i = 0; i < 8; i++) count += popcounts[(a[i] as number) ^ (b[8 * k + i] as number)] as number
  return count
}

/** How `member` lies when compared with `keeper` (64 bytes of hashes each), in a word; null where it is upright or nothing can be said. */
export function orientationOf(keeper: Uint8Array, member: Uint8Array, radius: number): string | null {
  if (keeper.length !== orientedBytes || member.length !== orientedBytes) return null
  const distances = names.map((_, k) => distance(keeper, member, k))
  const best = distances.indexOf(Math.min(...distances))
  return best === 0 || (distances[0] as number) <= radius ? null : (names[best] ?? null)
}
