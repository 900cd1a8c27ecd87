/** A thread that compares perceptual hashes; one for each core, all over the same shared memory. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { type HammingPairs, HammingScan } from './hammingScan.ts'

const { hashes } = workerData as { hashes: SharedArrayBuffer }
const scan = new HammingScan(new Uint8Array(hashes))

const perceptualThread = {
  pairs(from: number, to: number, radius: number, _context: CallContext): Transferred<HammingPairs> {
    const pairs = scan.pairs(from, to, radius)
    return new Transferred(pairs, [pairs.a.buffer, pairs.b.buffer, pairs.distance.buffer] as ArrayBuffer[])
  }
}
export interface PerceptualThread {
  pairs(from: number, to: number, radius: number, context: CallContext): HammingPairs
}

if (!parentPort) throw new Error('perceptual.thread.ts is the entry of a worker thread')
serveThread(parentPort, perceptualThread)
