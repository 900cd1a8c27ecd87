import type { VetoReads } from '../project/repositories/vetoes.ts'
import { pairKey } from './pairKey.ts'
import type { Said } from './queryList.ts'

/** More new pairs than this are looked up in one go. */
const few = 500

/**
 * What people said of pairs, by images. It is known by content; which images a content has is looked up once, so that reading everything again
 * after each decision stays quick where there are a hundred thousand of them.
 */
export class SaidBook {
  readonly #reads: VetoReads
  readonly #keysOf = new Map<string, readonly number[]>()
  #said: Said | null = null

  constructor(reads: VetoReads) {
    this.#reads = reads
  }

  /** Somebody has said something; with `images`, pictures came, went or changed, too. */
  stale(images: boolean): void {
    this.#said = null
    if (images) this.#keysOf.clear()
  }

  get now(): Said {
    return (this.#said ??= this.#read())
  }

  #read(): Said {
    const rows = [...this.#reads.said()]
    const unknown = rows.filter(([pair]) => !this.#keysOf.has(pair))
    if (unknown.length > few) this.#lookUpAll(rows.map(([pair]) => pair))
    else for (const [pair] of unknown) this.#keysOf.set(pair, this.#lookUp(pair))
    const said = new Map<number, 'same' | 'variant' | 'different'>()
    for (const [pair, value] of rows) for (const key of this.#keysOf.get(pair) ?? []) said.set(key, value)
    return said
  }

  #lookUp(pair: string): number[] {
    const [ones, twos] = this.#reads.imagesOfPair(pair)
    return ones.flatMap((one) => twos.filter((two) => two !== one).map((two) => pairKey(one, two)))
  }

  #lookUpAll(pairs: readonly string[]): void {
    this.#keysOf.clear()
    for (const pair of pairs) this.#keysOf.set(pair, [])
    for (const [pair, a, b] of this.#reads.saidImages()) this.#keysOf.set(pair, [...(this.#keysOf.get(pair) ?? []), pairKey(a, b)])
  }
}
