import { expect, test, vi } from 'vitest'
import { ChangeHub } from '../../../core/app/changeHub.ts'
import type { Change } from '../../../core/contract/contract.ts'

const job = (id: number, done: number): Change => ({
  topic: 'job',
  job: {
    id, kind: 'scan', title: '', state: 'running', createdAt: 0, startedAt: 0, finishedAt: null, result: null, data: null, error: null, failures: 0, notes: [],
    progress: { stage: '', done, total: null, ratePerSecond: null, etaSeconds: null }
  }
})

async function take(stream: AsyncIterator<Change>, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  for (let left = count; left > 0; left--) taken.push((await stream.next()).value)
  return taken
}

test('a stream starts with hello and then tells what happens, in order', async () => {
  const hub = new ChangeHub()
  const stream = hub.subscribe()
  hub.emit({ topic: 'images' })
  hub.emit({ topic: 'models' })
  expect(await take(stream, 3)).toEqual([{ topic: 'hello' }, { topic: 'images' }, { topic: 'models' }])
  hub.close()
})

test('a flood is gathered: the first change at once, then the last of each kind, and the newest news last', async () => {
  vi.useFakeTimers()
  try {
    const hub = new ChangeHub()
    const stream = hub.subscribe()
    await stream.next()
    const first = stream.next()
    hub.emit(job(1, 0))
    expect((await first).value).toEqual(job(1, 0))
    const rest = take(stream, 3)
    for (let done = 1; done <= 10_000; done++) hub.emit(job(1, done))
    hub.emit({ topic: 'images' })
    hub.emit(job(2, 5))
    hub.emit({ topic: 'images' })
    await vi.advanceTimersByTimeAsync(150)
    expect(await rest).toEqual([job(1, 10_000), job(2, 5), { topic: 'images' }])
    hub.close()
  } finally {
    vi.useRealTimers()
  }
})

test('a reader that does not read costs nothing: its changes stay gathered', async () => {
  const hub = new ChangeHub()
  const stream = hub.subscribe()
  for (let done = 0; done < 10_000; done++) hub.emit(job(1, done))
  expect(await take(stream, 2)).toEqual([{ topic: 'hello' }, job(1, 9999)])
  hub.close()
})

test('an abort, a reader that lets go and a hub that closes end the stream, also while it waits', async () => {
  const hub = new ChangeHub()
  const controller = new AbortController()
  const [aborted, dropped, closed] = [hub.subscribe(controller.signal), hub.subscribe(), hub.subscribe()]
  for (const stream of [aborted, dropped, closed]) await stream.next()
  const waiting = [aborted, dropped, closed].map(async (stream) => await stream.next())
  controller.abort()
  expect(await waiting[0]).toEqual({ done: true, value: undefined })
  await dropped.return?.()
  expect(await waiting[1]).toEqual({ done: true, value: undefined })
  expect(hub.readers).toBe(1)
  hub.close()
  expect(await waiting[2]).toEqual({ done: true, value: undefined })
  expect(hub.readers).toBe(0)
  expect(await hub.subscribe(AbortSignal.abort()).next()).toEqual({ done: true, value: undefined })
  expect(hub.readers).toBe(0)
})
