import sharp, { type KernelEnum, type Sharp } from 'sharp'
import type { ModelCard } from '../contract/models.ts'
import type { OpenedImage } from '../images/openImage.ts'
import type { Raster } from './raster.ts'
import { cut, padded, sameSize } from './rasterCut.ts'
import { resample, resampleMethodOf } from './resample.ts'
import { type ResizePlan, resizePlan } from './resizePlan.ts'

/** libvips has no box filter at a free scale: for `area` its triangle, which also averages over the covered pixels, stands in. */
const kernels: Record<ModelCard['resize']['interpolation'], keyof KernelEnum> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos3: 'lanczos3',
  area: 'linear'
}

type PixelCard = Pick<ModelCard, 'input' | 'resize'>

/** Whether the card wants a library's own pixels, so that every pixel of the file is decoded and resampled here. */
export const isExact = ({ resize }: Pick<ModelCard, 'resize'>): boolean => (resize.method ?? 'fast') !== 'fast'

/** The picture at the size of the model's input: width x height x 3 bytes, RGB, rows first. Throws DecodeFailure where the decoder gives up. */
export async function inputPixels(image: Pick<OpenedImage, 'width' | 'height' | 'pipeline' | 'failureOf' | 'rgb'>, card: PixelCard): Promise<Uint8Array> {
  if (isExact(card)) return (await fitRaster(await image.rgb(), card, card.input, card.resize.mode)).data
  const plan = resizePlan(card, image.width, image.height)
  const whole = { left: 0, top: 0, width: image.width, height: image.height }
  let pipeline: Sharp = image.pipeline()
  // Cutting the source, even to all of it, makes sharp decode every pixel: that is how shrink-on-load is switched off.
  if (plan.source || !card.resize.shrinkOnLoad) pipeline = pipeline.extract(plan.source ?? whole)
  pipeline = pipeline.resize(plan.width, plan.height, { fit: 'fill', kernel: kernels[card.resize.interpolation] })
  if (plan.crop) pipeline = pipeline.extract(plan.crop)
  if (plan.pad) pipeline = pipeline.extend({ ...plan.pad, background: { r: 0, g: 0, b: 0 } })
  try {
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) throw new Error(`the decoder gave ${info.channels} channels`)
    return data
  } catch (error) {
    throw image.failureOf(error)
  }
}

/** A decoded picture fitted into `size` in the given mode (the card's, as a rule), by the card's resampling. */
export async function fitRaster(raster: Raster, card: Pick<ModelCard, 'resize'>, size: { readonly width: number; readonly height: number }, mode: ModelCard['resize']['mode']): Promise<Raster> {
  const plan: ResizePlan = resizePlan({ input: size, resize: { ...card.resize, mode } }, raster.width, raster.height)
  const source = plan.source ? cut(raster, plan.source) : raster
  const resized = await resizeRaster(source, card, plan)
  const middle = plan.crop ? cut(resized, plan.crop) : resized
  return plan.pad ? padded(middle, plan.pad) : middle
}

/** A decoded picture at exactly this size, by the card's resampling. */
export async function resizeRaster(raster: Raster, { resize }: Pick<ModelCard, 'resize'>, size: { readonly width: number; readonly height: number }): Promise<Raster> {
  const { width, height } = size
  const method = resampleMethodOf(resize)
  if (method) return resample(raster, width, height, method)
  if (sameSize(raster, size)) return raster
  const { width: fromWidth, height: fromHeight, data } = raster
  const found = await sharp(data, { raw: { width: fromWidth, height: fromHeight, channels: 3 }, limitInputPixels: false })
    .resize(width, height, { fit: 'fill', kernel: kernels[resize.interpolation] }).raw().toBuffer()
  return { width, height, data: found }
}
