import type { ScaledView, SizeTemplate, ViewBase, ViewPlan } from '../contract/views.ts'

export interface PictureSize {
  readonly width: number
  readonly height: number
}

type Sizes = readonly (readonly [width: number, height: number])[]

/** Width x height from wide to tall (Landmark 2019 1st and 3rd place solution, src/data_utils.py, size_template). */
const templates: Record<SizeTemplate, Sizes> = {
  SS: [[384, 256], [256, 256], [256, 384]],
  SS2: [[480, 320], [480, 352], [384, 384], [352, 480], [320, 480]],
  S: [[512, 384], [448, 448], [384, 512]],
  S2: [[512, 352], [512, 384], [448, 448], [384, 512], [352, 512]],
  SM2: [[736, 512], [704, 544], [608, 608], [544, 704], [512, 736]],
  M: [[800, 608], [704, 704], [608, 800]],
  M2: [[800, 544], [800, 608], [704, 704], [608, 800], [544, 800]],
  L: [[800, 608], [800, 800], [608, 800]],
  L2: [[800, 544], [800, 608], [800, 800], [608, 800], [544, 800]]
}

/** Bounds of height / width between the sizes of a template: a value on a bound belongs to the taller one (bisect_right). */
const bounds = { 3: [0.77, 1.33], 5: [0.67, 0.77, 1.33, 1.5] } as const

/** The size for a picture of this aspect ratio. */
export function templateSize(template: SizeTemplate, { width, height }: PictureSize): PictureSize {
  const sizes = templates[template]
  const aspect = height / width
  const at = bounds[sizes.length as 3 | 5].filter((bound) => aspect >= bound).length
  const [toWidth, toHeight] = sizes[at] as Sizes[number]
  return { width: toWidth, height: toHeight }
}

/** The size a picture is first fitted to. `card`: the size of the model's input. */
export function baseSize(base: ViewBase, picture: PictureSize, card: PictureSize): PictureSize {
  switch (base.kind) {
    case 'card': return { width: card.width, height: card.height }
    case 'size': return { width: base.width, height: base.height }
    case 'template': return templateSize(base.template, picture)
    case 'longest': return longestSide(base.side, base.enlarge, picture)
  }
}

function longestSide(side: number, enlarge: boolean, { width, height }: PictureSize): PictureSize {
  const longest = Math.max(width, height)
  if (longest <= side && !enlarge) return { width, height }
  const fit = (length: number): number => (length === longest ? side : Math.max(1, Math.round((length * side) / longest)))
  return { width: fit(width), height: fit(height) }
}

/** The size of one scaled view, made of `from`: max(minimum, floor(side * factor / multiple) * multiple). */
export function scaledSize({ factor, size }: ScaledView, { multiple, minimum }: ViewPlan['scaling'], from: PictureSize): PictureSize {
  if (size) return { width: size.width, height: size.height }
  const scaled = (side: number): number => Math.max(minimum, 1, Math.floor((side * factor) / multiple) * multiple)
  return { width: scaled(from.width), height: scaled(from.height) }
}

/** The sizes of all scaled views of a picture, in the order of the plan. */
export function viewSizes(plan: Pick<ViewPlan, 'base' | 'scales' | 'scaling'>, picture: PictureSize, card: PictureSize): PictureSize[] {
  const base = baseSize(plan.base, picture, card)
  const sizes: PictureSize[] = []
  for (const scale of plan.scales) sizes.push(scaledSize(scale, plan.scaling, scale.from === 'previous' ? (sizes.at(-1) ?? base) : base))
  return sizes
}
