import { z } from 'zod'
import type { ModelCard } from '../contract/models.ts'
import type { ConfigFacts } from './sidecar.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])
const side = z.int().min(8).max(4096)
const size = z.union([
  side,
  z.tuple([side, side]),
  z.object({ height: side, width: side }),
  z.object({ shortest_edge: side, longest_edge: side.nullish() }),
  z.object({ longest_edge: side })
])
type Size = z.infer<typeof size>
const flag = z.boolean().nullish()

/** Hugging Face's image processors (transformers, image_processing_*.py). Fields may be null, which means the same as left out. */
const schema = z.object({
  image_processor_type: z.string().nullish(),
  feature_extractor_type: z.string().nullish(),
  do_resize: flag,
  do_center_crop: flag,
  do_pad: flag,
  do_rescale: flag,
  do_normalize: flag,
  do_flip_channel_order: flag,
  size: size.nullish(),
  crop_size: size.nullish(),
  crop_pct: z.number().gt(0).max(1).nullish(),
  resample: z.int().nullish(),
  rescale_factor: z.number().positive().nullish(),
  /** EfficientNet's: 1 is taken off after rescaling. */
  rescale_offset: flag,
  image_mean: z.union([triple, z.number()]).nullish(),
  image_std: z.union([triple, z.number()]).nullish()
})
type Config = z.infer<typeof schema>

/** PIL's numbers. 5 (Hamming) has no counterpart. */
const resampling: Readonly<Record<number, ModelCard['resize']['interpolation']>> = { 0: 'nearest', 1: 'lanczos3', 2: 'bilinear', 3: 'bicubic', 4: 'area' }

/** ConvNeXt's processor squashes from this size on, and crops below. */
const convNextSquashes = 384

/** Reads a preprocessor_config.json, or the image processor's part of a processor_config.json. Null where it is neither. */
export function fromHuggingFace(json: unknown): ConfigFacts | null {
  const whole = z.object({ image_processor: z.unknown() }).safeParse(json)
  const parsed = schema.safeParse(whole.success && whole.data.image_processor ? whole.data.image_processor : json)
  if (!parsed.success) return null
  const config = parsed.data
  if (!config.image_mean && !config.size && !config.crop_size && typeof config.do_rescale !== 'boolean') return null
  const fitted = fitting(config)
  const interpolation = typeof config.resample === 'number' ? resampling[config.resample] : undefined
  const notes = [...fitted.notes]
  if (typeof config.resample === 'number' && !interpolation) notes.push(`"resample" is ${config.resample}, a filter that Winnow does not have; choose the nearest one.`)
  return {
    ...(fitted.size ? { size: fitted.size } : {}),
    // They open and resize with PIL (their "fast" processors do the same in PyTorch, with antialias).
    ...(fitted.mode ? { resize: { mode: fitted.mode, method: 'pillow' as const, ...(interpolation ? { interpolation } : {}), ...(fitted.cropFraction ? { cropFraction: fitted.cropFraction } : {}) } } : {}),
    colour: config.do_flip_channel_order ? 'BGR' : 'RGB',
    ...valuesOf(config),
    ...(notes.length > 0 ? { notes } : {})
  }
}

interface Fitting {
  readonly mode?: ModelCard['resize']['mode']
  readonly size?: { width: number; height: number }
  readonly cropFraction?: number
  readonly notes: readonly string[]
}

