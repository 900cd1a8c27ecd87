import { DecodeFailure } from '../images/decodeFailure.ts'
import { openImage, type OpenedImage } from '../images/openImage.ts'
import type { RgbPixels } from '../images/rawPixels.ts'
import { readImageFile } from '../images/readImageFile.ts'
import type { CallContext } from '../workers/channel.ts'
import type { DetectorSession } from './detectorSession.ts'
import type { Box } from './partView.ts'
import type { RegionBatch, RegionDetection, RegionItem, RegionOutcome, RegionSearch } from './regionBatch.ts'
import { proposeRegions } from './selectiveSearch.ts'

/**
 * Region proposals and detector boxes of image files; runs inside a vision worker, only boxes leave it. A picture that cannot be read becomes a failure
 * of its own. Throws (for the batch) only where the detector cannot be loaded or does not fit its card, or where the caller gave up.
 */
export async function regionsOfFiles({ items, search, detection }: RegionBatch, { signal, notify }: CallContext): Promise<RegionOutcome[]> {
  const session = detection ? await sessionOf(detection) : null
  const outcomes: RegionOutcome[] = []
  for (const item of items) {
    signal.throwIfAborted()
    outcomes.push(await regionsOf(item, search, detection && session ? { session, detection } : null))
    notify({ finished: 1 })
  }
  return outcomes
}

async function regionsOf(item: RegionItem, search: RegionSearch | null, detector: { session: DetectorSession; detection: RegionDetection } | null): Promise<RegionOutcome> {
  const { imageId } = item
  try {
    const image = await openUnchanged(item)
    const { width, height } = image
    const proposals = search ? await proposalsOf(image, search) : []
    const detections = detector ? (await detector.session.detect(image, detector.detection)).map(({ box }) => box) : []
    return { imageId, width, height, proposals: flat(proposals), detections: flat(detections) }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    return { imageId, failure: { reason: error.failure, detail: error.message } }
  }
}

async function proposalsOf(image: OpenedImage, search: RegionSearch): Promise<Box[]> {
  const pixels = await pixelsOf(image, search.longestSide)
  return enlarged(proposeRegions(pixels, search), pixels, image).slice(0, search.most)
}

async function openUnchanged({ path, bytes: size, mtimeMs, svg }: RegionItem): Promise<OpenedImage> {
  const { bytes, stamp } = await readImageFile(path)
  if (stamp.bytes !== size || Math.abs(stamp.mtimeMs - mtimeMs) >= 1) throw new DecodeFailure('unreadable', 'The file changed since it was scanned. Scan its folder again.')
  return await openImage(bytes, { svg })
}

async function pixelsOf(image: OpenedImage, longestSide: number): Promise<RgbPixels> {
  const longest = Math.max(image.width, image.height)
  if (longest <= longestSide) return await image.rgb()
  const width = Math.max(1, Math.round((image.width * longestSide) / longest))
  const height = Math.max(1, Math.round((image.height * longestSide) / longest))
  try {
    const { data, info } = await image.pipeline().resize(width, height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false }).raw().toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, data }
  } catch (error) {
    throw image.failureOf(error)
  }
}

/** Boxes of the shrunk picture in the pixels of the whole: nothing that was inside falls out. */
function enlarged(boxes: readonly Box[], small: RgbPixels, { width, height }: OpenedImage): Box[] {
  if (small.width === width && small.height === height) return [...boxes]
  return boxes.map(({ left, top, width: w, height: h }) => {
    const x = Math.floor((left * width) / small.width)
    const y = Math.floor((top * height) / small.height)
    return { left: x, top: y, width: Math.min(width, Math.ceil(((left + w) * width) / small.width)) - x, height: Math.min(height, Math.ceil(((top + h) * height) / small.height)) - y }
  })
}

const flat = (boxes: readonly Box[]): Int32Array => Int32Array.from(boxes.flatMap(({ left, top, width, height }) => [left, top, width, height]))

/** The detector of the step that runs; a worker holds one. */
let held: { key: string; session: Promise<DetectorSession> } | null = null

async function sessionOf({ detector, providers }: RegionDetection): Promise<DetectorSession> {
  const key = JSON.stringify([detector, providers])
  if (held?.key !== key) {
    const former = held
    // Loaded on first use: proposals need no ONNX Runtime.
    const session = import('./detectorSession.ts').then(async ({ DetectorSession }) => await DetectorSession.open(detector, providers))
    held = { key, session }
    session.catch(() => {
      if (held?.session === session) held = null
    })
    await former?.session.then((old) => old.close()).catch(() => undefined)
  }
  return await held.session
}
