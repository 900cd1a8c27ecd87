import type { PairEvidence } from '../contract/verification.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Engine } from '../engine.ts'
import type { Project } from '../project/project.ts'
import { featureSpec } from './featureSpec.ts'
import { featuresFolder, verifyImages } from './projectImages.ts'
import { verifySettings, type VerifySettings } from './settings.ts'
import { type FeatureFailure, mapOf, reasonCodes, type VerifiedPairs } from './verifyBatch.ts'
import type { NoEvidence } from './verifyFeatures.ts'

const mostPoints = 500

/**
 * Verifies one pair of images for a screen, mirrored too, with all matched points. Tens of milliseconds where the features of both are kept already, well under a second
 * where not. Throws NOT_FOUND where an image is not there or not ready, BAD_INPUT or CORRUPT where a model's card is not in order.
 */
export async function verifyPair({ engine, project }: { readonly engine: Engine; readonly project: Project }, { a, b }: { readonly a: number; readonly b: number }, { settings = verifySettings.parse({ mirrored: true }), signal }: { readonly settings?: VerifySettings; readonly signal?: AbortSignal } = {}): Promise<PairEvidence> {
  const images = await verifyImages(project, [a, b], signal)
  const [first, second] = [images.get(a), images.get(b)]
  if (!first || !second) throw new WinnowError('NOT_FOUND', `The image ${first ? b : a} is not in the project, or could not be read. Scan its folder again.`)
  const spec = await featureSpec(settings.features)
  const { pairs, failures } = await engine.verify.pairs({
    work: { spec, cacheFolder: featuresFolder(project), mirrored: settings.mirrored && spec.kind !== 'delf' },
    match: settings.match, model: settings.model, pairs: [{ first, second }], points: 'all', mostPoints
  }, { signal })
  return { a, b, ...evidenceOf(pairs, 0, failures) }
}

/** Row `index` of verified pairs as the contract has it. */
export function evidenceOf(pairs: VerifiedPairs, index: number, failures: readonly FeatureFailure[] = []): Omit<PairEvidence, 'a' | 'b'> {
  const map = mapOf(pairs, index)
  const reason = reasonCodes[pairs.reasons[index] as number] ?? null
  const points: PairEvidence['points'] = []
  for (let row = pairs.pointsFrom[index] as number; row < (pairs.pointsFrom[index + 1] as number); row++) {
    const [x1, y1, x2, y2] = pairs.points.subarray(4 * row, 4 * row + 4) as unknown as [number, number, number, number]
    points.push([x1, y1, x2, y2, pairs.pointInlier[row] === 1 ? 1 : 0])
  }
  return {
    inliers: pairs.inliers[index] as number, matches: pairs.matches[index] as number, ratio: pairs.ratio[index] as number,
    matrix: map ? [...map] : null, mirrored: pairs.mirrored[index] === 1, reason, problem: reason && (failures[0]?.detail ?? sentences[reason]), points
  }
}

const sentences: Readonly<Record<NoEvidence, string>> = {
  'image-failed': 'One of the two images could not be read.',
  crashed: 'Comparing the two brings down the process that tries.',
  'no-features': 'One of the two images has no corners or texture that could be recognised.',
  'too-few-matches': 'Hardly anything in one image looks like something in the other.',
  'no-model': 'What looks alike in the two images does not lie in the same arrangement.'
}
