import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ModelCard } from '../contract/models.ts'

/** What a preprocessing config beside a model file says, in a card's words. Only what it really says. */
export interface SidecarFacts {
  /** The file it was read from. */
  readonly file: string
  readonly size?: { width: number; height: number }
  readonly resize?: Partial<ModelCard['resize']>
  readonly scale?: number
  readonly mean?: ModelCard['mean']
  readonly std?: ModelCard['std']
  readonly licence?: string
  readonly source?: string
}

const triple = z.tuple([z.number(), z.number(), z.number()])
const side = z.int().min(1).max(4096)
const sizes = z.union([side, z.object({ height: side, width: side }), z.object({ shortest_edge: side })])

/** Hugging Face's image processors (preprocessor_config.json). */
const huggingFace = z.object({
  do_resize: z.boolean().optional(),
  do_center_crop: z.boolean().optional(),
  do_rescale: z.boolean().optional(),
  do_normalize: z.boolean().optional(),
  size: sizes.optional(),
  crop_size: sizes.optional(),
  resample: z.int().optional(),
  rescale_factor: z.number().positive().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional()
})

/** timm's pretrained_cfg (config.json). */
const timm = z.object({
  architecture: z.string().optional(),
  license: z.string().optional(),
  pretrained_cfg: z.object({
    input_size: z.tuple([z.literal(3), side, side]).optional(),
    interpolation: z.string().optional(),
    crop_pct: z.number().gt(0).max(1).optional(),
    crop_mode: z.string().optional(),
    mean: triple.optional(),
    std: triple.optional(),
    license: z.string().optional(),
    hf_hub_id: z.string().optional()
  })
})

/** PIL's numbers. */
const resampling: Record<number, ModelCard['resize']['interpolation']> = { 0: 'nearest', 1: 'lanczos3', 2: 'bilinear', 3: 'bicubic', 4: 'area' }
const interpolations: Record<string, ModelCard['resize']['interpolation']> = { nearest: 'nearest', bilinear: 'bilinear', bicubic: 'bicubic', lanczos: 'lanczos3', box: 'area' }

/** Looks beside the model file and one folder up (Hugging Face keeps models in onnx/). Null where there is nothing that can be read. */
export async function readSidecar(modelFile: string): Promise<SidecarFacts | null> {
  const beside = dirname(modelFile)
  for (const folder of [beside, dirname(beside)]) {
    for (const [name, read] of [['preprocessor_config.json', fromHuggingFace], ['config.json', fromTimm]] as const) {
      const file = join(folder, name)
      const facts = read(await readJson(file))
      if (facts) return { file, ...facts }
    }
  }
  return null
}

async function readJson(file: string): Promise<unknown> {
  try {
    const { size } = await stat(file)
    return size > 2 ** 20 ? null : JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}

/** Exported for its tests. */
export function fromHuggingFace(json: unknown): Omit<SidecarFacts, 'file'> | null {
  const parsed = huggingFace.safeParse(json)
  if (!parsed.success) return null
  const config = parsed.data
  if (!config.image_mean && !config.size && !config.crop_size && config.do_rescale === undefined) return null
  const cropping = config.do_center_crop === true
  const target = squareOf(cropping ? (config.crop_size ?? config.size) : config.size)
  const shortest = edgeOf(config.size)
  const interpolation = config.resample === undefined ? undefined : resampling[config.resample]
  return {
    ...(target ? { size: target } : {}),
    resize: {
      mode: cropping || isShortestEdge(config.size) ? 'crop' : 'squash',
      ...(interpolation ? { interpolation } : {}),
      ...(cropping && shortest && target ? { cropFraction: Math.min(1, target.height / shortest) } : {})
    },
    // They multiply the pixel by rescale_factor (1/255 as a rule); a card divides by 255 first.
    scale: config.do_rescale === false ? 255 : (config.rescale_factor ?? 1 / 255) * 255,
    ...(config.do_normalize === false ? { mean: [0, 0, 0], std: [1, 1, 1] } : {}),
    ...(config.do_normalize !== false && config.image_mean ? { mean: config.image_mean } : {}),
    ...(config.do_normalize !== false && config.image_std ? { std: config.image_std } : {})
  }
}

/** Exported for its tests. */
export function fromTimm(json: unknown): Omit<SidecarFacts, 'file'> | null {
  const parsed = timm.safeParse(json)
  if (!parsed.success) return null
  const { pretrained_cfg: config, license } = parsed.data
  const interpolation = config.interpolation === undefined ? undefined : interpolations[config.interpolation]
  const licence = config.license ?? license
  return {
    ...(config.input_size ? { size: { width: config.input_size[2], height: config.input_size[1] } } : {}),
    resize: {
      mode: config.crop_mode === 'squash' ? 'squash' : config.crop_mode === 'border' ? 'letterbox' : 'crop',
      ...(interpolation ? { interpolation } : {}),
      ...(config.crop_pct ? { cropFraction: config.crop_pct } : {})
    },
    scale: 1,
    ...(config.mean ? { mean: config.mean } : {}),
    ...(config.std ? { std: config.std } : {}),
    ...(licence ? { licence } : {}),
    ...(config.hf_hub_id ? { source: `https://huggingface.co/${config.hf_hub_id}` } : {})
  }
}

type Sizes = z.infer<typeof sizes> | undefined
const isShortestEdge = (size: Sizes): boolean => typeof size === 'object' && 'shortest_edge' in size
const edgeOf = (size: Sizes): number | null => (size === undefined ? null : typeof size === 'number' ? size : 'shortest_edge' in size ? size.shortest_edge : Math.min(size.width, size.height))
function squareOf(size: Sizes): { width: number; height: number } | null {
  if (size === undefined) return null
  if (typeof size === 'number') return { width: size, height: size }
  return 'shortest_edge' in size ? { width: size.shortest_edge, height: size.shortest_edge } : size
}
