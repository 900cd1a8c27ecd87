import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { drawSample, sampleFolder } from '../../../core/sample/drawSample.ts'
import { sampleTruth } from '../../../core/sample/truth.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, string] => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')])
      .toSorted()
  )
const count = 16

describe('drawing the sample', () => {
  test('gives the same bytes for the same seed, also when it was stopped and went on', async () => {
    const whole = sampleFolder(temporaryFolder('sample'))
    expect(await drawSample({ folder: whole, count, seed: 3 })).toBe(count)
    const stopped = sampleFolder(temporaryFolder('sample'))
    const controller = new AbortController()
    const reason = new Error('stopped')
    await expect(drawSample({ folder: stopped, count, seed: 3, signal: controller.signal, onProgress: (done) => done >= 5 && controller.abort(reason) })).rejects.toBe(reason)
    const before = Object.keys(contents(stopped.images)).length
    expect(before).toBeLessThan(count)
    expect(await drawSample({ folder: stopped, count, seed: 3 })).toBe(count - before)
    expect(contents(stopped.folder)).toEqual(contents(whole.folder))
    expect(await drawSample({ folder: stopped, count, seed: 3 })).toBe(0)
  })

  test('plants what the truth says, outside of the truth nothing tells', async () => {
    const folder = sampleFolder(temporaryFolder('sample'))
    await drawSample({ folder, count, seed: 5 })
    const truth = sampleTruth.parse(JSON.parse(readFileSync(folder.truth, 'utf8')))
    expect(relative(folder.images, folder.truth)).toMatch(/^\.\./)
    const hashes = contents(folder.images)
    expect(Object.keys(hashes)).toEqual(truth.images.map(({ path }) => path).toSorted())
    for (const { path, copyOf, edit, corrupt } of truth.images) {
      if (edit === 'exact') expect(hashes[path]).toBe(hashes[copyOf ?? ''])
      else if (copyOf) expect(hashes[path]).not.toBe(hashes[copyOf])
      const decoded = sharp(join(folder.images, path), { failOn: 'truncated' }).raw().toBuffer({ resolveWithObject: true })
      if (corrupt) await expect(decoded).rejects.toThrow()
      else expect((await decoded).info.width).toBeGreaterThan(150)
    }
  })

  test('clears a sample of another seed, and nothing else', async () => {
    const folder = sampleFolder(temporaryFolder('sample'))
    await drawSample({ folder, count: 6, seed: 1 })
    await drawSample({ folder, count: 8, seed: 2 })
    expect(Object.keys(contents(folder.images))).toHaveLength(8)
    rmSync(folder.truth)
    expect(await drawSample({ folder, count: 8, seed: 2 })).toBe(0)
    expect(statSync(folder.truth).size).toBeGreaterThan(0)
  })
})
