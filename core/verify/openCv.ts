import { createRequire } from 'node:module'

/** An object in WebAssembly's memory: nothing frees it but `delete`. */
export interface Deletable {
  delete(): void
}

export interface Mat extends Deletable {
  readonly rows: number
  readonly cols: number
  /** A view of WebAssembly's memory: it dies when that memory grows. */
  readonly data: Uint8Array
}

export interface KeyPoint {
  readonly pt: { readonly x: number; readonly y: number }
  readonly response: number
  /** The level of the pyramid that it was found at. */
  readonly octave: number
}

export interface KeyPointVector extends Deletable {
  size(): number
  get(index: number): KeyPoint
}

export interface Orb extends Deletable {
  detectAndCompute(image: Mat, mask: Mat, keypoints: KeyPointVector, descriptors: Mat): void
}

/** What is used of OpenCV's WebAssembly build. */
export interface OpenCv {
  readonly Mat: { new (): Mat; new (rows: number, cols: number, type: number): Mat }
  readonly KeyPointVector: new () => KeyPointVector
  readonly ORB: new (features: number, scaleFactor: number, levels: number, edgeThreshold: number, firstLevel: number, wtaK: number, scoreType: number, patchSize: number, fastThreshold: number) => Orb
  readonly CV_8UC1: number
  readonly ORB_HARRIS_SCORE: number
  exceptionFromPtr(pointer: number): { readonly msg: string }
}

let loading: Promise<{ readonly cv: OpenCv }> | null = null

/**
 * Loads OpenCV (a quarter of a second, about 120 MB): only in a worker process. The package's export is a promise in 5.0 and was a module in
 * the making before.
 */
export async function openCv(): Promise<OpenCv> {
  // Wrapped, because some builds of the module have a `then` of their own that never answers.
  loading ??= (async () => ({ cv: (await createRequire(import.meta.url)('@techstark/opencv-js')) as OpenCv }))()
  return (await loading).cv
}

/** OpenCV throws its exceptions as addresses. */
export const explainOpenCv = (cv: OpenCv, thrown: unknown): Error =>
  typeof thrown === 'number' ? new Error(cv.exceptionFromPtr(thrown).msg) : thrown instanceof Error ? thrown : new Error(String(thrown))
