import type { LocalFeatures } from './localFeatures.ts'
import { explainOpenCv, openCv } from './openCv.ts'
import { type ShrunkPicture, wholePoint } from './picture.ts'
import type { OrbSettings } from './settings.ts'

/** ORB's own patch; keypoints keep half of it from the border. */
const patch = 31
const descriptorBytes = 32

/** ORB features (Rublee et al. 2011, OpenCV's defaults but for the settings) of a grey picture. Throws what OpenCV says. */
export async function orbFeatures(picture: ShrunkPicture, { features, levels, scaleFactor, fastThreshold }: OrbSettings): Promise<LocalFeatures> {
  const cv = await openCv()
  const image = new cv.Mat(picture.height, picture.width, cv.CV_8UC1)
  const mask = new cv.Mat()
  const descriptors = new cv.Mat()
  const keypoints = new cv.KeyPointVector()
  const orb = new cv.ORB(features, scaleFactor, levels, patch, 0, 2, cv.ORB_HARRIS_SCORE, patch, fastThreshold)
  try {
    image.data.set(picture.data)
    orb.detectAndCompute(image, mask, keypoints, descriptors)
    const n = keypoints.size()
    const points = new Float32Array(2 * n)
    const scores = new Float32Array(n)
    for (let i = 0; i < n; i++) {
      const { pt, response, octave } = keypoints.get(i)
      // OpenCV multiplies places of a shrunk level by its scale; the middle of a pixel that is s pixels wide lies (s - 1) / 2 further.
      const offset = (scaleFactor ** octave - 1) / 2
      points.set(wholePoint(picture, pt.x + offset, pt.y + offset), 2 * i)
      scores[i] = response
    }
    // A copy: the view belongs to WebAssembly.
    const data = n === 0 ? new Uint8Array(0) : descriptors.data.slice(0, n * descriptorBytes)
    return { width: picture.whole.width, height: picture.whole.height, shrink: picture.shrink, points, scores, descriptors: { kind: 'binary', bytes: descriptorBytes, data } }
  } catch (error) {
    throw explainOpenCv(cv, error)
  } finally {
    for (const each of [image, mask, descriptors, keypoints, orb]) each.delete()
  }
}
