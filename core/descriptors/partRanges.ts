import { WinnowError } from '../domain/errors.ts'

/**
 * "0, 1000-1019" as a test of part ids. Empty text: no part. Throws BAD_INPUT naming the piece that is neither a number nor a range.
 */
export function partRanges(text: string): (part: number) => boolean {
  const ranges = text.split(',').map((piece) => piece.trim()).filter((piece) => piece !== '').map((piece) => {
    const [, first, last] = /^(\d{1,7})(?:\s*-\s*(\d{1,7}))?$/.exec(piece) ?? []
    const from = Number(first)
    const to = Number(last ?? first)
    if (first === undefined || to < from) throw new WinnowError('BAD_INPUT', `"${piece}" is no part and no range of parts. Write part numbers and ranges with commas between them, such as "0, 1000-1019".`)
    return { from, to }
  })
  return (part) => ranges.some(({ from, to }) => part >= from && part <= to)
}
