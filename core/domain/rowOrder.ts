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
  let order: Uint32Array = Uint32Array.from({ length }, (_, i) => i)
  if (length <= few) return order.sort((x, y) => compare(keys, x, y))
  let spare: Uint32Array = new Uint32Array(length)
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
function sortableWords(values: Int32Array | Float32Array | Float64Array, length: number): Uint32Array[] {
  if (values instanceof Int32Array) return [Uint32Array.from(values.subarray(0, length), (value) => value ^ 0x80000000)]
  // Bits of a float order as it does where it is not negative, and the other way round where it is. Adding 0 makes -0 a 0.
  if (values instanceof Float32Array) {
    const words = new Uint32Array(Float32Array.from(values.subarray(0, length), (value) => value + 0).buffer)
    for (let i = 0; i < length; i++) words[i] = flipped(words[i] as number, words[i] as number)
    return [words]
  }
  const bits = new Uint32Array(Float64Array.from(values.subarray(0, length), (value) => value + 0).buffer)
  const low = new Uint32Array(length)
  const high = new Uint32Array(length)
  for (let i = 0; i < length; i++) {
    const top = bits[2 * i + 1] as number
    low[i] = (top & 0x80000000) === 0 ? (bits[2 * i] as number) : ~(bits[2 * i] as number)
    high[i] = flipped(top, top)
  }
  return [low, high]
}

const flipped = (word: number, top: number): number => ((top & 0x80000000) === 0 ? word ^ 0x80000000 : ~word)

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
