import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EmbedBatch } from '../../../core/models/embedBatch.ts'
import { VisionPool, type VisionPoolOptions } from '../../../core/workers/visionPool.ts'

const entry = new URL('./poison.vision.ts', import.meta.url)
let folder: string
let pool: VisionPool
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-pool-'))
})
afterEach(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

async function filesNamed(names: readonly string[]): Promise<{ imageId: number; path: Buffer; svg: boolean; known: null }[]> {
  const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#357' } }).jpeg().toBuffer()
  return names.map((name, imageId) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return { imageId, path: Buffer.from(path), svg: false, known: null }
  })
}
const start = (options: VisionPoolOptions = {}): VisionPool => (pool = new VisionPool({ workers: 2, entry, ...options }))
const request = async (names: readonly string[]) => ({ thumbsFolder: join(folder, 'thumbs'), files: await filesNamed(names) })
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('the vision workers', () => {
  test('a file that kills its worker comes back as crashed, the rest of its batch and other batches as if nothing had happened', async () => {
    start()
    const [one, two] = await Promise.all([
      pool.measure(await request(['a.jpg', 'poison.jpg', 'b.jpg', 'c.jpg'])),
      pool.measure(await request(['d.jpg', 'e.jpg']))
    ])
    expect(one.map(({ kind }) => kind)).toEqual(['measured', 'failed', 'measured', 'measured'])
    expect(one[1]).toMatchObject({ imageId: 1, failure: 'crashed' })
    expect(two.map(({ kind }) => kind)).toEqual(['measured', 'measured'])
    const places = [...one, ...two].flatMap((outcome) => (outcome.kind === 'measured' ? [`${outcome.thumb.pack}:${outcome.thumb.offset}`] : []))
    expect(new Set(places).size).toBe(places.length)
  })

  test('a file is not blamed for workers that something else killed, in its batch and once more alone', async () => {
    start()
    const found = await pool.measure(await request(['a.jpg', 'unlucky.jpg', 'b.jpg']))
    expect(found.map(({ kind }) => kind)).toEqual(['measured', 'measured', 'measured'])
  })

  test('a file that never ends is stopped and comes back as crashed', async () => {
    start({ hangMilliseconds: 1500 })
    const found = await pool.measure(await request(['a.jpg', 'hang.jpg', 'b.jpg']))
    expect(found.map((outcome) => (outcome.kind === 'failed' ? outcome.failure : outcome.kind))).toEqual(['measured', 'crashed', 'measured'])
    expect(found[1]).toMatchObject({ detail: expect.stringContaining('never ended') })
  })

  test('embedding: the poison is found the same way', async () => {
    start()
    const items = (await filesNamed(['a.jpg', 'b.jpg', 'poison.jpg', 'c.jpg'])).map(({ imageId, path }) => ({ imageId, path, bytes: 1, mtimeMs: 1, svg: false }))
    const reply = await pool.embed({ model: { card: {}, file: '', providers: [] } as unknown as EmbedBatch['model'], items })
    expect([...reply.imageIds]).toEqual([0, 1, 3])
    expect([...reply.vectors]).toEqual([0, 0.5, 1.5])
    expect(reply.failures).toMatchObject([{ imageId: 2, reason: 'crashed' }])
  })

  test('regions and edits: the poison is found the same way', async () => {
    start()
    const items = (await filesNamed(['a.jpg', 'poison.jpg', 'c.jpg'])).map(({ imageId, path }) => ({ imageId, path, bytes: 1, mtimeMs: 1, svg: false }))
    const regions = await pool.regions({ items, search: null, detection: null })
    expect(regions).toMatchObject([{ imageId: 0, width: 1 }, { imageId: 1, failure: { reason: 'crashed' } }, { imageId: 2, width: 1 }])
    const edits = await pool.edits({ tasks: items.map((source, number) => ({ number, file: join(folder, `${number}.jpg`), source: { ...source, name: '', sha256: '' }, companion: null, edit: null })) })
    expect(edits).toMatchObject([{ number: 0, visible: 1 }, { number: 1, failure: { reason: 'crashed' } }, { number: 2, visible: 1 }])
  })

  test('a worker that is killed from outside is replaced, and no file is blamed', async () => {
    start({ workers: 1, entry: new URL('../../../core/workers/vision.ts', import.meta.url) })
    const big = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 50 } } }).png().toBuffer()
    const files = await filesNamed(Array.from({ length: 10 }, (_, i) => `${i}.png`))
    for (const { path } of files) writeFileSync(path, big)
    let finished = 0
    const measuring = pool.measure({ thumbsFolder: join(folder, 'thumbs'), files }, { onProgress: (more) => void (finished += more) })
    // Some are finished, and others are being decoded.
    await until(() => finished > 0)
    const [first] = pool.pids
    process.kill(first as number, 'SIGKILL')
    expect((await measuring).map(({ kind }) => kind)).toEqual(files.map(() => 'measured'))
    expect(pool.pids).not.toContain(first)
  })

  test('an abort frees the caller at once with the signal\'s reason', async () => {
    start({ workers: 1, hangMilliseconds: 4000 })
    const controller = new AbortController()
    const busy = pool.measure(await request(['hang.jpg']), { signal: controller.signal })
    const queued = pool.measure(await request(['a.jpg']), { signal: controller.signal })
    const refused = Promise.all([expect(busy).rejects.toThrow('enough'), expect(queued).rejects.toThrow('enough')])
    setTimeout(() => controller.abort(new Error('enough')), 200)
    await refused
    await expect(pool.measure(await request(['b.jpg']), { signal: controller.signal })).rejects.toThrow('enough')
  })

  test('workers start when there is work, and end when there is none', async () => {
    start({ idleMilliseconds: 50 })
    expect(pool.pids).toEqual([])
    await pool.measure(await request(['a.jpg']))
    const [pid] = pool.pids
    expect(pid).toBeGreaterThan(0)
    await until(() => pool.pids.length === 0)
    await until(() => !alive(pid as number))
    expect((await pool.measure(await request(['b.jpg'])))[0]?.kind).toBe('measured')
  })

  test('a worker that cannot start is an error that says so, not a failure of every file', async () => {
    start({ entry: new URL('./nowhere.ts', import.meta.url) })
    await expect(pool.measure(await request(['a.jpg', 'b.jpg']))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('hashes', async () => {
    start({ entry: new URL('../../../core/workers/vision.ts', import.meta.url) })
    writeFileSync(join(folder, 'abc'), 'abc')
    const found = await pool.hash([Buffer.from(join(folder, 'abc')), Buffer.from(join(folder, 'nowhere'))])
    expect(Buffer.from(found[0]?.sha256 ?? []).toString('hex')).toMatch(/^ba7816bf/)
    expect(found[1]?.sha256).toBeNull()
  })

  test('the workers end with the process that started them, even when it is killed', async () => {
    start()
    const script = `
      import { VisionPool } from ${JSON.stringify(new URL('../../../core/workers/visionPool.ts', import.meta.url).href)}
      const pool = new VisionPool({ workers: 2 })
      await Promise.all([pool.hash([Buffer.from('/nowhere')]), pool.hash([Buffer.from('/nowhere')])])
      console.log(JSON.stringify(pool.pids))
      setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pids = await new Promise<number[]>((resolve) => parent.stdout.once('data', (text: Buffer) => resolve(JSON.parse(text.toString()) as number[])))
    expect(pids.length).toBeGreaterThan(0)
    parent.kill('SIGKILL')
    await until(() => pids.every((pid) => !alive(pid)))
  })
})
