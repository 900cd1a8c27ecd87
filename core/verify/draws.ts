/**
 * Reproducible draws: NumPy's `default_rng(seed)` (SeedSequence and PCG64, XSL-RR 128/64) and its `choice(n, k, replace=False)`, so that RANSAC looks at the
 * same samples as scikit-image does with the same `random_state`. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation" (2014); the details are those of numpy/random (BSD-3-Clause).
 */

const multiplier = (0x2360ed051fc65da4n << 64n) | 0x4385df649fccf645n
const mask64 = (1n << 64n) - 1n
const u128 = (value: bigint): bigint => BigInt.asUintN(128, value)

/** SeedSequence(seed).generate_state(4, uint64) for a seed below 2^32. */
function seedState(seed: number): [bigint, bigint, bigint, bigint] {
  let hash = 0x43b0d7e5
  const hashed = (value: number): number => {
    let v = (value ^ hash) >>> 0
    hash = Math.imul(hash, 0x931e8875) >>> 0
    v = Math.imul(v, hash) >>> 0
    return (v ^ (v >>> 16)) >>> 0
  }
  const mix = (x: number, y: number): number => {
    const r = (Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715)) >>> 0
    return (r ^ (r >>> 16)) >>> 0
  }
  const pool = Array.from({ length: 4 }, (_, i) => hashed(i === 0 ? seed : 0))
  for (let from = 0; from < 4; from++) for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to] as number, hashed(pool[from] as number))
  let out = 0x8b51f9dd
  const words = Array.from({ length: 8 }, (_, i) => {
    let v = ((pool[i % 4] as number) ^ out) >>> 0
    out = Math.imul(out, 0x58f38ded) >>> 0
    v = Math.imul(v, out) >>> 0
    return BigInt((v ^ (v >>> 16)) >>> 0)
  })
  const pair = (i: number): bigint => ((words[2 * i + 1] as bigint) << 32n) | (words[2 * i] as bigint)
  return [pair(0), pair(1), pair(2), pair(3)]
}

/** The 32-bit numbers of one seed, made as far as they are asked for and kept: every pair is verified with the same ones, and 128-bit arithmetic is slow here. */
class Sequence {
  readonly #increment: bigint
  #state: bigint
  #made = new Uint32Array(1024)
  #count = 0

  constructor(seed: number) {
    const [high, low, streamHigh, streamLow] = seedState(seed)
    this.#increment = u128((((streamHigh << 64n) | streamLow) << 1n) | 1n)
    this.#state = u128((this.#increment + ((high << 64n) | low)) * multiplier + this.#increment)
  }

  at(index: number): number {
    while (index >= this.#count) this.#make()
    return this.#made[index] as number
  }

  #make(): void {
    if (this.#count + 2 > this.#made.length) {
      const longer = new Uint32Array(this.#made.length * 2)
      longer.set(this.#made)
      this.#made = longer
    }
    this.#state = u128(this.#state * multiplier + this.#increment)
    const folded = (this.#state >> 64n) ^ (this.#state & mask64)
    const turn = this.#state >> 122n
    const value = ((folded >> turn) | (folded << (64n - turn))) & mask64
    // A 64-bit number is given out as two of 32 bits, the low half first.
    this.#made[this.#count++] = Number(value & 0xffffffffn)
    this.#made[this.#count++] = Number(value >> 32n)
  }
}

const sequences = new Map<number, Sequence>()

function sequenceOf(seed: number): Sequence {
  const known = sequences.get(seed)
  if (known) return known
  if (sequences.size >= 16) sequences.clear()
  const fresh = new Sequence(seed)
  sequences.set(seed, fresh)
  return fresh
}

/** A generator that starts where `numpy.random.default_rng(seed)` starts. */
export class Draws {
  readonly #sequence: Sequence
  #next = 0

  /** `seed` is an integer from 0 to 2^32 - 1. Throws RangeError for any other. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw new RangeError(`A seed is an integer from 0 to 4294967295, not ${seed}.`)
    this.#sequence = sequenceOf(seed)
  }

  /** An integer from 0 to `last`, both included; `last` below 2^32 - 1. Lemire's method. */
  upTo(last: number): number {
    if (last === 0) return 0
    const range = last + 1
    let drawn = this.#sequence.at(this.#next++)
    let low = Math.imul(drawn, range) >>> 0
    if (low < range) {
      const threshold = (0xffffffff - last) % range
      while (low < threshold) {
        drawn = this.#sequence.at(this.#next++)
        low = Math.imul(drawn, range) >>> 0
      }
    }
    // The high 32 bits of the product: below 2^53 doubles are exact.
    return range <= 2 ** 21 ? Math.floor((drawn * range) / 2 ** 32) : Number((BigInt(drawn) * BigInt(range)) >> 32n)
  }

  /** Fills `sample` with different integers from 0 to n - 1 (Floyd's algorithm, then shuffled, as NumPy does it for n up to 10,000 or small samples). */
  choose(n: number, sample: Int32Array): void {
    const k = sample.length
    for (let i = 0; i < k; i++) {
      const last = n - k + i
      const value = this.upTo(last)
      let isNew = true
      for (let j = 0; j < i; j++) if (sample[j] === value) isNew = false
      sample[i] = isNew ? value : last
    }
    for (let i = k - 1; i >= 1; i--) {
      const j = this.upTo(i)
      const held = sample[i] as number
      sample[i] = sample[j] as number
      sample[j] = held
    }
  }
}
