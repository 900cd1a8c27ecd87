/**
 * What reading and embedding cost on one core beside the model itself, from scans of photographs on a 2-core machine: a full decode with its hashes
 * and thumbnail grows with the compressed size (about 4 MB and 350 ms for 12 megapixels); for embedding the JPEG decoder shrinks while it decodes.
 */
const read = { millisecondsPerImage: 8, millisecondsPerMegabyte: 85 } as const
const decodeForModel = { millisecondsPerImage: 3, millisecondsPerMegabyte: 18 } as const
/** Starting the workers and loading the model. */
const startSeconds = 2

export interface PrepareWork {
  readonly images: number
  readonly bytes: number
  /** Inference, on one core of the CPU or on the GPU. */
  readonly modelMilliseconds: number
  readonly onCpu: boolean
  /** Vision processes that share the work. */
  readonly workers: number
}

/** How long it takes from folder to descriptors, in seconds, roughly. Comparing and proposing come on top: short, up to some ten thousand images. */
export function prepareSeconds({ images, bytes, modelMilliseconds, onCpu, workers }: PrepareWork): number {
  if (images === 0) return 0
  const megabytes = bytes / 1e6
  const cost = ({ millisecondsPerImage, millisecondsPerMegabyte }: typeof read | typeof decodeForModel): number => images * millisecondsPerImage + megabytes * millisecondsPerMegabyte
  const inference = images * modelMilliseconds
  const reading = cost(read) / workers
  // On a GPU decoding and inference go on side by side: the slower one counts.
  const embedding = onCpu ? (cost(decodeForModel) + inference) / workers : Math.max(cost(decodeForModel) / workers, inference)
  return startSeconds + (reading + embedding) / 1000
}
