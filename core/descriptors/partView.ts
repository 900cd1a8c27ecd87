/** Whole pixels of the upright picture. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * One part of a picture that gets a descriptor of its own: what is cut out, how it is turned, and through which small size it goes
 * before it is fitted into the model's input. The steps happen in the order of the fields.
 */
export interface PartView {
  /** Names the part among those of its picture. Fixed templates have the same ids everywhere (`partIds`). */
  readonly part: number
  /** What is cut out of the upright picture; null: all of it. */
  readonly box: Box | null
  /** Quarter turns counter-clockwise, after the cut. */
  readonly turn: 0 | 1 | 2 | 3
  /** Mirrored left to right, after the turn. */
  readonly flip: boolean
  /** Resized to this before it is fitted into the input: what is lost here stays lost. */
  readonly degrade: { readonly width: number; readonly height: number } | null
}

/**
 * Ids of parts. Whole, turns, centre, the four boxes and the grids are those of VisionForce's crops (SEEDS B1), with ids of our own where
 * its query and reference templates use one number for two things. From 100 on, the boxes are stored for each picture.
 */
export const partIds = {
  whole: 0,
  rotations: [1, 2, 3],
  centre: 4,
  /** The four boxes between 1/6 and 5/6 of both sides, row by row. */
  sixths: [5, 6, 7, 8],
  flip: 9,
  /** 2 x 2, row by row. */
  quarters: [20, 21, 22, 23],
  /** 3 x 3, row by row. */
  ninths: [30, 31, 32, 33, 34, 35, 36, 37, 38],
  /** 60 x 60, 84 wide x 60 high, 60 wide x 47 high (SEEDS D3). */
  degradations: [50, 51, 52],
  /** Region proposals: 100..999. */
  firstProposal: 100,
  lastProposal: 999,
  /** Boxes of a detector: 1000..1999. */
  firstDetection: 1000,
  lastDetection: 1999
} as const

/** The picture as it is. */
export const wholePart: PartView = { part: partIds.whole, box: null, turn: 0, flip: false, degrade: null }

/** Whether a part is the whole upright picture, untouched. */
export const isWhole = ({ box, turn, flip, degrade }: PartView): boolean => box === null && turn === 0 && !flip && degrade === null

/** Part ids are small whole numbers: they are stored beside the image's id. */
export const isPartId = (part: number): boolean => Number.isInteger(part) && part >= 0 && part <= partIds.lastDetection

/** What a part id means besides its box, which stands beside it: turns, mirroring and degradations are fixed. Throws RangeError for what is no id. */
export function partViewOf(part: number, box: Box | null): PartView {
  if (!isPartId(part)) throw new RangeError(`There is no part ${part}.`)
  const turn = (partIds.rotations.indexOf(part as 1) + 1) as PartView['turn']
  const degradation = partIds.degradations.indexOf(part as 50)
  return { part, box, turn, flip: part === partIds.flip, degrade: degradations[degradation] ?? null }
}

/** Small sizes that a picture is squeezed through (pet-biometrics stage 2, SEEDS D3): 60 x 60, 60 high and 84 wide, 47 high and 60 wide. */
export const degradations = [{ width: 60, height: 60 }, { width: 84, height: 60 }, { width: 60, height: 47 }] as const
