import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { overlap, type Corners } from '../../../core/descriptors/nms.ts'
import { segmentGraph } from '../../../core/descriptors/segment.ts'
import { candidateBoxes, groupRegions, proposeRegions, visionForceProposals } from '../../../core/descriptors/selectiveSearch.ts'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'

interface Case {
  name: string; width: number; height: number; scale: number; sigma: number; minSize: number; minRegion: number
  rgb: string; labelRuns: [number, number][]; regions: [number, number, number, number, number][]; candidates: [number, number, number, number][]
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'references', 'selectiveSearch.json'), 'utf8')) as { cases: Case[] }
const pixelsOf = ({ width, height, rgb }: Case): RgbPixels => ({ width, height, data: Buffer.from(rgb, 'base64') })

describe.each(cases)('$name', (given) => {
  test('the segments are those of scikit-image', () => {
    const { count, labels } = segmentGraph(pixelsOf(given), given)
    expect([...labels]).toEqual(given.labelRuns.flatMap(([label, length]) => Array<number>(length).fill(label)))
    expect(count).toBe(Math.max(...labels) + 1)
  })

  test('the regions, each merge included, and the candidates are those of the package selectivesearch', () => {
    const regions = groupRegions(pixelsOf(given), given)
    expect(regions.map(({ minX, minY, maxX, maxY, size }) => [minX, minY, maxX - minX, maxY - minY, size])).toEqual(given.regions)
    expect(candidateBoxes(regions, { minRegion: given.minRegion, maxAspect: 2 }).map(({ left, top, width, height }) => [left, top, width, height])).toEqual(given.candidates)
  })
})

/** Random blocks of colour: flat areas, hard edges, ties everywhere. */
const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 48 }), height: fc.integer({ min: 1, max: 40 }), cell: fc.integer({ min: 1, max: 12 }), colours: fc.array(fc.integer({ min: 0, max: 0xffffff }), { minLength: 1, maxLength: 40 }) })
  .map(({ width, height, cell, colours }): RgbPixels => {
    const data = Buffer.alloc(width * height * 3)
    for (let i = 0; i < width * height; i++) {
      const place = Math.floor((i % width) / cell) + Math.floor(Math.floor(i / width) / cell) * 7
      data.writeUIntBE(colours[place % colours.length] as number, i * 3, 3)
    }
    return { width, height, data }
  })

test('proposals lie inside the picture, are distinct, overlap at most as said, and come out the same each time', () => {
  fc.assert(
    fc.property(pictures, fc.constantFrom(0.3, 0.5, 0.9), (pixels, iou) => {
      const options = { ...visionForceProposals, scale: 50, minRegion: 20, iou }
      const boxes = proposeRegions(pixels, options)
      expect(proposeRegions(pixels, options)).toEqual(boxes)
      const corners = boxes.map(({ left, top, width, height }): Corners => [left, top, left + width, top + height])
      for (const [i, [left, top, right, bottom]] of corners.entries()) {
        expect(left >= 0 && top >= 0 && right <= pixels.width && bottom <= pixels.height && right > left && bottom > top).toBe(true)
        for (const other of corners.slice(i + 1)) expect(overlap(corners[i] as Corners, other, 1)).toBeLessThanOrEqual(iou)
      }
    }),
    { numRuns: 60 }
  )
})

test('segments are whole: every pixel has one, numbered as rows meet them, none smaller than asked', () => {
  fc.assert(
    fc.property(pictures, fc.integer({ min: 1, max: 30 }), (pixels, minSize) => {
      const { count, labels } = segmentGraph(pixels, { scale: 100, sigma: 0.8, minSize })
      const sizes = new Map<number, number>()
      let next = 0
      for (const label of labels) {
        expect(label).toBeLessThanOrEqual(next)
        if (label === next) next++
        sizes.set(label, (sizes.get(label) ?? 0) + 1)
      }
      expect(sizes.size).toBe(count)
      if (pixels.width * pixels.height >= minSize) expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(Math.min(minSize, pixels.width * pixels.height))
    }),
    { numRuns: 60 }
  )
})

test('a picture of thousands of specks does not end in a search without end', () => {
  const [width, height] = [300, 300]
  const data = Buffer.alloc(width * height * 3)
  for (let i = 0; i < width * height; i++) if ((i % width) % 6 < 4 && Math.floor(i / width) % 6 < 4) data.fill(255, i * 3, i * 3 + 3)
  expect(segmentGraph({ width, height, data }, { scale: 1, sigma: 0, minSize: 1 }).count).toBe(2501)
  const boxes = proposeRegions({ width, height, data }, { ...visionForceProposals, scale: 1, sigma: 0, minSize: 1, minRegion: 10 })
  expect(boxes.length).toBeGreaterThan(0)
})
