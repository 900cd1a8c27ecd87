/**
 * Bit distances in WebAssembly, because JavaScript has no instruction that counts bits and verification spends most of its time here (six times slower without).
 * The module is small enough to be put together by hand:
 *
 *   (func (export "distances") (param $query i32) (param $row i32) (param $end i32) (param $width i32) (param $out i32)
 *     ;; for each row of $width bytes (a multiple of 32) from $row to $end: out[i] = popcount(query xor row), 16 bits each
 */

/** Descriptor rows are padded with zeros to a multiple of this. */
const step = 32

const i32 = 0x7f
const i64 = 0x7e
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const i32Const = (value: number): number[] => [0x41, value]
const i32Add = 0x6a
const branch = 0x0c
const branchIf = 0x0d
const end = 0x0b
const [query, row, last, width, out, sum, stop, at] = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** The bits that differ in the 8 bytes at `offset`. */
const word = (offset: number): number[] => [...get(at), 0x29, 3, offset, ...get(row), 0x29, 3, offset, 0x85, 0x7b]

const body = [
  2, 1, i64, 2, i32, // locals: one i64, two i32
  0x02, 0x40, 0x03, 0x40, // block, loop over rows
  ...get(row), ...get(last), 0x4f, branchIf, 1, // row >= end: leave
  0x42, 0, ...set(sum), ...get(query), ...set(at), ...get(row), ...get(width), i32Add, ...set(stop),
  0x03, 0x40, // loop over 32 bytes at a time
  ...get(sum), ...word(0), 0x7c, ...word(8), 0x7c, ...word(16), 0x7c, ...word(24), 0x7c, ...set(sum),
  ...get(at), ...i32Const(step), i32Add, ...set(at),
  ...get(row), ...i32Const(step), i32Add, ...set(row),
  ...get(row), ...get(stop), 0x49, branchIf, 0, end,
  ...get(out), ...get(sum), 0xa7, 0x3b, 1, 0, // store 16 bits
  ...get(out), ...i32Const(2), i32Add, ...set(out),
  branch, 0, end, end, end
]

/** Unsigned LEB128, as WebAssembly writes every size. */
const size = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...size(value >>> 7)])
const sized = (bytes: readonly number[]): number[] => [...size(bytes.length), ...bytes]
const text = (value: string): number[] => sized([...Buffer.from(value)])
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]

const moduleBytes = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]), // one type: five i32, no result
  ...section(3, [1, 0]), // one function of it
  ...section(5, [1, 0, 1]), // one memory, a page to begin with
  ...section(7, [2, ...text('memory'), 2, 0, ...text('distances'), 0, 0]),
  ...section(10, [1, ...sized(body)])
])

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface Kernel {
  readonly memory: Memory
  distances(query: number, row: number, end: number, width: number, out: number): void
}

/** Node has it; the types of this project come without a browser's. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { readonly exports: unknown } }

let kernel: Kernel | null = null
const kernelOf = (): Kernel => (kernel ??= new WebAssembly.Instance(new WebAssembly.Module(moduleBytes)).exports as Kernel)

const page = 65536

/**
 * Calls `visit(i, distances)` for every query row i in turn: distances[j] is the number of bits in which query i and reference j differ. The array is
 * used again for the next query. `bytes` is the length of a row in both.
 */
export function eachHammingRow(queries: Uint8Array, references: Uint8Array, bytes: number, visit: (query: number, distances: Uint16Array) => void): void {
  const { memory, distances } = kernelOf()
  const padded = Math.ceil(bytes / step) * step
  const [nq, nr] = [queries.length / bytes, references.length / bytes]
  const referencesAt = nq * padded
  const outAt = referencesAt + nr * padded
  const needed = outAt + nr * 2
  if (memory.buffer.byteLength < needed) memory.grow(Math.ceil((needed - memory.buffer.byteLength) / page))
  const heap = new Uint8Array(memory.buffer)
  load(heap, 0, queries, bytes, padded)
  load(heap, referencesAt, references, bytes, padded)
  const found = new Uint16Array(memory.buffer, outAt, nr)
  for (let i = 0; i < nq; i++) {
    distances(i * padded, referencesAt, outAt, padded, outAt)
    visit(i, found)
  }
}

function load(heap: Uint8Array, at: number, rows: Uint8Array, bytes: number, padded: number): void {
  if (bytes === padded) {
    heap.set(rows, at)
    return
  }
  const n = rows.length / bytes
  heap.fill(0, at, at + n * padded)
  for (let i = 0; i < n; i++) heap.set(rows.subarray(i * bytes, (i + 1) * bytes), at + i * padded)
}
