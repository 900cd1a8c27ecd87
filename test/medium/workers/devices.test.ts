import { afterEach, expect, test } from 'vitest'
import type { EmbedBatch } from '../../../core/models/embedBatch.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'

const entry = new URL('./devices.vision.ts', import.meta.url)
let pool: VisionPool
afterEach(async () => await pool.close())

const batch = (provider: string, imageId: number): EmbedBatch =>
  ({ model: { card: {}, file: '', providers: [provider, 'cpu'] } as unknown as EmbedBatch['model'], items: [{ imageId, path: Buffer.from('a'), bytes: 1, mtimeMs: 1, svg: false }] })

/** Embeds `count` batches at once: which device and which process made each. */
async function embedMany(provider: string, count: number): Promise<{ device: number; pid: number }[]> {
  const replies = await Promise.all(Array.from({ length: count }, (_, i) => pool.embed(batch(provider, i))))
  return replies.map(({ vectors: [device, pid] }) => ({ device: device as number, pid: pid as number }))
}

test('several GPUs: each has a worker of its own, even with fewer cores, and a worker stays on its device', async () => {
  pool = new VisionPool({ workers: 2, entry, devices: async () => [0, 1, 3] })
  const made = [...await embedMany('cuda', 24), ...await embedMany('cuda', 12)]
  expect(new Set(made.map(({ device }) => device))).toEqual(new Set([0, 1, 3]))
  expect(pool.pids).toHaveLength(3)
  const ofProcess = new Map<number, Set<number>>()
  for (const { pid, device } of made) ofProcess.set(pid, (ofProcess.get(pid) ?? new Set()).add(device))
  for (const devices of ofProcess.values()) expect(devices.size).toBe(1)
})

test('on the CPU, on other providers and with a single GPU nothing changes: no device is named and no more workers start', async () => {
  let asked = 0
  pool = new VisionPool({ workers: 2, entry, devices: async () => (asked++, [0]) })
  expect(new Set((await embedMany('cpu', 6)).map(({ device }) => device))).toEqual(new Set([-1]))
  expect(asked).toBe(0)
  for (const provider of ['cuda', 'webgpu']) expect(new Set((await embedMany(provider, 6)).map(({ device }) => device))).toEqual(new Set([-1]))
  expect(asked).toBe(1)
  expect(pool.pids).toHaveLength(2)
})
