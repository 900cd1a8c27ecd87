import { mkdir } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
import { counted } from '../../review/sentences.ts'
import { BlockFiles } from '../../verify/blockFiles.ts'
import { featureFingerprint, featureSpec } from '../../verify/featureSpec.ts'
import type { Candidates } from '../../verify/candidates.ts'
import type { VerifyImage } from '../../verify/picture.ts'
import { featuresFolder, verifyImages } from '../../verify/projectImages.ts'
import { delfSettings, featureSettings, type FeatureSettings, matchSettings, modelFeatureSettings, modelSettings, orbSettings } from '../../verify/settings.ts'
import { isOpen, reasonCodes, type VerifiedPairs } from '../../verify/verifyBatch.ts'
import { verifyAll } from '../../verify/verifyRun.ts'
import { writePairColumns } from '../kinds.ts'
import { inPairThread } from '../pairThread.ts'
import { partialHash } from '../partialHash.ts'
import { defineStep, type EngineRun, type Fingerprint, type ParamsOf } from '../step.ts'

const { shape: orb } = orbSettings
const { shape: match } = matchSettings
const { shape: model } = modelSettings

export const definition = defineStep({
  use: 'verify',
  title: 'Verify geometrically',
  about:
    'Looks for one map of the plane that carries local features of the first image onto those of the second, and counts the matches that agree with it (inliers). Unrelated images have a handful, ' +
    'copies and other views of a flat thing dozens to hundreds. Features are kept in the project: a second run needs no picture.',
  source: 'Fischler and Bolles 1981 (RANSAC); Rublee et al. 2011 (ORB); Landmark 2019 (lyakaap), exp/delf/matching_localfeatures.py: threshold 0.8, affine, 20 px of the image, 1000 trials, seed 114514',
  version: 2,
  params: z.object({
    detector: z.enum(['orb', 'model', 'delf']).default('orb').describe('Where local features come from. orb: found here, binary. model: an ONNX model with a card for local features. delf: .delf or .npz files that another program wrote.'),
    card: z.string().optional().describe('For model: the card’s file; the model lies beside it.'),
    folder: z.string().optional().describe('For delf: the folder with NAME.delf or NAME.npz for each image NAME.jpg.'),
    top: z.int().min(1).max(100_000).default(100).describe('At most so many references a query, the best.'),
    features: z.int().min(8).max(10_000).default(800).describe('At most so many features an image, the strongest.'),
    longestSide: orb.longestSide.describe('For orb: pictures are shrunk to this longest side before features are looked for.'),
    fastThreshold: orb.fastThreshold.describe('For orb: how much a corner must stand out, in grey levels. Lower finds more in blurred and dark pictures.'),
    mirrored: z.boolean().default(false).describe('Also try each query mirrored; doubles the work. No local feature recognises a mirrored copy by itself.'),
    maxDistance: match.maxDistance.describe('Matches must be closer than this: bits of orb (of 256), Euclid’s distance of others. Empty: any.'),
    ratio: match.ratio.describe('The nearest feature must be closer than this many times the second nearest. Empty: no such test.'),
    mutual: match.mutual.describe('Matched features must be each other’s nearest.'),
    model: model.model.describe('affine: parallelograms onto parallelograms. homography: any view of a flat thing.'),
    residual: model.residual.describe('How far from where the map puts it an inlier may lie, in pixels.'),
    residualOf: model.residualOf.describe('Pixels of the shrunk picture in which features were found, or of the whole image.'),
    maxTrials: model.maxTrials.describe('Samples that are tried at most.'),
    stopProbability: model.stopProbability.describe('Stop trying when a sample without a wrong match was drawn with this probability; 1 tries all.'),
    seed: model.seed.describe('Of the samples: the same seed gives the same result.'),
    maxZoom: model.maxZoom.describe('Maps that change lengths more than this many times are not believed. Empty: all are.'),
    refits: model.refits.describe('How often the map of all inliers may take in more of them; 0 as in scikit-image.'),
    score: z.enum(['keep', 'inliers', 'ratio']).default('keep').describe('The score of the pairs afterwards: as it came in, or the evidence; pairs are ordered by it.'),
    keepPoints: z.int().min(0).max(10_000).default(100).describe('Inliers whose places are kept for drawing, a pair.')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'pairs to verify, or ranked lists' } },
  output: 'pairs',
  runsIn: 'engine',
  files: ['card'],
  // Counts of inliers mean something for one kind of local features only.
  origin: ({ detector, card }) => ({ localFeatures: detector === 'model' ? `model:${basename(String(card))}` : String(detector) })
})

