import { expect, test } from 'vitest'
import { diffuse, diffusionDefaults } from '../../../core/rerank/diffusion.ts'
import { diffuseInThreads } from '../../../core/rerank/diffusionPool.ts'
import { measured } from '../../bench/measured.ts'
import { ownNeighbours } from '../../../core/rerank/ownNeighbours.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { clustered } from '../../unit/rerank/vectors.ts'

const rows = clustered(700, 8, 12, 1)
const options = { ...diffusionDefaults, neighbours: 10 }
const lists = () => ownNeighbours(rows, { from: 0, to: rows.rows }, 60, new PlainBlas())

test('spread over threads it gives the same rows to the bit, and says how far it is', async () => {
  const neighbours = await lists()
  const reports: number[] = []
  const found = await diffuseInThreads(neighbours, options, { threads: 3, report: (done, total) => void reports.push(done / total) })
  expect(found).toEqual(diffuse(neighbours, options))
  expect(reports.at(-1)).toBe(1)
})

test('it can be stopped, and its threads end', async () => {
  const neighbours = await lists()
  const stop = new AbortController()
  await expect(diffuseInThreads(neighbours, options, { threads: 1, signal: stop.signal, report: () => stop.abort(new Error('enough')) })).rejects.toThrow('enough')
})

test('a measured step gives its value, its time and its peak of memory', async () => {
  const { value, seconds, peakBytes } = await measured(async () => {
    const filled = new Float64Array(2 ** 22).fill(1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    return filled.length
  })
  expect(value).toBe(2 ** 22)
  expect(seconds).toBeGreaterThan(0.01)
  expect(peakBytes).toBeGreaterThan(2 ** 25)
  await expect(measured(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})
