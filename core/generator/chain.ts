import type { EditName, EditStrength } from '../contract/generator.ts'
import type { Random } from '../sample/random.ts'

/** Which edits are drawn for a picture. */
export interface ChainSpec {
  /** copy: edits of social media, as of a copy; view: another photo of the same place or thing; identity: another photo of an individual, often a bad one. */
  readonly kind: 'copy' | 'view' | 'identity'
  readonly strength: EditStrength
  /** Only these: one of them for moderate, all of them (in any order) for hard. */
  readonly only: readonly EditName[] | null
}

export interface ChosenEdit {
  readonly name: EditName
  readonly strength: EditStrength
}

const needsCompanion: ReadonlySet<EditName> = new Set(['overlay-image', 'overlay-onto'])

/** The edits of one picture, in their order; at least one. Without a companion those that need another picture are left out. */
export function chooseEdits(random: Random, { kind, strength, only }: ChainSpec, hasCompanion: boolean): ChosenEdit[] {
  const chosen = only ? named(random, only, strength) : kind === 'view' ? viewChain(random, strength) : kind === 'identity' ? identityChain(random, strength) : strength === 'hard' ? hardChain(random) : moderateChain(random)
  const possible = chosen.filter(({ name }) => hasCompanion || !needsCompanion.has(name))
  return possible.length > 0 ? possible : [{ name: 'jpeg', strength }]
}

const named = (random: Random, only: readonly EditName[], strength: EditStrength): ChosenEdit[] =>
  (strength === 'hard' ? random.shuffle(only) : [random.pick(only)]).map((name) => ({ name, strength }))

const everyday: readonly (readonly [EditName, number])[] = [
  ['jpeg', 4], ['resize', 3], ['colour-jitter', 3], ['brightness-contrast', 2], ['text', 2], ['emoji', 2], ['border', 2], ['blur', 1], ['greyscale', 1], ['edge-enhance', 1], ['rotate', 1], ['perspective', 1],
  ['screenshot', 1], ['overlay-image', 1], ['turn', 0.5], ['stretch', 0.5]
]

/** ISC21's moderate view (a crop that keeps 70 % and more, mirrored half of the time; SEEDS A5) and one everyday edit. */
function moderateChain(random: Random): ChosenEdit[] {
  const names: EditName[] = []
  if (random.chance(0.8)) names.push('crop')
  if (random.chance(0.5)) names.push('mirror')
  names.push(random.weighted(everyday))
  return names.map((name) => ({ name, strength: 'moderate' }))
}

/** With which chance each edit of the shuffled middle part happens: ISC21 exp/v98.py (SEEDS A5), then what social media do besides. */
const hardEdits: readonly (readonly [EditName, number])[] = [
  ['colour-jitter', 0.5], ['pixelate', 0.25], ['shuffle-pixels', 0.25], ['jpeg', 0.35], ['greyscale', 0.25], ['blur', 0.25], ['perspective', 0.35], ['mirror', 0.5], ['flip', 0.1], ['text', 0.35], ['emoji', 0.35], ['edge-enhance', 0.3],
  ['overlay-image', 0.1], ['screenshot', 0.1], ['border', 0.1], ['turn', 0.1], ['stretch', 0.1], ['noise', 0.1], ['motion-blur', 0.05], ['resize', 0.2]
]

/** ISC21's hard view with the values of v98: rotation, overlay on another picture, crop, the rest in any order, erasing. */
function hardChain(random: Random): ChosenEdit[] {
  const names: EditName[] = []
  if (random.chance(0.35)) names.push('rotate')
  if (random.chance(0.1)) names.push('overlay-onto')
  else if (random.chance(0.6)) names.push('crop')
  names.push(...random.shuffle(hardEdits.filter(([, chance]) => random.chance(chance)).map(([name]) => name)))
  if (random.chance(0.25)) names.push('erase')
  if (names.length === 0) names.push('crop')
  return names.map((name) => ({ name, strength: 'hard' }))
}

/** Another viewpoint, another frame, another light; never mirrored, so that geometry can confirm it. */
function viewChain(random: Random, strength: EditStrength): ChosenEdit[] {
  const each = (name: EditName, chance: number, hardShare: number): ChosenEdit[] =>
    random.chance(chance) ? [{ name, strength: random.chance(strength === 'hard' ? hardShare : hardShare / 4) ? 'hard' : 'moderate' }] : []
  return [
    ...each('perspective', 1, 0.4), ...each('rotate', 0.3, 0.2), ...each('crop', 0.85, 0.35), ...each('light', 0.8, 0.5), ...each('colour-jitter', 0.3, 0),
    ...each('resize', 0.3, 0.2), ...each('blur', 0.15, 0.1), ...each('jpeg', 0.3, 0)
  ]
}

/** Another photo of an animal: a little moved, blurred and small (SEEDS D3: degraded with 0.45, JPEG 0.75, brightness and contrast 0.4, motion blur, here less often). */
function identityChain(random: Random, strength: EditStrength): ChosenEdit[] {
  const each = (name: EditName, chance: number, as: EditStrength = 'moderate'): ChosenEdit[] => (random.chance(chance) ? [{ name, strength: as }] : [])
  return [
    ...each('crop', 0.8), ...each('rotate', 0.4), ...each('perspective', 0.5), ...each('light', 0.3), ...each('motion-blur', 0.3), ...each('brightness-contrast', 0.4, strength),
    ...each('degrade', 0.45, strength), ...each('jpeg', 0.75)
  ]
}
