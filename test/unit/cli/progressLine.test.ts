import { expect, test } from 'vitest'
import { ProgressLine, progressText } from '../../../core/cli/progressLine.ts'

const job = (done: number, total: number | null, more: object = {}) => ({
  title: 'Embedding',
  state: 'running' as const,
  progress: { stage: 'Embedding', done, total, ratePerSecond: 214.4, etaSeconds: 180, ...more }
})

function output({ isTTY }: { isTTY: boolean }) {
  const written: string[] = []
  return { written, line: new ProgressLine({ isTTY, columns: 100, write: (text) => written.push(text) }) }
}

test('a job says how far, how fast and how long', () => {
  expect(progressText(job(620, 1000), true)).toBe('Embedding  ███████████████░░░░░░░░░  62 %  620 of 1,000 · 214/s · 3 min left')
  expect(progressText(job(620, 1000, { ratePerSecond: 2.34, message: 'on cpu' }), false)).toBe('Embedding  620 of 1,000 · 2.3/s · 3 min left · on cpu')
  expect(progressText(job(5, null, { ratePerSecond: null, etaSeconds: null }), true)).toBe('Embedding  5')
  expect(progressText({ title: 'Embedding', state: 'queued', progress: null }, true)).toBe('Embedding: waiting for the jobs before it')
  expect(progressText(job(0, 0), true)).toContain('0 of 0')
})

test('on a terminal one line is redrawn, and cleared for what follows', () => {
  const { written, line } = output({ isTTY: true })
  line.show(job(1, 10))
  line.show(job(2, 10))
  line.clear()
  line.clear()
  expect(written).toHaveLength(3)
  expect(written[1]?.startsWith('\r\u001b[2KEmbedding')).toBe(true)
  expect(written[2]).toBe('\r\u001b[2K')
})

test('elsewhere there is a line at each stage and each tenth, one a second at most, one in five at least', () => {
  const { written, line } = output({ isTTY: false })
  for (let done = 0; done <= 1000; done++) line.show(job(done, 1000), 1000 + done * 2)
  expect(written.map((text) => /([\d,]+) of/.exec(text)?.[1])).toEqual(['0', '500', '1,000'])
  line.show(job(1000, 1000), 9000)
  line.show(job(1000, 1000), 9001)
  line.show(job(0, 10, { stage: 'Writing' }), 9002)
  expect(written).toHaveLength(5)
  expect(written.every((text) => text.endsWith('\n') && !text.includes('\u001b'))).toBe(true)
})
