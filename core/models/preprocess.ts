import type { KernelEnum, Sharp } from 'sharp'
import type { ModelCard } from '../contract/models.ts'
import type { OpenedImage } from '../images/openImage.ts'
import { resizePlan } from './resizePlan.ts'

/** libvips has no box filter at a free scale: for `area` its triangle, which also averages over the covered pixels, stands in. */
const kernels: Record<ModelCard['resize']['interpolation'], keyof KernelEnum> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos3: 'lanczos3',
  area: 'linear'
}

/** The picture at the size of the model's input: width x height x 3 bytes, RGB, rows first. Throws DecodeFailure where the decoder gives up. */
export async function inputPixels(image: Pick<OpenedImage, 'width' | 'height' | 'pipeline' | 'failureOf'>, card: ModelCard): Promise<Uint8Array> {
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
