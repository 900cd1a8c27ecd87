/** Bits of a float32 as an unsigned number that orders as the values do. */
const sortable = (bits: number): number => (bits < 0 ? ~bits : bits ^ 0x80000000) >>> 0

/** The k-th greatest (1-based, at most `count`) of the first `count` values, which are numbers. Two passes over them, no sorting. */
export function kthGreatest(values: Float32Array, count: number, k: number): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, count)
  const high = new Uint32Array(65536)
  for (let i = 0; i < count; i++) {
    const digit = sortable(bits[i] as number) >>> 16
    high[digit] = (high[digit] as number) + 1
  }
  const top = place(high, k)
  const low = new Uint32Array(65536)
  for (let i = 0; i < count; i++) {
    const word = sortable(bits[i] as number)
    if (word >>> 16 === top.digit) low[word & 0xffff] = (low[word & 0xffff] as number) + 1
  }
  const word = top.digit * 65536 + place(low, top.rest).digit
  const answer = new Int32Array([word >= 0x80000000 ? word ^ 0x80000000 : ~word])
  return new Float32Array(answer.buffer)[0] as number
}

/** The digit of the k-th greatest, and which of those with that digit it is. */
function place(counts: Uint32Array, k: number): { digit: number; rest: number } {
  let rest = k
  let digit = 65535
  while (rest > (counts[digit] as number)) rest -= counts[digit--] as number
  return { digit, rest }
}
