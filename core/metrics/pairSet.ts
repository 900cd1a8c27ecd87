import { PairIndex } from './intIndex.ts'
import { noTruth } from './noTruth.ts'

export interface SetAgreement {
  readonly predicted: number
  readonly positives: number
  readonly hits: number
  /** 1 where nothing is predicted: nothing predicted is nothing wrong. */
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface PairColumns {
  readonly a: Int32Array
  readonly b: Int32Array
}

/**
 * Precision and recall of a set of pairs against the true pairs. With `ordered` false (a, b) is the same pair as (b, a). Repeats count
 * once, on both sides. Throws BAD_INPUT for a truth without pairs.
 */
export function pairSetAgreement(predicted: PairColumns, truth: PairColumns, { ordered = false }: { ordered?: boolean } = {}): SetAgreement {
  const found = ordered ? predicted : smallerFirst(predicted)
  const wanted = ordered ? truth : smallerFirst(truth)
  const index = new PairIndex(wanted.a, wanted.b)
  const own = new PairIndex(found.a, found.b)
  let hits = 0
  for (let i = 0; i < found.a.length; i++) {
    const a = found.a[i] as number
    const b = found.b[i] as number
    if (own.find(a, b) === i && index.find(a, b) >= 0) hits++
  }
  return agreement(found.a.length - own.repeated, wanted.a.length - index.repeated, hits)
}

/** Precision and recall from three counts. Throws BAD_INPUT where there is nothing to find. */
export function agreement(predicted: number, positives: number, hits: number): SetAgreement {
  if (positives === 0) throw noTruth('true match')
  return { predicted, positives, hits, precision: predicted === 0 ? 1 : hits / predicted, recall: hits / positives, f1: (2 * hits) / (predicted + positives) }
}

const smallerFirst = ({ a, b }: PairColumns): PairColumns => ({
  a: a.map((one, i) => Math.min(one, b[i] as number)),
  b: b.map((one, i) => Math.max(one, a[i] as number))
})
