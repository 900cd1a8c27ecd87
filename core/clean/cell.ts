import { WinnowError } from '../domain/errors.ts'
import type { EvidenceCounts, RuleAxes } from './ruleGrid.ts'

/** What a cell says of an image. */
export const outside = 0 // it has no label, so the rule does not speak of it
export const kept = 1
export const tooFewPairs = 2
export const classTooSmall = 3 // clean itself, but its class has fewer clean images than a class needs

export interface Cell {
  readonly v: number
  readonly f: number
}

export interface CellMembers {
  /** n: one of the four words above. */
  readonly fates: Uint8Array
  /** By class: clean images (kept or not), and images with the label. */
  readonly clean: Int32Array
  readonly sizes: Int32Array
  readonly keptImages: number
  readonly keptClasses: number
}

/** Who stays and who goes at one cell of the grid, from the counts of the sweep. Throws BAD_INPUT for a v or f that the grid does not have. */
export function membersOf({ images, counts }: EvidenceCounts, classOf: Int32Array, axes: RuleAxes, { v, f }: Cell): CellMembers {
  const row = axes.values.indexOf(v)
  if (row < 0) throw new WinnowError('BAD_INPUT', `The grid has no v = ${v}. It has ${axes.values.join(', ')}; run the sweep with other values for more.`)
  if (!axes.frequencies.includes(f)) throw new WinnowError('BAD_INPUT', `The grid has no f = ${f}. It has ${axes.frequencies.join(', ')}; run the sweep with other values for more.`)
  const classes = classOf.reduce((most, label) => Math.max(most, label), -1) + 1
  const clean = new Int32Array(classes)
  const sizes = new Int32Array(classes)
  const enough = (image: number): boolean => (counts[row * images + image] as number) >= f
  for (let image = 0; image < images; image++) {
    const label = classOf[image] as number
    if (label < 0) continue
    sizes[label]!++
    if (enough(image)) clean[label]!++
  }
  const fates = new Uint8Array(images)
  let keptImages = 0
  for (let image = 0; image < images; image++) {
    const label = classOf[image] as number
    if (label < 0) fates[image] = outside
    else if (!enough(image)) fates[image] = tooFewPairs
    else if ((clean[label] as number) < axes.leastImages) fates[image] = classTooSmall
    else {
      fates[image] = kept
      keptImages++
    }
  }
  return { fates, clean, sizes, keptImages, keptClasses: clean.reduce((sum, count) => sum + (count >= axes.leastImages ? 1 : 0), 0) }
}

/** Rows with one of these fates, ascending. */
export function rowsWith(fates: Uint8Array, ...wanted: readonly number[]): Int32Array {
  let length = 0
  const rows = new Int32Array(fates.length)
  for (let row = 0; row < fates.length; row++) if (wanted.includes(fates[row] as number)) rows[length++] = row
  return rows.slice(0, length)
}
