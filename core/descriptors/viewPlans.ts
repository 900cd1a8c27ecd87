import { viewPlan, type ViewPlan } from '../contract/views.ts'

/** The plan of a plain embedding: one view, as the card says. */
export const oneView: ViewPlan = viewPlan.parse({})

/** Whether a plan is the plain one, so that its vectors are those of the card alone. */
export function isOneView({ blur, grey, base, scales, flip, turns, degrade }: ViewPlan): boolean {
  const [scale] = scales
  return blur === 0 && !grey && base.kind === 'card' && scales.length === 1 && scale?.factor === 1 && !scale.size && !flip && turns.length === 1 && turns[0] === 0 && degrade.length === 1 && degrade[0] === null
}

/** How many views of a picture (or of a part) a plan embeds. */
export const viewsOf = ({ scales, flip, turns, degrade }: ViewPlan): number => scales.length * (flip ? 2 : 1) * turns.length * degrade.length

/** How many values a vector has, of a model that gives `dim`. */
export const dimOf = (plan: ViewPlan, dim: number): number => (plan.combine === 'concatenate' ? dim * viewsOf(plan) : dim)

/** floor(512 * sqrt 2), then 512 of it, then 1 / sqrt 2 of that, each plain and mirrored: ISC21 descriptor track, exp/v107.py --tta (SEEDS A1). */
export const isc21Views: ViewPlan = viewPlan.parse({
  base: { kind: 'size', width: Math.floor(512 * Math.SQRT2), height: Math.floor(512 * Math.SQRT2) },
  scales: [{}, { from: 'previous', size: { width: 512, height: 512 } }, { from: 'previous', factor: Math.SQRT1_2 }],
  flip: true,
  combine: 'mean-of-unit'
})

/** A size template at three scales, averaged before normalisation: Landmark 2019, exp/v2clean.py predict --ms (SEEDS C1). */
export const landmarkViews: ViewPlan = viewPlan.parse({
  base: { kind: 'template', template: 'L2' },
  scales: [{ factor: 0.75 }, { factor: 1 }, { factor: 1.25 }],
  scaling: { alignCorners: true, multiple: 32, minimum: 128 },
  combine: 'mean'
})

/** Longest side 1024 at three scales: how ROxford and RParis were evaluated (Landmark 2019, src/eval_retrieval.py). */
export const roxfordViews: ViewPlan = viewPlan.parse({
  base: { kind: 'longest', side: 1024, enlarge: false },
  scales: [{ factor: Math.SQRT1_2 }, { factor: 1 }, { factor: Math.SQRT2 }],
  scaling: { alignCorners: true, multiple: 32 },
  combine: 'mean'
})

/** Plain and through 60 x 60: the pair score is the mean of both cosines (pet biometrics; a fixed draw of SEEDS D4). */
export const petViews: ViewPlan = viewPlan.parse({ degrade: [null, { width: 60, height: 60 }], combine: 'concatenate' })

/** Named views, for recipes. */
export const viewPresets = { one: oneView, isc21: isc21Views, landmark: landmarkViews, roxford: roxfordViews, pet: petViews } as const
export const viewPresetNames = ['one', 'isc21', 'landmark', 'roxford', 'pet'] as const satisfies readonly (keyof typeof viewPresets)[]