type Params = ParamsOf<typeof definition>

/** Throws BAD_INPUT where a detector lacks what it needs. */
function featuresOf({ detector, card, folder, features, longestSide, fastThreshold }: Params): FeatureSettings {
  if (detector === 'model') {
    if (!card) throw new WinnowError('BAD_INPUT', 'The detector "model" needs a card: set "card" to its file.')
    return modelFeatureSettings.parse({ kind: 'model', card, features })
  }
  if (detector === 'delf') {
    if (!folder) throw new WinnowError('BAD_INPUT', 'The detector "delf" needs the folder of its files: set "folder".')
    if (!isAbsolute(folder)) throw new WinnowError('BAD_INPUT', `${definition.title}: "folder" must be an absolute path, not ${folder}.`)
    return delfSettings.parse({ kind: 'delf', folder, features })
  }
  return featureSettings.parse({ kind: 'orb', features, longestSide, fastThreshold })
}

export const fingerprint: Fingerprint<typeof definition> = async (_job, params) => featureFingerprint(await featureSpec(featuresOf(params)))

export const run: EngineRun<typeof definition> = async ({ job, signal, report, note, out, scratch }, { pairs: input }, params) => {
  const { engine, project } = job
  const settings = featuresOf(params)
  if (settings.kind === 'delf' && params.mirrored) note('DELF files hold no mirrored features, so mirrored copies are not looked for.')
  const candidates = await inPairThread(signal, async (thread) => await thread.call('candidates', [{ pairs: input.folder }, params.top], { signal }))
  const known = await verifyImages(project, [...candidates.a, ...candidates.b], signal)
  const ready = [...known.values()].toSorted((x, y) => x.imageId - y.imageId)
  const { places, pairs } = placesOf(candidates, ready)
  // Blocks know their pairs by place: with other images ready there are other pairs.
  const blocks = join(scratch, partialHash(Int32Array.from(ready, ({ imageId }) => imageId), pairs))
  await mkdir(blocks, { recursive: true })
  const result = await verifyAll(engine.verify, {
    images: ready, pairs, features: await featureSpec(settings), match: matchSettings.parse(params), model: modelSettings.parse(params),
    mirrored: params.mirrored && settings.kind !== 'delf', cacheFolder: featuresFolder(project), points: params.keepPoints === 0 ? 'none' : 'inliers', mostPoints: params.keepPoints
  }, {
    signal, blocks: new BlockFiles(blocks),
    onProgress: ({ stage, done, total }) => report(done, total, stage === 'features' ? 'finding features' : 'comparing pairs')
  })
  for (const { imageId, reason, detail } of result.failures) job.fail({ imageId, subject: nameOf(known.get(imageId)), reason, detail })
  const missing = candidates.a.length - places.length
  if (missing > 0) note(`${counted(missing, 'pair names an image that is', 'pairs name images that are')} gone or could not be read: no inliers.`)
  await write({ out, input: candidates, places, verified: result.pairs, score: params.score, failures: result.failures.length })
}

const nameOf = (image: VerifyImage | undefined): string => (image ? Buffer.from(image.path).toString() : '')

