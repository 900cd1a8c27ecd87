import type { Matrix } from '../../../core/domain/matrix.ts'
import { orientedHashBytes } from '../../../core/images/perceptualHash.ts'
import type { ProductBlock } from '../../../core/search/blas.ts'

/** 32-bit words of one picture's eight hashes. */
const words = orientedHashBytes / 4
const rowsAtOnce = 64

/** Bits set in 32 (Warren, "Hacker's Delight", 5-1). */
function bits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const wordsOf = ({ data }: Matrix): Uint32Array => new Uint32Array(Uint8Array.from(data).buffer)

/**
 * Scores of perceptual hashes (rows of their 64 bytes, a value each): 1 - d / 64, d being the least Hamming distance of the query's hash to the other's in
 * 8 orientations, as the product compares them (core/dedupe/hammingScan.ts).
 */
export function eachHashBlock(queries: Matrix, references: Matrix, visit: (block: ProductBlock) => void): void {
  const [a, b] = [wordsOf(queries), wordsOf(references)]
  const columns = references.rows
  const values = new Float32Array(rowsAtOnce * columns)
  for (let fromA = 0; fromA < queries.rows; fromA += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, queries.rows - fromA)
    for (let i = 0, at = 0; i < rows; i++) {
      const high = a[(fromA + i) * words] as number
      const low = a[(fromA + i) * words + 1] as number
      for (let j = 0; j < columns; j++, at++) {
        let least = 64
        for (let k = j * words; k < (j + 1) * words; k += 2) least = Math.min(least, bits(high ^ (b[k] as number)) + bits(low ^ (b[k + 1] as number)))
        values[at] = 1 - least / 64
      }
    }
    visit({ values: values.subarray(0, rows * columns), fromA, rows, fromB: 0, columns })
  }
}
