export interface SortKey {
  readonly by: Int32Array | Float32Array | Float64Array
  /** Greatest first. */
  readonly descending?: boolean
}

/** Below this many rows a comparison sort is quicker than counting 65,536 digits. */
const few = 4096

/**
 * The rows 0..length-1 in the order of the first key, ties by the next one, and so on; equal rows stay in their order. -0 and 0 are equal;
 * values must be numbers. A radix sort over 16 bits of a key at a time: linear in the rows, no object per row.
 */
export function rowOrder(length: number, keys: readonly SortKey[]): Uint32Array {
  let order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  if (length <= few) return order.sort((x, y) => compare(keys, x, y))
  let spare = new Uint32Array(length)
  for (const { by, descending } of keys.toReversed()) {
    for (const words of sortableWords(by, length)) {
      if (descending) for (let i = 0; i < length; i++) words[i] = ~(words[i] as number) >>> 0
      for (const shift of [0, 16]) if (countingPass(order, spare, words, shift)) [order, spare] = [spare, order]
    }
  }
  return order
}

function compare(keys: readonly SortKey[], x: number, y: number): number {
  for (const { by, descending } of keys) {
    const difference = (by[x] as number) - (by[y] as number)
    if (difference !== 0) return descending ? -difference : difference
  }
  return x - y
}

/** Unsigned words that order as the values do, the least significant first. */
function sortableWords(values: SortKey['by'], length: number): Uint32Array[] {
  const high = new Uint32Array(length)
  if (values instanceof Int32Array) {
    for (let i = 0; i < length; i++) high[i] = (values[i] as number) ^ 0x80000000
    return [high]
  }
  // Bits of a float order as it does where it is not negative, and the other way round where it is. Adding 0 makes -0 a 0.
  const single = values instanceof Float32Array
  const copy = single ? new Float32Array(length) : new Float64Array(length)
  for (let i = 0; i < length; i++) copy[i] = (values[i] as number) + 0
  const bits = new Uint32Array(copy.buffer)
  if (single) {
    for (let i = 0; i < length; i++) high[i] = flipped(bits[i] as number)
    return [high]
  }
  const low = new Uint32Array(length)
  for (let i = 0; i < length; i++) {
    const top = bits[2 * i + 1] as number
    low[i] = (top & 0x80000000) === 0 ? (bits[2 * i] as number) : ~(bits[2 * i] as number)
    high[i] = flipped(top)
  }
  return [low, high]
}

const flipped = (word: number): number => ((word & 0x80000000) === 0 ? word ^ 0x80000000 : ~word)

/** Sorts `order` by 16 bits of its words into `into`; false (and nothing done) where all have the same digit. */
function countingPass(order: Uint32Array, into: Uint32Array, words: Uint32Array, shift: number): boolean {
  const starts = new Uint32Array(65537)
  for (let i = 0; i < order.length; i++) {
    const digit = (((words[i] as number) >>> shift) & 0xffff) + 1
    starts[digit] = (starts[digit] as number) + 1
  }
  if (starts.includes(order.length)) return false
  for (let i = 0; i < 65536; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number)
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    const digit = ((words[row] as number) >>> shift) & 0xffff
    const at = starts[digit] as number
    into[at] = row
    starts[digit] = at + 1
  }
  return true
}
