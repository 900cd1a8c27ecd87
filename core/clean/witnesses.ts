import { WinnowError } from '../domain/errors.ts'
import type { Artefact } from '../recipes/artefact.ts'
import type { EvidenceKind } from './ruleGrid.ts'

export interface Witness {
  readonly imageId: number
  /** Inliers, or mutual rank (0: only one of the two found the other). */
  readonly evidence: number
  /** Score that the pair came with. */
  readonly similarity: number
}

/** Below this many, the columns of the last looked-at pairs stay in memory. */
const mostHeld = 5_000_000

interface PairTable {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly evidence: Int32Array
  readonly scores: Float32Array
}

let held: { readonly folder: string; readonly evidence: EvidenceKind; readonly table: PairTable } | null = null

/** The pairs whose query the image is, the strongest first. Looking through a hundred million takes a tenth of a second: no index is kept. */
export async function witnessesOf(artefact: Artefact, evidence: EvidenceKind, imageId: number): Promise<Witness[]> {
  const { a, b, evidence: values, scores } = await tableOf(artefact, evidence)
  const found: Witness[] = []
  for (let at = a.indexOf(imageId); at >= 0; at = a.indexOf(imageId, at + 1)) {
    if (b[at] !== imageId) found.push({ imageId: b[at] as number, evidence: values[at] as number, similarity: scores[at] as number })
  }
  // A rank of 0 is none, the weakest of all.
  const weight = (value: number): number => (evidence === 'inliers' ? -value : value < 1 ? Infinity : value)
  return found.sort((x, y) => compare(weight(x.evidence), weight(y.evidence)) || y.similarity - x.similarity || x.imageId - y.imageId)
}

const compare = (x: number, y: number): number => (x < y ? -1 : x > y ? 1 : 0)

async function tableOf(artefact: Artefact, evidence: EvidenceKind): Promise<PairTable> {
  if (held?.folder === artefact.folder && held.evidence === evidence) return held.table
  const column = evidence === 'inliers' ? 'inliers' : 'mutualRank'
  if (!artefact.has(column)) throw new WinnowError('CORRUPT', `The pairs in ${artefact.folder} have no column "${column}". Run the recipe again: they are made anew.`)
  const [a, b, values, scores] = await Promise.all([artefact.int32('a'), artefact.int32('b'), artefact.int32(column), artefact.float32('score')])
  const table = { a, b, evidence: values, scores }
  held = a.length <= mostHeld ? { folder: artefact.folder, evidence, table } : null
  return table
}
