import { MessageChannel } from 'node:worker_threads'
import { onTestFinished, expect, test } from 'vitest'
import { type CallContext, connectThread, serveThread } from '../../../core/workers/channel.ts'
import { WinnowError } from '../../../core/domain/errors.ts'

const api = {
  add: (a: number, b: number) => a + b,
  fail: () => {
    throw new WinnowError('NOT_FOUND', 'There is no such thing.', { id: 3 })
  },
  count: async (to: number, { notify }: CallContext) => {
    for (let i = 1; i <= to; i++) notify(i)
    return to
  },
  wait: async ({ signal }: CallContext) => await new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')))
}

function connected() {
  const { port1, port2 } = new MessageChannel()
  serveThread(port1, api)
  onTestFinished(() => port1.close())
  return connectThread<typeof api>(port2)
}

test('a call crosses with its arguments and comes back with its result', async () => {
  expect(await connected().call('add', [2, 3])).toBe(5)
})

test('an error keeps its name, code, sentence and data', async () => {
  await expect(connected().call('fail', [])).rejects.toMatchObject({ name: 'WinnowError', code: 'NOT_FOUND', message: 'There is no such thing.', data: { id: 3 } })
})

test('interim messages arrive in order before the result', async () => {
  const seen: unknown[] = []
  await connected().call('count', [3], { onNotify: (message) => seen.push(message) })
  expect(seen).toEqual([1, 2, 3])
})

test("the caller's abort reaches the served function", async () => {
  const controller = new AbortController()
  const answer = connected().call('wait', [], { signal: controller.signal })
  controller.abort()
  expect(await answer).toBe('stopped')
})

test('closing rejects what is open and everything after', async () => {
  const connection = connected()
  const open = connection.call('wait', [])
  connection.close(new Error('gone'))
  await expect(open).rejects.toThrow('gone')
  await expect(connection.call('add', [1, 1])).rejects.toThrow('gone')
})

test('what is not served is refused, inherited names included', async () => {
  const connection = connected() as unknown as ReturnType<typeof connectThread<Record<string, () => unknown>>>
  await expect(connection.call('toString', [])).rejects.toThrow(/Nothing here answers/)
})
