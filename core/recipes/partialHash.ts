import { createHash } from 'node:crypto'

/** For `facts.partial` (step.ts): which parts of images a result holds that lacks some, or which pairs of images it lacks. */
export const partialHash = (images: Int32Array, others: Int32Array): string => createHash('sha256').update(images).update(others).digest('hex').slice(0, 16)
