import { expect, test } from 'vitest'
import { startThread } from '../../../core/workers/thread.ts'
import type { DyingThread } from './dying.thread.ts'

const entry = new URL('./dying.thread.ts', import.meta.url)

test.each([['exit', /dying\.thread\.ts\) ended before it answered/], ['crash', /out of its mind/]] as const)('when a thread dies by %s, what it was asked rejects with the reason, and whoever started it hears of it', async (how, reason) => {
  const gone = Promise.withResolvers<void>()
  const { connection, end } = startThread<DyingThread>(entry, undefined, gone.resolve)
  expect(await connection.call('add', [2, 3])).toBe(5)
  await expect(connection.call(how, [])).rejects.toThrow(reason)
  await gone.promise
  await expect(connection.call('add', [2, 3])).rejects.toThrow(reason)
  await end()
})

test('ending a thread rejects what it has not answered', async () => {
  const { connection, end } = startThread<DyingThread>(entry)
  const open = connection.call('add', [1, 1])
  const rejected = expect(open).rejects.toThrow(/closed/)
  await end()
  await rejected
})
