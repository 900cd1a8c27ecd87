/**
 * Compares 64-bit hashes at the speed of the processor's own popcount instruction. JavaScript has no 64-bit integers that are fast, WebAssembly
 * does: this writes the one small function that is needed as a module (https://webassembly.github.io/spec/core/binary/).
 */

const i32 = 0x7f
const i64 = 0x7e
const pageBytes = 65536
/** Bytes of one picture's hashes: 8 orientations of 8 bytes. */
export const orientedBytes = 64
/** Rows of one tile: their hashes (256 KiB) stay in the second-level cache. */
const tileRows = 4096

function leb(value: number): number[] {
  const out: number[] = []
  let rest = value
  do {
    const low = rest & 0x7f
    rest >>>= 7
    out.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return out
}
const sized = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes]
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]
const name = (text: string): number[] => sized([...new TextEncoder().encode(text)])

const local = { a: 0, b: 1, end: 2, radius: 3, out: 4, hash: 5, best: 6, distance: 7 } as const
const get = (index: number): number[] => [0x20, index]
const set = (index: number): number[] => [0x21, index]
const constant = (value: number): number[] => [0x41, value]
/** popcount(hash ^ 64 bits at b + offset), as i32 */
const distanceAt = (offset: number): number[] => [...get(local.hash), ...get(local.b), 0x29, 3, ...leb(offset), 0x85, 0x7b, 0xa7]
const add = (index: number, value: number): number[] => [...get(index), ...constant(value), 0x6a, ...set(index)]

/**
 * scan(a, b, end, radius, out): compares the hash at `a` with the eight at b, b + 64, ... below `end`; where the least distance is within
 * the radius it writes b and the distance (i32 each) to `out`. Returns where the next result would go.
 */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const least = [1, 2, 3, 4, 5, 6, 7].flatMap((k) => [
    ...distanceAt(8 * k), ...set(local.distance),
    ...get(local.distance), ...get(local.best), ...get(local.distance), ...get(local.best), 0x49, 0x1b, ...set(local.best)
  ])
  const body = [
    2, 1, i64, 2, i32, // two runs of locals: hash; best, distance
    ...get(local.a), 0x29, 3, 0, ...set(local.hash),
    0x02, 0x40, 0x03, 0x40, // block, loop
    ...get(local.b), ...get(local.end), 0x4f, 0x0d, 1, // b >= end: leave
    ...distanceAt(0), ...set(local.best), ...least,
    ...get(local.best), ...get(local.radius), 0x4d, 0x04, 0x40, // best <= radius: write it down
    ...get(local.out), ...get(local.b), 0x36, 2, 0, ...get(local.out), ...get(local.best), 0x36, 2, 4, ...add(local.out, 8),
    0x0b,
    0x20, local.b, 0x41, 0xc0, 0x00, 0x6a, 0x21, local.b, // b += 64
    0x0c, 0, 0x0b, 0x0b,
    ...get(local.out), 0x0b
  ]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 1, i32]),
    ...section(2, [1, ...name('host'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('scan'), 0, 0]),
    ...section(10, [1, ...sized(body)])
  ])
}

/** TypeScript's description of WebAssembly comes with the browser's; this is the part that is used. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}
const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly

type Scan = (a: number, b: number, end: number, radius: number, out: number) => number

export interface HammingPairs {
  /** Row numbers, a < b. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly distance: Uint8Array
}

/** Hashes of many pictures (rows of 64 bytes: 8 orientations) held for comparison. Synchronous: for a worker thread. */
export class HammingScan {
  readonly rows: number
  readonly #memory: ArrayBuffer
  readonly #scan: Scan
  readonly #out: number

  constructor(hashes: Uint8Array) {
    this.rows = hashes.length / orientedBytes
    this.#out = Math.ceil(hashes.length / 8) * 8
    const memory = new Memory({ initial: Math.max(1, Math.ceil((this.#out + tileRows * 8) / pageBytes)) })
    this.#memory = memory.buffer
    new Uint8Array(this.#memory).set(hashes)
    const instance = new Instance(new Module(moduleBytes()), { host: { memory } })
    this.#scan = instance.exports.scan as Scan
  }

  /**
   * All pairs (a, b), from <= a < to, a < b, whose distance (orientation 0 of a against the 8 orientations of b, the least) is at most
   * `radius` (0..63).
   */
  pairs(from: number, to: number, radius: number): HammingPairs {
    const a: number[] = []
    const b: number[] = []
    const distance: number[] = []
    const results = new Int32Array(this.#memory, this.#out, tileRows * 2)
    for (let tile = from; tile < this.rows; tile += tileRows) {
      const tileEnd = Math.min(this.rows, tile + tileRows)
      for (let row = from; row < Math.min(to, tileEnd - 1); row++) {
        const start = Math.max(tile, row + 1)
        const found = (this.#scan(row * orientedBytes, start * orientedBytes, tileEnd * orientedBytes, radius, this.#out) - this.#out) / 8
        for (let i = 0; i < found; i++) {
          a.push(row)
          b.push((results[2 * i] as number) / orientedBytes)
          distance.push(results[2 * i + 1] as number)
        }
      }
    }
    return { a: Int32Array.from(a), b: Int32Array.from(b), distance: Uint8Array.from(distance) }
  }
}

/** Bits set in the first 8 bytes (orientation 0) at `offset`. */
export function bitsSet(hashes: Uint8Array, offset: number): number {
  let count = 0
  for (let i = offset; i < offset + 8; i++) for (let rest = hashes[i] as number; rest !== 0; rest &= rest - 1) count++
  return count
}
