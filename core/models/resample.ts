import type { ModelCard } from '../contract/models.ts'
import type { AnyRaster, Raster } from './raster.ts'
import { openCvArea, openCvCubic, openCvLinear, openCvNearest } from './resampleOpenCv.ts'
import { pillowNearest, pillowResize } from './resamplePillow.ts'
import { toLevels } from './resampleTaps.ts'
import { torchNearest, torchResize } from './resampleTorch.ts'

/**
 * Named resampling methods, each as the library does it whose name it bears: a model sees the pixels it was trained on. Pillow widens its
 * filters where a picture shrinks (antialias); OpenCV (but for its area) and PyTorch do not.
 */
const resamplers = {
  'pillow-nearest': pillowNearest,
  'pillow-box': (source, width, height) => pillowResize(source, width, height, 'box'),
  'pillow-bilinear': (source, width, height) => pillowResize(source, width, height, 'bilinear'),
  'pillow-bicubic': (source, width, height) => pillowResize(source, width, height, 'bicubic'),
  'pillow-lanczos': (source, width, height) => pillowResize(source, width, height, 'lanczos'),
  'opencv-nearest': openCvNearest,
  'opencv-linear': openCvLinear,
  'opencv-cubic': openCvCubic,
  'opencv-area': openCvArea,
  'torch-nearest': torchNearest,
  'torch-bilinear': (source, width, height) => toLevels(torchResize(source, width, height, { mode: 'bilinear', alignCorners: false })),
  'torch-bilinear-corners': (source, width, height) => toLevels(torchResize(source, width, height, { mode: 'bilinear', alignCorners: true })),
  'torch-bicubic': (source, width, height) => toLevels(torchResize(source, width, height, { mode: 'bicubic', alignCorners: false })),
  'torch-bicubic-corners': (source, width, height) => toLevels(torchResize(source, width, height, { mode: 'bicubic', alignCorners: true }))
} as const satisfies Record<string, (source: Raster, width: number, height: number) => Raster>
export type ResampleMethod = keyof typeof resamplers
export const resampleMethods = Object.keys(resamplers) as ResampleMethod[]

/** The picture at another size, at least 1 x 1. May return `source` itself where nothing changes. Throws RangeError for sizes and data that do not fit. */
export function resample(source: Raster, width: number, height: number, method: ResampleMethod): Raster {
  check(source, width, height)
  return width === source.width && height === source.height ? source : resamplers[method](source, width, height)
}

/** As F.interpolate does it on a tensor of the picture: fractions stay. See `torchResize`. */
export function resampleFractions(source: AnyRaster, width: number, height: number, options: Parameters<typeof torchResize>[3]): AnyRaster {
  check(source, width, height)
  return width === source.width && height === source.height ? source : torchResize(source, width, height, options)
}

function check(source: AnyRaster, width: number, height: number): void {
  for (const side of [source.width, source.height, width, height]) if (!Number.isInteger(side) || side < 1) throw new RangeError(`A picture of ${source.width} x ${source.height} cannot become ${width} x ${height}.`)
  if (source.data.length !== source.width * source.height * 3) throw new RangeError(`${source.data.length} values are not a picture of ${source.width} x ${source.height}.`)
}

type ExactLibrary = Exclude<NonNullable<ModelCard['resize']['method']>, 'fast'>
type Interpolation = ModelCard['resize']['interpolation']

const methods: Record<ExactLibrary, Partial<Record<Interpolation, ResampleMethod>>> = {
  pillow: { nearest: 'pillow-nearest', bilinear: 'pillow-bilinear', bicubic: 'pillow-bicubic', lanczos3: 'pillow-lanczos', area: 'pillow-box' },
  opencv: { nearest: 'opencv-nearest', bilinear: 'opencv-linear', bicubic: 'opencv-cubic', area: 'opencv-area' },
  torch: { nearest: 'torch-nearest', bilinear: 'torch-bilinear', bicubic: 'torch-bicubic' }
}

/** What a card asks for: null is the fast way (libvips). Undefined where the library it names has no such interpolation, which a checked card never asks for. */
export function resampleMethodOf({ method = 'fast', interpolation, alignCorners = false }: ModelCard['resize']): ResampleMethod | null | undefined {
  if (method === 'fast') return null
  const found = methods[method][interpolation]
  if (!alignCorners || method !== 'torch') return found
  return found === 'torch-bilinear' || found === 'torch-bicubic' ? `${found}-corners` : found
}
