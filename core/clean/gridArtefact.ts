import { z } from 'zod'
import type { Artefact, ArtefactWriter } from '../recipes/artefact.ts'
import type { LabelledImages } from './labelColumn.ts'
import type { EvidenceCounts, RuleAxes, RuleGrid } from './ruleGrid.ts'

const numbers = z.array(z.int())
const gridFacts = z.object({
  evidence: z.enum(['inliers', 'mutual-rank']), values: numbers, frequencies: numbers, leastImages: z.int(),
  images: z.int(), classes: z.int(), pairs: z.int(),
  cells: z.object({ images: numbers, classes: numbers }),
  /** Name of the folder, beside the sweep's own, where its pairs lie. */
  pairsKey: z.string().optional()
})
/** The grid itself, small enough for a result's facts: `cells.images[i * frequencies.length + j]` is what values[i] and frequencies[j] keep. */
export type GridFacts = z.infer<typeof gridFacts>
export const parseGridFacts = (facts: unknown): GridFacts => gridFacts.parse(facts)

/** The tables behind it. */
export interface GridTables extends LabelledImages {
  readonly counts: EvidenceCounts
  /** See strongestEvidence; null in sweeps that did not note it. */
  readonly strongest: Int32Array | null
}

/**
 * grid: `image`, `label` int32 n, ascending by image; `count` uint8 values x n: pairs of each image with enough evidence at each v;
 * `strongest` int32 n: evidence of its best pair; `names` uint8 1 x m: label names as JSON [[label, name], …] (facts are to stay small, and classes may be many).
 */
export async function writeGrid(
  out: ArtefactWriter, { images, labels, counts, strongest }: GridTables, axes: RuleAxes, grid: RuleGrid,
  { classes, pairs, pairsKey, names, summary }: { classes: number; pairs: number; pairsKey: string; names: unknown; summary: string }
): Promise<void> {
  await out.column('image', images)
  await out.column('label', labels)
  await out.column('count', counts.counts, [axes.values.length, images.length])
  if (strongest) await out.column('strongest', strongest)
  const text = new TextEncoder().encode(JSON.stringify(names ?? []))
  await out.column('names', text, [1, text.length])
  const facts: GridFacts = {
    evidence: axes.evidence, values: [...axes.values], frequencies: [...axes.frequencies], leastImages: axes.leastImages,
    images: images.length, classes, pairs, cells: { images: [...grid.images], classes: [...grid.classes] }, pairsKey
  }
  await out.finish('grid', summary, facts)
}

export async function readGrid(artefact: Artefact): Promise<GridTables & { readonly axes: RuleAxes }> {
  const { evidence, values, frequencies, leastImages } = parseGridFacts(artefact.facts)
  const [images, labels, counts] = await Promise.all([artefact.int32('image'), artefact.int32('label'), artefact.uint8('count')])
  const strongest = artefact.has('strongest') ? await artefact.int32('strongest') : null
  return { images, labels, strongest, counts: { images: images.length, counts }, axes: { evidence, values, frequencies, leastImages } }
}

const labelNames = z.array(z.tuple([z.int(), z.string()]))
export async function readGridNames(artefact: Artefact): Promise<Map<number, string>> {
  return new Map(labelNames.parse(JSON.parse(new TextDecoder().decode(await artefact.uint8('names')))))
}
