import type { Artefact, ArtefactWriter, ColumnData } from './artefact.ts'
import { type Pairs, writePairColumns } from './kinds.ts'

/** Columns whose rows are not pairs, or that are written by themselves. */
const apart = new Set(['a', 'aPart', 'b', 'bPart', 'score', 'points', 'pointsFrom'])
/** What the columns beside the pairs mean, and what the pairs come from. */
const carriedFacts = ['models', 'reasons'] as const

export interface KeptPairs {
  readonly pairs: Pairs
  /** Rows of `pairs` that stay, in their new order. */
  readonly kept: Int32Array
  /** Of the pairs that stay; those that they had where it is left out. */
  readonly scores?: Float32Array
}

/**
 * Writes some of the pairs of an artefact with all that stands beside them (inliers, ratio, map, matched points…). `pairs` are those of
 * `artefact` as readPairsOrLists gives them; ranked lists have nothing beside their pairs.
 */
export async function writeKeptPairs(out: ArtefactWriter, artefact: Artefact, { pairs, kept, scores }: KeptPairs, summary: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  const take = <T extends ColumnData>(column: T, width = 1): T => takeRows(column, width, kept)
  await writePairColumns(out, { a: take(pairs.a), aParts: take(pairs.aParts), b: take(pairs.b), bParts: take(pairs.bParts), scores: scores ?? take(pairs.scores) })
  if (artefact.kind === 'pairs') {
    for (const [name, { shape }] of Object.entries(artefact.columns)) {
      if (apart.has(name) || shape[0] !== pairs.a.length) continue
      const width = shape.slice(1).reduce((product, size) => product * size, 1)
      await out.column(name, take(await artefact.values(name), width), [kept.length, ...shape.slice(1)])
    }
    if (artefact.has('points') && artefact.has('pointsFrom')) await writePoints(out, await artefact.float32('points'), await artefact.int32('pointsFrom'), kept)
  }
  const carried = carriedFacts.flatMap((name) => (artefact.facts[name] === undefined ? [] : [[name, artefact.facts[name]]]))
  await out.finish('pairs', summary, { ...Object.fromEntries(carried), pairs: kept.length, ...facts })
}

function takeRows<T extends ColumnData>(column: T, width: number, rows: Int32Array): T {
  const taken = new (column.constructor as new (length: number) => T)(rows.length * width)
  if (width === 1) for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i] as number] as number
  else for (let i = 0; i < rows.length; i++) taken.set(column.subarray((rows[i] as number) * width, ((rows[i] as number) + 1) * width), i * width)
  return taken
}

/** The points of pair i are rows starts[i] to starts[i + 1] of `points` (m x 4). */
async function writePoints(out: ArtefactWriter, points: Float32Array, starts: Int32Array, kept: Int32Array): Promise<void> {
  const newStarts = new Int32Array(kept.length + 1)
  kept.forEach((i, row) => void (newStarts[row + 1] = (newStarts[row] as number) + (starts[i + 1] as number) - (starts[i] as number)))
  const copied = new Float32Array((newStarts.at(-1) ?? 0) * 4)
  kept.forEach((i, row) => copied.set(points.subarray((starts[i] as number) * 4, (starts[i + 1] as number) * 4), (newStarts[row] as number) * 4))
  await out.column('points', copied, [copied.length / 4, 4])
  await out.column('pointsFrom', newStarts)
}