/** Of the pairs whose images are both ready: where they stand, and the places of their images. */
function placesOf({ a, b }: Candidates, ready: readonly VerifyImage[]): { places: Int32Array; pairs: Int32Array } {
  const placeOf = new Map(ready.map(({ imageId }, place) => [imageId, place]))
  const places = Int32Array.from({ length: a.length }, (_, i) => i).filter((i) => placeOf.has(a[i] as number) && placeOf.has(b[i] as number))
  const pairs = new Int32Array(2 * places.length)
  for (const [at, i] of places.entries()) {
    pairs[2 * at] = placeOf.get(a[i] as number) as number
    pairs[2 * at + 1] = placeOf.get(b[i] as number) as number
  }
  return { places, pairs }
}

interface Written {
  readonly out: Parameters<typeof writePairColumns>[0]
  readonly input: Candidates
  /** Row of `input` of each verified pair; the others were not verified. */
  readonly places: Int32Array
  readonly verified: VerifiedPairs
  readonly score: Params['score']
  readonly failures: number
}

/** The pairs with their evidence as columns, best first. */
async function write({ out, input, places, verified, score, failures }: Written): Promise<void> {
  const n = input.a.length
  const rowOf = new Int32Array(n).fill(-1)
  for (const [row, i] of places.entries()) rowOf[i] = row
  const column = (from: Int32Array | Float32Array | Uint8Array, otherwise = 0): ((i: number) => number) => (i) => ((rowOf[i] as number) < 0 ? otherwise : (from[rowOf[i] as number] as number))
  const inliersOf = column(verified.inliers)
  const ratioOf = column(verified.ratio)
  const scores = score === 'keep' ? input.scores : Float32Array.from({ length: n }, (_, i) => (score === 'inliers' ? inliersOf(i) : ratioOf(i)))
  const order = Int32Array.from({ length: n }, (_, i) => i)
  if (score !== 'keep') order.sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)
  const take = (from: Int32Array): Int32Array => order.map((i) => from[i] as number)
  await writePairColumns(out, { a: take(input.a), aParts: take(input.aParts), b: take(input.b), bParts: take(input.bParts), scores: Float32Array.from(order, (i) => scores[i] as number) })
  const inliers = order.map(inliersOf)
  await out.column('inliers', inliers)
  await out.column('matches', order.map(column(verified.matches)))
  await out.column('ratio', Float32Array.from(order, ratioOf))
  await out.column('mirrored', Uint8Array.from(order, column(verified.mirrored)))
  // Why there are none: facts.reasons[code].
  const reasons = Uint8Array.from(order, column(verified.reasons, reasonCodes.indexOf('image-failed')))
  await out.column('reason', reasons)
  const matrix = new Float64Array(9 * n)
  const pointsFrom = new Int32Array(n + 1)
  const points = new Float32Array(verified.points.length)
  let at = 0
  for (const [to, i] of order.entries()) {
    const row = rowOf[i] as number
    if (row >= 0) {
      matrix.set(verified.matrix.subarray(9 * row, 9 * row + 9), 9 * to)
      const some = verified.points.subarray(4 * (verified.pointsFrom[row] as number), 4 * (verified.pointsFrom[row + 1] as number))
      points.set(some, 4 * at)
      at += some.length / 4
    }
    pointsFrom[to + 1] = at
  }
  await out.column('matrix', matrix, [n, 9])
  await out.column('pointsFrom', pointsFrom)
  await out.column('points', points, [at, 4])
  const some = inliers.reduce((count, each) => count + Number(each > 0), 0)
  const lacking = order.filter((_, to) => isOpen(reasons[to] as number))
  const failed = failures > 0 ? `; ${counted(failures, 'image')} could not be read` : ''
  await out.finish('pairs', `${some.toLocaleString('en')} of ${counted(n, 'pair')} with inliers${failed}`, {
    pairs: n, verified: places.length, withInliers: some, failures, reasons: reasonCodes, score,
    ...(lacking.length > 0 ? { partial: partialHash(lacking.map((i) => input.a[i] as number), lacking.map((i) => input.b[i] as number)) } : {})
  })
}
