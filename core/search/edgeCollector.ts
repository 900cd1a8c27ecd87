const bins = 4096

/** Edges as three parallel arrays. `a[i] < b[i]` are image ids, `score[i]` their similarity. */
export interface Edges {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly score: Float32Array
}

/**
 * Collects edges within a bound of memory. When there are more than `cap`, the floor rises until at most half of it is left: the weakest
 * go first. Where even the very strongest do not fit, further ones are left out and `truncated` says so.
 */
export class EdgeCollector {
  readonly #cap: number
  #floor: number
  #truncated = false
  #a = new Int32Array(1024)
  #b = new Int32Array(1024)
  #score = new Float32Array(1024)
  #length = 0

  constructor(floor: number, cap: number) {
    this.#floor = floor
    this.#cap = Math.max(1, cap)
  }

  get floor(): number {
    return this.#floor
  }
  get truncated(): boolean {
    return this.#truncated
  }

  add(first: number, second: number, score: number): void {
    if (score < this.#floor || this.#truncated) return
    if (this.#length >= this.#cap) {
      this.#raise()
      if (score < this.#floor || this.#truncated) return
    }
    if (this.#length === this.#a.length) this.#grow()
    this.#a[this.#length] = Math.min(first, second)
    this.#b[this.#length] = Math.max(first, second)
    this.#score[this.#length++] = score
  }

  take(): Edges {
    return { a: this.#a.slice(0, this.#length), b: this.#b.slice(0, this.#length), score: this.#score.slice(0, this.#length) }
  }

  #raise(): void {
    const next = raisedFloor(histogramOf(this.#score.subarray(0, this.#length), this.#floor), this.#floor, this.#cap / 2)
    if (next === null) {
      this.#truncated = true
      return
    }
    this.#floor = next
    let kept = 0
    for (let i = 0; i < this.#length; i++) {
      if ((this.#score[i] as number) < next) continue
      this.#a[kept] = this.#a[i] as number
      this.#b[kept] = this.#b[i] as number
      this.#score[kept++] = this.#score[i] as number
    }
    this.#length = kept
  }

  #grow(): void {
    const length = this.#a.length * 2
    const a = new Int32Array(length)
    const b = new Int32Array(length)
    const score = new Float32Array(length)
    a.set(this.#a)
    b.set(this.#b)
    score.set(this.#score)
    this.#a = a
    this.#b = b
    this.#score = score
  }
}

const binOf = (score: number, floor: number): number => Math.min(bins - 1, Math.max(0, Math.floor(((score - floor) / (1 - floor)) * bins)))

function histogramOf(scores: Float32Array, floor: number): Float64Array {
  const counts = new Float64Array(bins)
  if (floor >= 1) {
    counts[bins - 1] = scores.length
    return counts
  }
  for (const score of scores) {
    const bin = binOf(score, floor)
    counts[bin] = (counts[bin] as number) + 1
  }
  return counts
}

/** The lowest bin edge above which at most `most` entries lie; null where not even the last bin alone fits. */
function raisedFloor(counts: Float64Array, floor: number, most: number): number | null {
  let total = 0
  let bin = bins
  while (bin > 0 && total + (counts[bin - 1] as number) <= most) total += counts[--bin] as number
  return bin >= bins ? null : floor + ((1 - floor) * bin) / bins
}
