/**
 * Nearest neighbours by bit distance in WebAssembly, because JavaScript has no instruction that counts bits or works on several numbers at once, and verification spends
 * most of its time here (ten times slower without). The module is small enough to be put together by hand, from three functions:
 *
 *   distances32(query, row, end, out)          for each row of 32 bytes from `row` to `end`: out[i] = popcount(query xor row), 16 bits each; the query stays in registers
 *   distances(query, row, end, out, width)     the same for rows of `width` bytes, a multiple of 32
 *   scan(distances, end, back, query, result)  over rows of four: the smallest and second smallest of distance << 16 | place, four lanes each, to `result`;
 *                                              and back[place] = min(back[place], distance << 16 | query)
 */

/** Rows are padded with zeros to a multiple of this many bytes. */
const step = 32
/** Places share 32 bits with distances. */
const mostRows = 65535
const none = 0xffff

const i32 = 0x7f
const i64 = 0x7e
const v128 = 0x7b
const [block, loop, end, branch, branchIf, empty] = [0x02, 0x03, 0x0b, 0x0c, 0x0d, 0x40] as const
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const addTo = (local: number, value: number): number[] => [...get(local), 0x41, value, 0x6a, ...set(local)]
const lessThan = 0x49
const notLess = 0x4f
const [xor64, popcount64, add64, wrap] = [0x85, 0x7b, 0x7c, 0xa7] as const
const load64 = (offset: number): number[] => [0x29, 3, offset]
const store16 = [0x3b, 1, 0]
/** Unsigned LEB128, as WebAssembly writes every size. */
const size = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...size(value >>> 7)])
const simd = (code: number, ...rest: number[]): number[] => [0xfd, ...size(code), ...rest]
const [load, load16to32, store, splat, or, shiftLeft, add32, min, max] = [simd(0x00, 4, 0), simd(0x04, 3, 0), simd(0x0b, 4, 0), simd(0x11), simd(0x50), simd(0xab), simd(0xae), simd(0xb7), simd(0xb9)] as const
const constant = (...lanes: readonly number[]): number[] => simd(0x0c, ...lanes.flatMap((lane) => [...new Uint8Array(Uint32Array.of(lane).buffer)]))

/** While `row` is below `last`: the body again. */
const whileBelow = (row: number, last: number, body: readonly number[]): number[] => [block, empty, loop, empty, ...get(row), ...get(last), notLess, branchIf, 1, ...body, branch, 0, end, end]

function distances32(): number[] {
  const [query, row, last, out, word] = [0, 1, 2, 3, 4] as const
  const words = [0, 1, 2, 3]
  return [
    1, 4, i64,
    ...words.flatMap((i) => [...get(query), ...load64(8 * i), ...set(word + i)]),
    ...whileBelow(row, last, [
      ...get(out),
      ...words.flatMap((i) => [...get(word + i), ...get(row), ...load64(8 * i), xor64, popcount64, ...(i > 0 ? [add64] : [])]),
      wrap, ...store16, ...addTo(out, 2), ...addTo(row, step)
    ]), end
  ]
}

function distances(): number[] {
  const [query, row, last, out, width, sum, stop, at] = [0, 1, 2, 3, 4, 5, 6, 7] as const
  return [
    2, 1, i64, 2, i32,
    ...whileBelow(row, last, [
      0x42, 0, ...set(sum), ...get(query), ...set(at), ...get(row), ...get(width), 0x6a, ...set(stop),
      loop, empty,
      ...get(sum), ...[0, 8, 16, 24].flatMap((offset) => [...get(at), ...load64(offset), ...get(row), ...load64(offset), xor64, popcount64, add64]), ...set(sum),
      ...addTo(at, step), ...addTo(row, step), ...get(row), ...get(stop), lessThan, branchIf, 0, end,
      ...get(out), ...get(sum), wrap, ...store16, ...addTo(out, 2)
    ]), end
  ]
}

function scan(): number[] {
  const [row, last, back, query, result, best, second, place, shifted, key] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const
  return [
    1, 5, v128,
    ...constant(-1, -1, -1, -1), ...set(best), ...constant(-1, -1, -1, -1), ...set(second), ...constant(0, 1, 2, 3), ...set(place),
    ...whileBelow(row, last, [
      ...get(row), ...load16to32, 0x41, 16, ...shiftLeft, ...set(shifted),
      ...get(shifted), ...get(place), ...or, ...set(key),
      ...get(second), ...get(best), ...get(key), ...max, ...min, ...set(second),
      ...get(best), ...get(key), ...min, ...set(best),
      ...get(back), ...get(back), ...load, ...get(shifted), ...get(query), ...splat, ...or, ...min, ...store,
      ...get(place), ...constant(4, 4, 4, 4), ...add32, ...set(place),
      ...addTo(row, 8), ...addTo(back, 16)
    ]),
    ...get(result), ...get(best), ...store, ...addTo(result, 16), ...get(result), ...get(second), ...store, end
  ]
}

