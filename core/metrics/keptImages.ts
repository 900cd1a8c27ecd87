import { IntIndex } from './intIndex.ts'
import { agreement, type SetAgreement } from './pairSet.ts'

export interface CleaningAgreement {
  /** Of the kept images, how many are clean; of the clean images, how many are kept. */
  readonly kept: SetAgreement
  /** Of the dropped images, how many are foreign; of the foreign images, how many are dropped. null where the truth has no foreign image. */
  readonly dropped: SetAgreement | null
  /** Kept images of which the truth says nothing: in no count above. */
  readonly unjudged: number
}

/**
 * A cleaned subset against the truth: `images` beside `clean` (1 clean, 0 foreign), `kept` the ids that the cleaning kept. Only images with a
 * truth count. Throws BAD_INPUT where no image is clean.
 */
export function cleaningAgreement(kept: Int32Array, images: Int32Array, clean: Uint8Array): CleaningAgreement {
  const place = new IntIndex(images)
  const keeps = new Uint8Array(images.length)
  let unjudged = 0
  for (const id of kept) {
    const at = place.find(id)
    if (at < 0) unjudged++
    else keeps[at] = 1
  }
  let both = 0
  let cleanCount = 0
  let keptCount = 0
  let neither = 0
  for (let i = 0; i < images.length; i++) {
    const isClean = clean[i] === 1
    if (isClean) cleanCount++
    if (keeps[i] === 1) keptCount++
    if (isClean && keeps[i] === 1) both++
    if (!isClean && keeps[i] !== 1) neither++
  }
  const foreign = images.length - cleanCount
  return {
    kept: agreement(keptCount, cleanCount, both),
    dropped: foreign === 0 ? null : agreement(images.length - keptCount, foreign, neither),
    unjudged
  }
}