/** From do_resize, size, do_center_crop, crop_size, do_pad: how a picture gets to the model's size. No mode where a card has no word for it. */
function fitting(config: Config): Fitting {
  const { do_resize: resizing, do_center_crop: cropping, do_pad: padding, crop_pct: cropShare } = config
  const target = rectangle(cropping ? (config.crop_size ?? config.size) : config.size)
  const known = target ? { size: target } : {}
  if (resizing === false) return { ...known, notes: ['"do_resize" is false: pictures are taken at their own size, which Winnow does not do.'] }
  const edge = shortestEdge(config.size)
  if (isConvNext(config) && edge !== null && !cropping) {
    const square = { width: edge, height: edge }
    return edge >= convNextSquashes ? { mode: 'squash', size: square, notes: [] } : { mode: 'crop', size: square, cropFraction: cropShare ?? 224 / 256, notes: [] }
  }
  if (cropping) return cropped(config, target)
  if (edge !== null && !isNumber(config.size)) {
    return { ...(padding ? known : { mode: 'crop', ...known }), notes: [padding
      ? 'The shortest side is fitted, then black is added ("do_pad"): Winnow has no such way.'
      : `Only the shortest side is fitted (${edge}) and nothing is cut; the models that Winnow runs take one size, so the middle is cut out.`] }
  }
  if (isLongest(config.size)) return { mode: 'letterbox', ...known, notes: ['The longest side is fitted. Winnow puts the picture in the middle of a black square; look whether the original does.'] }
  return target ? { mode: 'squash', ...known, notes: padding ? ['"do_pad" is true: black is added after fitting, which Winnow does not do.'] : [] } : { notes: [] }
}

/** Fitted by "size", then "crop_size" cut out of the middle. */
function cropped({ size: from }: Config, target: { width: number; height: number } | null): Fitting {
  const known = target ? { size: target } : {}
  const whole = isNumber(from) || shortestEdge(from) !== null
  const exact = whole ? null : rectangle(from)
  if (exact && target) {
    // Squashed, then cut: a card can say so only where nothing is left to cut.
    if (exact.width === target.width && exact.height === target.height) return { mode: 'squash', ...known, notes: [] }
    return { ...known, notes: [`Pictures are squashed to ${exact.width} x ${exact.height} and then cut to ${target.width} x ${target.height}, which a card cannot say.`] }
  }
  if (isLongest(from)) return { ...known, notes: ['The longest side is fitted and then the middle is cut out, which a card cannot say.'] }
  const edge = isNumber(from) ? from : shortestEdge(from)
  const share = edge !== null && target ? Math.min(target.width, target.height) / edge : null
  const notes = share !== null && share > 1 ? [`The crop (${target?.width} x ${target?.height}) is larger than the fitted picture (shortest side ${edge}): the original adds black, Winnow fits the picture to the crop.`] : []
  return { mode: 'crop', ...known, ...(share !== null ? { cropFraction: Math.min(1, share) } : {}), notes }
}

/** They give (pixel * rescale_factor - image_mean) / image_std; a card divides by 255 first. */
function valuesOf({ do_rescale: rescaling, rescale_factor: factor, rescale_offset: offset, do_normalize: normalising, image_mean: mean, image_std: std }: Config): Pick<ConfigFacts, 'scale' | 'mean' | 'std'> {
  const scale = rescaling === false ? 255 : (factor ?? 1 / 255) * 255
  const shift = rescaling !== false && offset ? 1 : 0
  if (normalising === false) return { scale, mean: [shift, shift, shift], std: [1, 1, 1] }
  if (mean === null || mean === undefined) return { scale }
  const [a, b, c] = isNumber(mean) ? [mean, mean, mean] : mean
  return { scale, mean: [a + shift, b + shift, c + shift], ...(std === null || std === undefined ? {} : { std: isNumber(std) ? [std, std, std] : std }) }
}

const isConvNext = ({ image_processor_type: a, feature_extractor_type: b }: Config): boolean => /^ConvNext/i.test(a ?? b ?? '')
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isLongest = (from: Config['size']): boolean => typeof from === 'object' && from !== null && 'longest_edge' in from && !('shortest_edge' in from)
const shortestEdge = (from: Config['size']): number | null => (typeof from === 'object' && from !== null && 'shortest_edge' in from ? from.shortest_edge : null)

function rectangle(from: Size | null | undefined): { width: number; height: number } | null {
  if (from === null || from === undefined) return null
  if (isNumber(from)) return { width: from, height: from }
  if (Array.isArray(from)) return { height: from[0], width: from[1] }
  if ('shortest_edge' in from) return { width: from.shortest_edge, height: from.shortest_edge }
  if ('longest_edge' in from) return { width: from.longest_edge, height: from.longest_edge }
  return 'width' in from ? { width: from.width, height: from.height } : null
}
