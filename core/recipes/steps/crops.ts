import { z } from 'zod'
import { cropTemplateNames, fixedViews, isSmallPart } from '../../descriptors/crops.ts'
import { classNumbers, readDetectorCard } from '../../descriptors/detectorCard.ts'
import { type Box, partIds } from '../../descriptors/partView.ts'
import type { RegionDetection, RegionSearch } from '../../descriptors/regionBatch.ts'
import { detectionFingerprint, RegionFinder, searchFingerprint } from '../../descriptors/regionFinder.ts'
import { visionForceProposals as seed } from '../../descriptors/selectiveSearch.ts'
import type { PartSource, StoredPart } from '../../project/repositories/parts.ts'
import { GrowingInt32 } from '../../search/growingList.ts'
import { readImages, writeParts } from '../kinds.ts'
import { partialHash } from '../partialHash.ts'
import { defineStep, type EngineRun, type ParamsOf } from '../step.ts'

export const definition = defineStep({
  use: 'crops',
  title: 'Cut images into parts',
  about: 'Fixed crops and turns, regions that stand out (selective search), and what an object detector finds. A copy pasted into another picture is found by the part that it is.',
  source: 'D2LV (arXiv 2112.04323), WangWenhao0716/ISC-Track1-Submission, Test/augmentation; Uijlings et al., IJCV 2013; Felzenszwalb and Huttenlocher, IJCV 2004',
  version: 1,
  params: z.object({
    templates: z.array(z.enum(cropTemplateNames)).default(['whole']).describe('Sets of fixed parts. query: whole, three turns, centre, four boxes; reference: whole, 2x2, 3x3, centre, four boxes.'),
    selectiveSearch: z.boolean().default(false).describe('Also regions found by selective search: parts 100 to 999. Takes about a second an image.'),
    scale: z.number().gt(0).max(100_000).default(seed.scale).describe('Segmentation: larger segments.'),
    sigma: z.number().min(0).max(10).default(seed.sigma).describe('Segmentation: blur before it, in pixels.'),
    minSize: z.int().min(1).max(100_000).default(seed.minSize).describe('Segmentation: the fewest pixels of a segment.'),
    minRegion: z.int().min(1).max(10_000_000).default(seed.minRegion).describe('Regions of fewer pixels are left out.'),
    maxAspect: z.number().min(1).max(100).default(seed.maxAspect).describe('Regions longer than this many times their other side are left out.'),
    regionIou: z.number().gt(0).max(1).default(seed.iou).describe('Regions that overlap an earlier one by more are left out.'),
    longestSide: z.int().min(64).max(2048).default(1024).describe('Larger pictures are shrunk to this before they are searched for regions; pixel counts above are of the shrunk picture.'),
    mostRegions: z.int().min(1).max(900).default(200).describe('At most so many regions an image.'),
    detector: z.string().optional().describe('Card (JSON) of an ONNX object detector: its boxes become parts 1000 to 1999.'),
    detectorClasses: z.array(z.string()).default([]).describe('Names of the classes to keep; all where none is named.'),
    confidence: z.number().gt(0).lt(1).optional().describe("Detections with a lower score are left out; the card's value where it is not given."),
    detectorIou: z.number().gt(0).max(1).optional().describe("Of two detections of a class that overlap by more the weaker goes; the card's value where it is not given."),
    provider: z.enum(['cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml']).default('cpu').describe('Where the detector runs; the CPU where that fails.'),
    smallest: z.int().min(0).max(4096).default(0).describe('Parts that are narrower or lower (in pixels of the whole image) are left out; the whole image always stays.')
  }),
  inputs: { images: { kinds: ['images'], about: 'the images to cut' } },
  output: 'parts',
  runsIn: 'engine',
  files: ['detector']
})

type Params = ParamsOf<typeof definition>

