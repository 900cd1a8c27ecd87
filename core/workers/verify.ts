/** A verification worker process: finds local features, matches them and looks for the map between two images. A bad file can kill it, and only it. */
import sharp from 'sharp'
import { prepareFeatures, verifyPairs } from '../verify/verifyWork.ts'
import { type CallContext, serveParent } from './channel.ts'

// One process a core: threads inside libvips would only fight each other.
sharp.concurrency(1)
sharp.cache(false)

export const verifyWorker = {
  /** Answers once everything is loaded. */
  hello: (_context: CallContext): true => true,
  features: prepareFeatures,
  pairs: verifyPairs
}
export type VerifyWorker = typeof verifyWorker

process.on('disconnect', () => process.exit(0))
serveParent(verifyWorker)