const sized = (bytes: readonly number[]): number[] => [...size(bytes.length), ...bytes]
const text = (value: string): number[] => sized([...Buffer.from(value)])
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]

const moduleBytes = (): Uint8Array => Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [2, 0x60, 4, i32, i32, i32, i32, 0, 0x60, 5, i32, i32, i32, i32, i32, 0]), // two types: four and five i32, no result
  ...section(3, [3, 0, 1, 1]),
  ...section(5, [1, 0, 1]), // one memory, a page to begin with
  ...section(7, [4, ...text('memory'), 2, 0, ...text('distances32'), 0, 0, ...text('distances'), 0, 1, ...text('scan'), 0, 2]),
  ...section(10, [3, ...sized(distances32()), ...sized(distances()), ...sized(scan())])
])

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface Kernel {
  readonly memory: Memory
  distances32(query: number, row: number, end: number, out: number): void
  distances(query: number, row: number, end: number, out: number, width: number): void
  scan(distances: number, end: number, back: number, query: number, result: number): void
}

/** Node has it; the types of this project come without a browser's. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { readonly exports: unknown } }

let kernel: Kernel | null = null
const kernelOf = (): Kernel => (kernel ??= new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports as Kernel)

const page = 65536

/** For each query its nearest reference, and for each reference its nearest query. Equal distances: the smaller place. */
export interface Neighbours {
  /** Distance of the nearest reference; Infinity where there are none. */
  readonly best: Float64Array
  /** Distance of the second nearest; Infinity where there is no second. */
  readonly runnerUp: Float64Array
  /** The nearest reference; -1 where there are none. */
  readonly place: Int32Array
  /** The nearest query of each reference; -1 where there are none. */
  readonly back: Int32Array
}

/** Nearest neighbours among binary descriptors of `bytes` bytes, by the bits that differ. Throws RangeError for more than 65,535 rows. */
export function hammingNeighbours(queries: Uint8Array, references: Uint8Array, bytes: number): Neighbours {
  const [nq, nr] = [queries.length / bytes, references.length / bytes]
  if (Math.max(nq, nr) > mostRows) throw new RangeError(`At most ${mostRows} descriptors are compared at once, not ${Math.max(nq, nr)}.`)
  const { memory, distances32, distances, scan } = kernelOf()
  const width = Math.ceil(bytes / step) * step
  const lanes = Math.ceil(nr / 4) * 4
  const referencesAt = nq * width
  const backAt = referencesAt + nr * width
  const resultAt = backAt + lanes * 4
  const distancesAt = resultAt + 32
  const needed = distancesAt + lanes * 2
  if (memory.buffer.byteLength < needed) memory.grow(Math.ceil((needed - memory.buffer.byteLength) / page))
  const heap = new Uint8Array(memory.buffer)
  put(heap, 0, queries, bytes, width)
  put(heap, referencesAt, references, bytes, width)
  const back = new Uint32Array(memory.buffer, backAt, lanes).fill(0xffffffff)
  new Uint16Array(memory.buffer, distancesAt, lanes).fill(none)
  const result = new Uint32Array(memory.buffer, resultAt, 8)
  const found: Neighbours = { best: new Float64Array(nq).fill(Infinity), runnerUp: new Float64Array(nq).fill(Infinity), place: new Int32Array(nq).fill(-1), back: new Int32Array(nr).fill(-1) }
  for (let i = 0; i < nq; i++) {
    if (width === step) distances32(i * width, referencesAt, backAt, distancesAt)
    else distances(i * width, referencesAt, backAt, distancesAt, width)
    scan(distancesAt, distancesAt + lanes * 2, backAt, i, resultAt)
    keep(found, i, result)
  }
  if (nq > 0) for (let j = 0; j < nr; j++) found.back[j] = (back[j] as number) & 0xffff
  return found
}

/** The best and second best of four lanes' best (0 to 3) and second best (4 to 7). */
function keep({ best, runnerUp, place }: Neighbours, query: number, lanes: Uint32Array): void {
  let first = 0xffffffff
  let second = 0xffffffff
  for (let lane = 0; lane < 8; lane++) {
    const key = lanes[lane] as number
    if (key < first) {
      second = first
      first = key
    } else if (key < second) second = key
  }
  if (first >>> 16 === none) return
  best[query] = first >>> 16
  place[query] = first & 0xffff
  if (second >>> 16 !== none) runnerUp[query] = second >>> 16
}

function put(heap: Uint8Array, at: number, rows: Uint8Array, bytes: number, width: number): void {
  if (bytes === width) {
    heap.set(rows, at)
    return
  }
  const n = rows.length / bytes
  heap.fill(0, at, at + n * width)
  for (let i = 0; i < n; i++) heap.set(rows.subarray(i * bytes, (i + 1) * bytes), at + i * width)
}
