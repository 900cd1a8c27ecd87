import { createHash } from 'node:crypto'

/** For `facts.partial` (step.ts): which parts of images a result holds that lacks some. */
export const partialHash = (images: Int32Array, parts: Int32Array): string => createHash('sha256').update(images).update(parts).digest('hex').slice(0, 16)