const searchOf = (params: Params): RegionSearch | null => {
  const { selectiveSearch, scale, sigma, minSize, minRegion, maxAspect, regionIou, longestSide, mostRegions } = params
  return selectiveSearch ? { scale, sigma, minSize, minRegion, maxAspect, iou: regionIou, longestSide, most: mostRegions } : null
}

async function detectionOf({ detector: path, detectorClasses, confidence, detectorIou, provider }: Params): Promise<RegionDetection | null> {
  if (path === undefined) return null
  const detector = await readDetectorCard(path)
  const { card } = detector
  return {
    detector,
    classes: classNumbers(card, detectorClasses),
    confidence: confidence ?? card.confidence,
    iou: detectorIou ?? card.iou,
    maxDetections: card.maxDetections,
    providers: provider === 'cpu' ? ['cpu'] : [provider, 'cpu']
  }
}

const imagesPerPage = 1000

export const run: EngineRun<typeof definition> = async (context, { images }, params) => {
  const { job, out, note, report, signal, scratch } = context
  const ids = await readImages(images)
  const search = searchOf(params)
  const detection = await detectionOf(params)
  const finder = new RegionFinder(job, { signal, scratch })
  const rounds = (search ? 1 : 0) + (detection ? 1 : 0)
  if (search) await finder.search(ids, search, (done) => report(done, ids.length * rounds, 'searching for regions'))
  if (detection) await finder.detect(ids, detection, (done) => report((rounds - 1) * ids.length + done, ids.length * rounds, 'detecting'))
  if (finder.withoutId > 0) note(`${finder.withoutId.toLocaleString('en')} regions were left out: their image has no free part id any more.`)

  const sources: [PartSource, string][] = []
  if (search) sources.push(['proposal', searchFingerprint(search)])
  if (detection) sources.push(['detector', detectionFingerprint(detection)])
  const table = new PartTable()
  let gone = 0
  for (let at = 0; at < ids.length; at += imagesPerPage) {
    signal.throwIfAborted()
    const page = ids.subarray(at, at + imagesPerPage)
    const sizes = await job.project.read.parts.imageSizes(page)
    const found = new Map<number, StoredPart[]>()
    for (const [source, fingerprint] of sources) {
      for (const part of await job.project.read.parts.found(source, fingerprint, [...page])) found.set(part.imageId, [...(found.get(part.imageId) ?? []), part])
    }
    for (const [i, imageId] of page.entries()) {
      const [width, height] = [sizes[i * 2] as number, sizes[i * 2 + 1] as number]
      if (width === 0 || height === 0) {
        gone++
        continue
      }
      const views = [...fixedViews(params.templates, width, height), ...(found.get(imageId) ?? []).sort((a, b) => a.part - b.part)]
      for (const { part, box } of views) if (part === partIds.whole || !isSmallPart({ box }, width, height, params.smallest)) table.add(imageId, part, box)
    }
  }
  if (gone > 0) note(`${gone.toLocaleString('en')} images can no longer be read and have no parts. Scan their folders again.`)
  const [partImages, parts] = [table.images.view(), table.parts.view()]
  const lacking = gone + finder.failed
  await writeParts(out, { images: partImages, parts, boxes: table.boxes.view() }, `${parts.length.toLocaleString('en')} parts of ${(ids.length - gone).toLocaleString('en')} images`, {
    regions: table.regions, detections: table.detections, ...(lacking > 0 ? { failed: lacking, partial: partialHash(partImages, parts) } : {})
  })
}

/** The columns of the result while they grow: a million images have tens of millions of parts. */
class PartTable {
  readonly images = new GrowingInt32()
  readonly parts = new GrowingInt32()
  readonly boxes = new GrowingInt32()
  regions = 0
  detections = 0

  add(imageId: number, part: number, box: Box | null): void {
    this.images.push(imageId)
    this.parts.push(part)
    for (const value of box ? [box.left, box.top, box.width, box.height] : [0, 0, 0, 0]) this.boxes.push(value)
    if (part >= partIds.firstDetection) this.detections++
    else if (part >= partIds.firstProposal) this.regions++
  }
}
