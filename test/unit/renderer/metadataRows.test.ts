import { describe, expect, test } from 'vitest'
import type { ImageDetails } from '../../../core/contract/images.ts'
import { metadataRows } from '../../../renderer/components/compare/metadataRows.ts'

const image = (patch: Partial<ImageDetails>): ImageDetails => ({
  id: 1, path: 'a/b.jpg', name: 'b.jpg', state: 'ready', failure: null, width: 400, height: 300, thumb: true, className: null, labelSource: null, label: null, givenClassName: null,
  prediction: null, verdict: null, verdictReason: null, role: 'train', root: '/x', folder: 'a', bytes: 1000, modifiedAt: 0, failureDetail: null, format: 'jpeg', colour: 'srgb', depth: 8,
  hasAlpha: false, orientation: 1, sha256: null, pixelHash: null, phash: null, sharpness: 10, exposure: 0.5, contrast: 0.2, entropy: 7, compression: 0.1, identity: null, fold: null,
  protected: false, pinned: false, keeperId: null, similarity: null, predictions: [], descriptors: [], history: [], ...patch
})

describe('the table of what differs', () => {
  test('is empty for images that do not differ', () => {
    expect(metadataRows([image({}), image({ id: 2 })])).toEqual([])
  })

  test('marks the better value, and every column that shares it', () => {
    const rows = metadataRows([image({}), image({ width: 800, height: 600 }), image({ width: 600, height: 800 })])
    expect(rows[0]).toEqual({ field: 'Size', values: ['400 × 300', '800 × 600', '600 × 800'], better: [1, 2] })
  })

  test('marks nothing where no value is better, and does not prefer what is unknown', () => {
    const rows = metadataRows([image({ bytes: 5000, sharpness: null }), image({ sharpness: 3 })])
    expect(rows.find(({ field }) => field === 'File size')?.better).toEqual([])
    expect(rows.find(({ field }) => field === 'Sharpness')?.better).toEqual([])
  })

  test('says compression as the quality that is left', () => {
    expect(metadataRows([image({ compression: 0.15 }), image({ compression: 0 })]).find(({ field }) => field.startsWith('Quality'))).toEqual({ field: 'Quality left by compression', values: ['85 of 100', '100 of 100'], better: [1] })
  })
})
