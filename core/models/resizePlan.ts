import type { ModelCard } from '../contract/models.ts'

export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How a picture becomes the model's input: cut from the source, resize, cut the result, pad the result. Whole pixels. */
export interface ResizePlan {
  readonly source: Region | null
  readonly width: number
  readonly height: number
  readonly crop: Region | null
  /** Black borders, in pixels. */
  readonly pad: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | null
}

/** A strip longer than this many inputs is cut before it is resized, or a 60,000 x 2 picture would be blown up to a wall. */
const longestStrip = 8

/** Works out the plan for a picture of width x height pixels (upright). */
export function resizePlan({ input, resize }: { readonly input: Pick<ModelCard['input'], 'width' | 'height'>; readonly resize: ModelCard['resize'] }, width: number, height: number): ResizePlan {
  switch (resize.mode) {
    case 'squash': return { source: null, width: input.width, height: input.height, crop: null, pad: null }
    case 'crop': return (resize.method ?? 'fast') === 'fast'
      ? cropPlan(input.width, input.height, resize.cropFraction, width, height)
      : exactCropPlan(input.width, input.height, resize.cropFraction, width, height)
    case 'letterbox': return letterboxPlan(input.width, input.height, width, height)
  }
}

/** As torchvision's and timm's Resize + CenterCrop: the shortest side to size / cropFraction, then the middle. */
function cropPlan(toWidth: number, toHeight: number, cropFraction: number, width: number, height: number): ResizePlan {
  const scale = Math.max(Math.floor(toWidth / cropFraction) / width, Math.floor(toHeight / cropFraction) / height)
  const source = strip(width, height, Math.ceil((toWidth * longestStrip) / scale), Math.ceil((toHeight * longestStrip) / scale))
  const resizedWidth = Math.max(toWidth, Math.round((source?.width ?? width) * scale))
  const resizedHeight = Math.max(toHeight, Math.round((source?.height ?? height) * scale))
  const left = Math.round((resizedWidth - toWidth) / 2)
  const top = Math.round((resizedHeight - toHeight) / 2)
  const whole = resizedWidth === toWidth && resizedHeight === toHeight
  return { source, width: resizedWidth, height: resizedHeight, crop: whole ? null : { left, top, width: toWidth, height: toHeight }, pad: null }
}

/**
 * The same to the pixel: torchvision cuts the longer side down to whole pixels, and its CenterCrop rounds halves to the even one. (The fast way
 * keeps its own rounding: vectors that were made with it stay valid.)
 */
function exactCropPlan(toWidth: number, toHeight: number, cropFraction: number, width: number, height: number): ResizePlan {
  const fast = cropPlan(toWidth, toHeight, cropFraction, width, height)
  const from = fast.source ?? { width, height }
  const [leastWidth, leastHeight] = [Math.floor(toWidth / cropFraction), Math.floor(toHeight / cropFraction)]
  const byWidth = leastWidth * height >= leastHeight * width
  const resizedWidth = Math.max(toWidth, byWidth ? leastWidth : Math.floor((leastHeight * from.width) / from.height))
  const resizedHeight = Math.max(toHeight, byWidth ? Math.floor((leastWidth * from.height) / from.width) : leastHeight)
  const whole = resizedWidth === toWidth && resizedHeight === toHeight
  const crop = { left: halfToEven(resizedWidth - toWidth), top: halfToEven(resizedHeight - toHeight), width: toWidth, height: toHeight }
  return { source: fast.source, width: resizedWidth, height: resizedHeight, crop: whole ? null : crop, pad: null }
}

/** round(n / 2) as Python does it. */
const halfToEven = (n: number): number => (n % 2 === 0 ? n / 2 : 2 * Math.round(n / 4))

/** The middle of a picture that is longer than the model could ever see of it. */
function strip(width: number, height: number, mostWidth: number, mostHeight: number): Region | null {
  if (width <= mostWidth && height <= mostHeight) return null
  const keptWidth = Math.min(width, mostWidth)
  const keptHeight = Math.min(height, mostHeight)
  return { left: Math.floor((width - keptWidth) / 2), top: Math.floor((height - keptHeight) / 2), width: keptWidth, height: keptHeight }
}

function letterboxPlan(toWidth: number, toHeight: number, width: number, height: number): ResizePlan {
  const scale = Math.min(toWidth / width, toHeight / height)
  const innerWidth = Math.min(toWidth, Math.max(1, Math.round(width * scale)))
  const innerHeight = Math.min(toHeight, Math.max(1, Math.round(height * scale)))
  const left = Math.floor((toWidth - innerWidth) / 2)
  const top = Math.floor((toHeight - innerHeight) / 2)
  const whole = innerWidth === toWidth && innerHeight === toHeight
  return {
    source: null,
    width: innerWidth,
    height: innerHeight,
    crop: null,
    pad: whole ? null : { left, top, right: toWidth - innerWidth - left, bottom: toHeight - innerHeight - top }
  }
}
