import type { KeeperRule } from '../contract/duplicates.ts'
import { type ImageTable, pixelsOf } from './imageTable.ts'

/** Row i of the table, with what is only known at the present threshold: whether it is an enlargement of something in its group. */
export interface Candidate {
  readonly row: number
  readonly upscaled: boolean
}

/**
 * A rule gives each image a grade; the smaller grade is kept. Grades make a total order, so that keepers do not depend on the order in which
 * pictures were compared. Measured values are graded in steps: a difference that no one sees must not decide.
 */
type Grade = (table: ImageTable, candidate: Candidate) => number

/** Steps of 0.05, five points of JPEG quality. Unknown counts as worst. */
const damageStep = 0.05
/** Steps of a quarter. */
const sharpnessStep = Math.log(1.25)

const grades: Readonly<Record<KeeperRule, readonly Grade[]>> = {
  // What is protected comes first, then what is held out for testing: the copy that goes is the one in the training set.
  protected: [(table, { row }) => (table.protected[row] ? 0 : table.heldOut[row] ? 1 : 2)],
  labelled: [(table, { row }) => 2 - (table.label[row] as number)],
  larger: [(_, { upscaled }) => (upscaled ? 1 : 0), (table, { row }) => -pixelsOf(table, row)],
  'less-compressed': [(table, { row }) => damageGrade(table.compression[row] as number)],
  sharper: [(table, { row }) => -sharpnessGrade(table.sharpness[row] as number)],
  older: [(table, { row }) => Math.floor((table.mtimeMs[row] as number) / 1000)],
  'shorter-path': [(table, { row }) => table.pathLength[row] as number]
}

const damageGrade = (damage: number): number => (Number.isNaN(damage) ? Math.round(1 / damageStep) : Math.round(damage / damageStep))
const sharpnessGrade = (sharpness: number): number => (sharpness > 1 ? Math.floor(Math.log(sharpness) / sharpnessStep) : 0)

const stepsOf = (rules: readonly KeeperRule[]): readonly Grade[] =>
  [(table, { row }) => (table.pinned[row] ? 0 : 1), ...rules.flatMap((rule) => grades[rule]), (table, { row }) => table.pathRank[row] as number, (_, { row }) => row]

/** Compares two images by pin, then the rules in their order, then path and id: negative where `a` is kept before `b`; 0 only for the same image. */
export function compareKeepers(table: ImageTable, rules: readonly KeeperRule[], a: Candidate, b: Candidate): number {
  for (const grade of stepsOf(rules)) {
    const difference = grade(table, a) - grade(table, b)
    if (difference !== 0) return difference
  }
  return 0
}

/** The places of the candidates in the keepers' order, first kept first. Grades are worked out once each: this runs over every linked image. */
export function keeperRanking(table: ImageTable, rules: readonly KeeperRule[], candidates: readonly Candidate[]): Int32Array {
  const steps = stepsOf(rules)
  const width = steps.length
  const matrix = new Float64Array(candidates.length * width)
  for (const [i, candidate] of candidates.entries()) for (const [step, grade] of steps.entries()) matrix[i * width + step] = grade(table, candidate)
  return Int32Array.from({ length: candidates.length }, (_, i) => i).sort((a, b) => {
    const atA = a * width
    const atB = b * width
    for (let step = 0; step < width; step++) {
      const difference = (matrix[atA + step] as number) - (matrix[atB + step] as number)
      if (difference !== 0) return difference
    }
    return a - b
  })
}

/** Why `keeper` is kept before `other`, in words: the first rule that tells them apart. */
export function keeperReason(table: ImageTable, rules: readonly KeeperRule[], keeper: Candidate, other: Candidate): string {
  if (table.pinned[keeper.row] && !table.pinned[other.row]) return 'chosen by hand'
  const rule = rules.find((each) => grades[each].some((grade) => grade(table, keeper) !== grade(table, other)))
  return rule ? words[rule](table, keeper, other) : 'equal by every rule; first by path'
}

type Words = (table: ImageTable, keeper: Candidate, other: Candidate) => string

const words: Readonly<Record<KeeperRule, Words>> = {
  protected: (table, { row }) => (table.protected[row] ? 'protected' : 'in the test set'),
  labelled: (table, { row }) => (table.label[row] === 2 ? 'has a human label' : 'has a label'),
  larger: (table, keeper, other) =>
    other.upscaled && !keeper.upscaled
      ? `not enlarged (${sizeOf(table, other.row)} is larger but much less sharp)`
      : `larger (${sizeOf(table, keeper.row)} against ${sizeOf(table, other.row)})`,
  'less-compressed': (table, keeper, other) => `less compressed (${qualityOf(table, keeper.row)} against ${qualityOf(table, other.row)})`,
  sharper: (table, keeper, other) => `sharper (${sharpnessOf(table, keeper.row)} against ${sharpnessOf(table, other.row)})`,
  older: (table, keeper, other) => `older (${dateOf(table, keeper.row)} against ${dateOf(table, other.row)})`,
  'shorter-path': () => 'shorter path'
}

export const sizeOf = ({ width, height }: ImageTable, row: number): string => `${width[row]}×${height[row]}`

/** The damage as people know it: the quality of a JPEG. */
export const qualityOf = ({ compression }: ImageTable, row: number): string => {
  const damage = compression[row] as number
  return Number.isNaN(damage) ? 'quality unknown' : damage < damageStep / 2 ? 'lossless' : `quality ${Math.round((1 - damage) * 100)}`
}
export const sharpnessOf = ({ sharpness }: ImageTable, row: number): string => {
  const value = sharpness[row] as number
  return Number.isNaN(value) ? 'unknown' : String(Math.round(value))
}

/** The day; with the time where asked, for files of the same day. UTC, so that two machines say the same. */
export const dateOf = ({ mtimeMs }: ImageTable, row: number): string => new Date(mtimeMs[row] as number).toISOString().slice(0, 16).replace('T', ' ')

export const sameDamage = ({ compression }: ImageTable, a: number, b: number): boolean => damageGrade(compression[a] as number) === damageGrade(compression[b] as number)
export const sameSharpness = ({ sharpness }: ImageTable, a: number, b: number): boolean => sharpnessGrade(sharpness[a] as number) === sharpnessGrade(sharpness[b] as number)
