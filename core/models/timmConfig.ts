import { z } from 'zod'
import type { ModelCard } from '../contract/models.ts'
import type { ConfigFacts } from './sidecar.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])
const side = z.int().min(8).max(4096)

const settings = z.object({
  input_size: z.tuple([z.literal(3), side, side]).nullish(),
  interpolation: z.string().nullish(),
  crop_pct: z.number().gt(0).max(1).nullish(),
  crop_mode: z.string().nullish(),
  mean: triple.nullish(),
  std: triple.nullish(),
  license: z.string().nullish(),
  hf_hub_id: z.string().nullish(),
  url: z.string().nullish()
})

/** timm's config.json: what it needs stands in pretrained_cfg, in older ones in default_cfg, in the oldest beside the architecture. */
const schema = z.object({
  architecture: z.string().optional(),
  license: z.string().nullish(),
  pretrained_cfg: settings.nullish(),
  default_cfg: settings.nullish()
})

const interpolations: Readonly<Record<string, ModelCard['resize']['interpolation']>> = { nearest: 'nearest', bilinear: 'bilinear', bicubic: 'bicubic', lanczos: 'lanczos3', box: 'area' }
/** What timm takes where a config says nothing (timm.data.config.resolve_data_config). */
const usual = { cropFraction: 0.875, interpolation: 'bicubic', mode: 'center' } as const

/** Reads a timm config, the way timm's own evaluation transform reads it (transforms_imagenet_eval). Null where it is none. */
export function fromTimm(json: unknown): ConfigFacts | null {
  const parsed = schema.safeParse(json)
  if (!parsed.success) return null
  const flat = settings.safeParse(json)
  const config = parsed.data.pretrained_cfg ?? parsed.data.default_cfg ?? (flat.success && parsed.data.architecture && flat.data.mean && flat.data.input_size ? flat.data : null)
  if (!config) return null
  const { input_size: input, mean, std } = config
  const notes: string[] = []
  const licence = config.license ?? parsed.data.license
  const resize = resizeOf(config, notes)
  return {
    ...(input ? { size: { width: input[2], height: input[1] } } : {}),
    ...(resize ? { resize } : {}),
    // timm opens files with PIL.
    colour: 'RGB',
    scale: 1,
    ...(mean ? { mean } : {}),
    ...(std ? { std } : {}),
    ...(licence ? { licence } : {}),
    ...(config.hf_hub_id ? { source: `https://huggingface.co/${config.hf_hub_id}` } : config.url ? { source: config.url } : {}),
    ...(notes.length > 0 ? { notes } : {})
  }
}

function resizeOf({ crop_mode: mode, crop_pct: share, interpolation: name }: z.infer<typeof settings>, notes: string[]): Partial<ModelCard['resize']> | null {
  const cropFraction = share ?? usual.cropFraction
  const interpolation = interpolations[name ?? usual.interpolation]
  if (!interpolation) notes.push(`"interpolation" is ${name}, which is not one filter; choose the one to use.`)
  const base = { method: 'pillow' as const, ...(interpolation ? { interpolation } : {}) }
  switch (mode ?? usual.mode) {
    case 'center': return { mode: 'crop', cropFraction, ...base }
    case 'squash':
      if (cropFraction === 1) return { mode: 'squash', ...base }
      notes.push(`Pictures are squashed and then cut ("crop_mode" squash with "crop_pct" ${cropFraction}), which a card cannot say.`)
      return null
    case 'border':
      if (cropFraction === 1) return { mode: 'letterbox', ...base }
      notes.push(`Pictures are fitted with "crop_mode" border and "crop_pct" ${cropFraction}, which a card cannot say.`)
      return null
    default:
      notes.push(`"crop_mode" is ${mode}, which Winnow does not know.`)
      return null
  }
}
