import type { ModelCard } from '../contract/models.ts'
import type { ViewPlan } from '../contract/views.ts'
import type { PartView } from '../descriptors/partView.ts'
import { baseSize, scaledSize } from '../descriptors/viewSizes.ts'
import { fitRaster, resizeRaster } from './preprocess.ts'
import { pillowGaussianBlur, pillowGrey } from './pillowBlur.ts'
import type { AnyRaster, Raster } from './raster.ts'
import { cut, mirrored, turned } from './rasterCut.ts'
import { resampleFractions } from './resample.ts'

/** The part of a picture, cut out of all its pixels, turned, mirrored and degraded as the part says. Throws RangeError where it is not inside. */
export async function cutPart(picture: Raster, card: Pick<ModelCard, 'resize'>, { box, turn, flip, degrade }: PartView): Promise<Raster> {
  const upright = turned(box ? cut(picture, box) : picture, turn)
  const facing = flip ? mirrored(upright) : upright
  return degrade ? await resizeRaster(facing, card, degrade) : facing
}

/**
 * All views of a part, as the model will see them, after blur and greyscale: turns outermost, then degradations, scales, and last the plain and the mirrored one. The
 * picture is fitted by the card's resampling; scaled views are made of the fitted one as F.interpolate makes them, fractions kept.
 */
export async function viewPixels(part: Raster, card: Pick<ModelCard, 'input' | 'resize'>, plan: ViewPlan): Promise<AnyRaster[]> {
  const views: AnyRaster[] = []
  const blurred = plan.blur > 0 ? pillowGaussianBlur(part, plan.blur) : part
  const shown = plan.grey ? pillowGrey(blurred) : blurred
  for (const turn of plan.turns) {
    const upright = turned(shown, turn)
    for (const degrade of plan.degrade) {
      const seen = degrade ? await resizeRaster(upright, card, degrade) : upright
      for (const view of scaledViews(await fitBase(seen, card, plan), plan)) views.push(...(plan.flip ? [view, mirrored(view)] : [view]))
    }
  }
  return views
}

async function fitBase(picture: Raster, card: Pick<ModelCard, 'input' | 'resize'>, { base }: ViewPlan): Promise<Raster> {
  const size = baseSize(base, picture, card.input)
  // A size that was chosen for the aspect ratio is filled.
  return base.kind === 'card' || base.kind === 'size' ? await fitRaster(picture, card, size, card.resize.mode) : await resizeRaster(picture, card, size)
}

function scaledViews(base: Raster, { scales, scaling }: ViewPlan): AnyRaster[] {
  const { interpolation: mode, alignCorners, multiple } = scaling
  const views: AnyRaster[] = []
  for (const scale of scales) {
    const from = scale.from === 'previous' ? (views.at(-1) ?? base) : base
    const size = scaledSize(scale, scaling, from)
    // With a plain factor, F.interpolate(scale_factor=...) lays its grid by the factor and not by the sizes that were rounded down.
    const byFactor = !scale.size && multiple === 1 && size.width === Math.floor(from.width * scale.factor) && size.height === Math.floor(from.height * scale.factor)
    views.push(resampleFractions(from, size.width, size.height, { mode, alignCorners, factor: byFactor ? scale.factor : undefined }))
  }
  return views
}
