import { WinnowError } from '../domain/errors.ts'
import type { Matrix } from '../domain/matrix.ts'

/**
 * The length of each row of the first or second side of a product. One NaN would disorder a whole TopK, so it is refused here, where it can still
 * be named: throws BAD_INPUT.
 */
export function lengthsOf({ rows, dim, data }: Matrix, which: 'first' | 'second'): Float64Array {
  const lengths = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += (data[i] as number) * (data[i] as number)
    if (!(squares < Infinity)) throw new WinnowError('BAD_INPUT', `Row ${row} of the ${which} matrix holds a value that is no finite number. Take that vector out or make it anew.`)
    lengths[row] = Math.sqrt(squares)
  }
  return lengths
}
