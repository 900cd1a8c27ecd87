import type { PairTable } from '../descriptors/pairTable.ts'
import type { Artefact } from './artefact.ts'
import { type Pairs, readPairsOrLists } from './kinds.ts'

/** The tables of several artefacts, one after the other. */
export async function readTables(artefacts: readonly Artefact[]): Promise<Pairs[]> {
  const tables: Pairs[] = []
  for (const artefact of artefacts) tables.push(await readPairsOrLists(artefact))
  return tables
}

/** Scores are stored in float32. */
export const asPairs = ({ a, aParts, b, bParts, scores }: PairTable): Pairs => ({ a, aParts, b, bParts, scores: scores instanceof Float32Array ? scores : Float32Array.from(scores) })
