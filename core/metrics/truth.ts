/**
 * Ground truth as columns over image ids (the project's, from 1; never row numbers of a matrix). Each kind answers one question;
 * truthFiles.ts reads them from CSV files.
 */
export type Truth = PairsTruth | RelevanceTruth | ClassTruth | PairLabelsTruth | FlagsTruth

/** Which images are copies of which: copy detection. */
export interface PairsTruth {
  readonly kind: 'pairs'
  /** Every query the file lists, distractors (queries without a match) included; each once. */
  readonly queries: Int32Array
  /** The true pairs, each once: query beside reference. */
  readonly query: Int32Array
  readonly reference: Int32Array
}

export const grades = ['relevant', 'easy', 'hard', 'junk'] as const
export type Grade = (typeof grades)[number]

export const usages = ['all', 'public', 'private'] as const
export type Usage = (typeof usages)[number]

/** Which images answer which query: retrieval. */
export interface RelevanceTruth {
  readonly kind: 'relevance'
  /** Each once. A query may have no relevant image. */
  readonly queries: Int32Array
  /** Query i has the images offsets[i] up to (not with) offsets[i + 1]. */
  readonly offsets: Int32Array
  readonly images: Int32Array
  /** Positions in `grades`, beside `images`. Junk is neither right nor wrong. */
  readonly grade: Uint8Array
  /** Positions in `usages`, beside `queries`: the two halves of a leaderboard. */
  readonly usage: Uint8Array
}

/** Which class or classes an image is of: recognition, clusters, label checks. */
export interface ClassTruth {
  readonly kind: 'classes'
  /** Each once. An image may have no class: a distractor, of which nothing should be said. */
  readonly images: Int32Array
  /** Image i has the classes offsets[i] up to (not with) offsets[i + 1]. */
  readonly offsets: Int32Array
  /** Positions in `names`. */
  readonly classes: Int32Array
  readonly names: readonly string[]
  /** Positions in `usages`, beside `images`. */
  readonly usage: Uint8Array
}

/** Whether two images show the same: verification. */
export interface PairLabelsTruth {
  readonly kind: 'pairLabels'
  readonly a: Int32Array
  readonly b: Int32Array
  /** 1 the same, 0 not. */
  readonly label: Uint8Array
}

/** Whether an image is as it should be: cleaning. */
export interface FlagsTruth {
  readonly kind: 'flags'
  readonly images: Int32Array
  /** 1 clean, 0 to be dropped. */
  readonly flag: Uint8Array
}

/** The part of a retrieval truth for one half of the leaderboard. */
export function relevanceOf(truth: RelevanceTruth, usage: Usage): RelevanceTruth {
  if (usage === 'all') return truth
  const { kept, offsets, values } = part(truth.offsets, truth.usage, usage)
  return {
    kind: 'relevance', queries: kept.map((i) => truth.queries[i] as number), offsets, images: values.map((i) => truth.images[i] as number),
    grade: Uint8Array.from(values, (i) => truth.grade[i] as number), usage: Uint8Array.from(kept, (i) => truth.usage[i] as number)
  }
}

/** The part of a recognition truth for one half of the leaderboard. */
export function classesOf(truth: ClassTruth, usage: Usage): ClassTruth {
  if (usage === 'all') return truth
  const { kept, offsets, values } = part(truth.offsets, truth.usage, usage)
  return {
    kind: 'classes', images: kept.map((i) => truth.images[i] as number), offsets, classes: values.map((i) => truth.classes[i] as number),
    names: truth.names, usage: Uint8Array.from(kept, (i) => truth.usage[i] as number)
  }
}

function part(offsets: Int32Array, usage: Uint8Array, wanted: Usage): { kept: Int32Array; offsets: Int32Array; values: Int32Array } {
  const code = usages.indexOf(wanted)
  const kept = Int32Array.from(usage.keys()).filter((i) => usage[i] === code)
  const starts = new Int32Array(kept.length + 1)
  for (let i = 0; i < kept.length; i++) starts[i + 1] = (starts[i] as number) + (offsets[(kept[i] as number) + 1] as number) - (offsets[kept[i] as number] as number)
  const values = new Int32Array(starts[kept.length] as number)
  for (let i = 0; i < kept.length; i++) for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) values[at] = (offsets[kept[i] as number] as number) + at - (starts[i] as number)
  return { kept, offsets: starts, values }
}
