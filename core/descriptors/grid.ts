import type { Box } from './partView.ts'

/** A line that cuts a side: floor(size x numerator / denominator), in whole numbers, so that every machine cuts at the same pixel. */
const cut = (size: number, numerator: number, denominator: number): number => Math.floor((size * numerator) / denominator)

/** The box between two fractions (over one denominator) of both sides. Its sides may be 0 pixels in a picture smaller than the denominator. */
export function fractionBox(width: number, height: number, [left, top, right, bottom]: readonly [number, number, number, number], denominator: number): Box {
  const x = cut(width, left, denominator)
  const y = cut(height, top, denominator)
  return { left: x, top: y, width: cut(width, right, denominator) - x, height: cut(height, bottom, denominator) - y }
}

/** n x n boxes that cover the picture without overlap, row by row; the last row and column take what the division leaves over. */
export const gridBoxes = (width: number, height: number, n: number): Box[] =>
  Array.from({ length: n * n }, (_, i) => {
    const column = i % n
    const row = Math.floor(i / n)
    return fractionBox(width, height, [column, row, column + 1, row + 1], n)
  })

/** From a quarter to three quarters of both sides. */
export const centreBox = (width: number, height: number): Box => fractionBox(width, height, [1, 1, 3, 3], 4)

/** The four boxes between 1/6, 3/6 and 5/6 of both sides, row by row. */
export const sixthBoxes = (width: number, height: number): [Box, Box, Box, Box] => [
  fractionBox(width, height, [1, 1, 3, 3], 6),
  fractionBox(width, height, [3, 1, 5, 3], 6),
  fractionBox(width, height, [1, 3, 3, 5], 6),
  fractionBox(width, height, [3, 3, 5, 5], 6)
]
