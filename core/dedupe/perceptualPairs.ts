import { availableParallelism } from 'node:os'
import { startThread } from '../workers/thread.ts'
import { orientedBytes, type HammingPairs } from './hammingScan.ts'
import type { PerceptualThread } from './perceptual.thread.ts'

/** Pairs compared in one go: about a quarter of a second of a core. */
const pairsAtOnce = 6e7
const mostThreads = 16

export interface PerceptualChunk extends HammingPairs {
  readonly rowsDone: number
}

/**
 * All pairs of pictures (rows of `hashes`) within a Hamming distance, the best of 8 orientations, by comparing every pair on every core: 3.5 ns a
 * pair, 20 s for 100,000 pictures on one core. Chunks come in the order of rows; `onChunk` is awaited with each and says the radius for the rest.
 */
export async function perceptualPairs(
  hashes: SharedArrayBuffer, rows: number, { from, radius }: { from: number; radius: number }, onChunk: (chunk: PerceptualChunk) => Promise<number>, signal: AbortSignal
): Promise<void> {
  if (hashes.byteLength < rows * orientedBytes) throw new RangeError('Fewer hashes than rows.')
  const wanted = Math.ceil((rows * rows) / 2 / pairsAtOnce)
  const threads = Array.from({ length: Math.max(1, Math.min(availableParallelism(), mostThreads, wanted)) }, () => startThread<PerceptualThread>(new URL('./perceptual.thread.ts', import.meta.url), { hashes }))
  const running: { to: number; pairs: Promise<HammingPairs> }[] = []
  let next = from
  let current = radius
  try {
    for (let turn = 0; next < rows || running.length > 0; ) {
      signal.throwIfAborted()
      while (next < rows && running.length < threads.length) {
        const to = Math.min(rows, next + Math.max(16, Math.floor(pairsAtOnce / (rows - next))))
        const { connection } = threads[turn++ % threads.length] as (typeof threads)[number]
        const pairs = connection.call('pairs', [next, to, current])
        // It is awaited in its turn; until then a failure must not count as unheard.
        pairs.catch(() => undefined)
        running.push({ to, pairs })
        next = to
      }
      const first = running.shift()
      if (first) current = await onChunk({ ...(await first.pairs), rowsDone: first.to })
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}
