import { centreBox, gridBoxes, sixthBoxes } from './grid.ts'
import { partIds, type Box, type PartView, wholePart } from './partView.ts'

const view = (part: number, change: Partial<PartView>): PartView => ({ ...wholePart, part, ...change })
const boxes = (parts: readonly number[], found: readonly Box[]): PartView[] => found.map((box, i) => view(parts[i] as number, { box }))

type Cut = (width: number, height: number) => PartView[]

/** The pieces that templates are put together from. */
const pieces = {
  whole: () => [wholePart],
  /** A quarter, a half and three quarters of a turn, counter-clockwise. */
  rotations: () => partIds.rotations.map((part, i) => view(part, { turn: (i + 1) as 1 | 2 | 3 })),
  centre: (width, height) => [view(partIds.centre, { box: centreBox(width, height) })],
  sixths: (width, height) => boxes(partIds.sixths, sixthBoxes(width, height)),
  flip: () => [view(partIds.flip, { flip: true })],
  quarters: (width, height) => boxes(partIds.quarters, gridBoxes(width, height, 2)),
  ninths: (width, height) => boxes(partIds.ninths, gridBoxes(width, height, 3)),
  /** Small sizes that a picture is squeezed through (pet-biometrics, SEEDS D3): 60 x 60; 60 high, 84 wide; 47 high, 60 wide. */
  degradations: () => [[60, 60], [84, 60], [60, 47]].map(([width = 0, height = 0], i) => view(partIds.degradations[i] as number, { degrade: { width, height } }))
} satisfies Record<string, Cut>

/**
 * Named sets of fixed crops. `query` and `reference` are the augmented query and the augmented reference of VisionForce
 * (WangWenhao0716/ISC-Track1-Submission, Test/augmentation; D2LV, arXiv 2112.04323), in the order of its suffixes.
 */
export const cropTemplates = {
  whole: ['whole'],
  query: ['whole', 'rotations', 'centre', 'sixths'],
  reference: ['whole', 'quarters', 'centre', 'ninths', 'sixths'],
  rotations: ['rotations'],
  centre: ['centre'],
  sixths: ['sixths'],
  quarters: ['quarters'],
  ninths: ['ninths'],
  flip: ['flip'],
  degradations: ['degradations']
} satisfies Record<string, readonly (keyof typeof pieces)[]>

export type CropTemplate = keyof typeof cropTemplates
export const cropTemplateNames = Object.keys(cropTemplates) as CropTemplate[]

/**
 * The parts of one template in a picture of `width` x `height` pixels (upright), in the template's order. Boxes lie inside the picture; those that would
 * have no pixel (a picture only a few pixels wide) are left out.
 */
export const templateViews = (template: CropTemplate, width: number, height: number): PartView[] =>
  cropTemplates[template].flatMap((piece) => pieces[piece](width, height)).filter(({ box }) => box === null || (box.width > 0 && box.height > 0))

/** Several templates together: each part once, by ascending id. */
export function fixedViews(templates: readonly CropTemplate[], width: number, height: number): PartView[] {
  const byPart = new Map(templates.flatMap((template) => templateViews(template, width, height)).map((each) => [each.part, each]))
  return [...byPart.values()].sort((a, b) => a.part - b.part)
}

/**
 * Whether a part is a small crop: narrower or lower than `limit` pixels (VisionForce, Test/augmentation/query/generate_100_150_200.py, leaves those of 100, 150 or 200 out
 * of some models). The size is that of what is cut out, before any resize; quarter turns do not change it.
 */
export function isSmallPart({ box }: Pick<PartView, 'box'>, width: number, height: number, limit: number): boolean {
  const size = box ?? { width, height }
  return size.width < limit || size.height < limit
}
