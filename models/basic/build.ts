/** Writes basic.onnx and its card. The same bytes every time: a test builds it again and compares the hash. `npm run models:basic`. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import type { modelCard } from '../../core/contract/models.ts'
import { onnxModel } from '../../core/models/onnxGraph.ts'
import { basicGraph, inputSize } from './graph.ts'

export function buildBasic(): { model: Uint8Array; card: string } {
  const { model, dim } = basicGraph()
  const bytes = onnxModel(model)
  const card: z.input<typeof modelCard> = {
    id: 'basic',
    name: 'Basic (gradients and colour)',
    description:
      'Needs no training: oriented gradients at three scales and soft colour histograms, pooled over grids (after GIST, Oliva and Torralba 2001, and HOG, Dalal and Triggs 2005). '
      + 'Finds edited copies and pictures of the same layout and colours; it knows nothing of what things are. For that, add an embedding model of your own.',
    file: 'basic.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: { name: 'image', layout: 'NCHW', dtype: 'float32', width: inputSize, height: inputSize },
    resize: { mode: 'squash', interpolation: 'bilinear', shrinkOnLoad: true },
    output: { name: 'descriptor', dim, pooling: 'none' },
    normalise: true,
    licence: 'MIT',
    source: 'models/basic/build.ts of Winnow',
    nearDuplicate: { threshold: 0.92, floor: 0.8 }
  }
  return { model: bytes, card: `${JSON.stringify(card, null, 2)}\n` }
}

if (import.meta.main) {
  const { model, card } = buildBasic()
  writeFileSync(join(import.meta.dirname, 'basic.onnx'), model)
  writeFileSync(join(import.meta.dirname, 'card.json'), card)
  console.log(`basic.onnx: ${model.length} bytes`)
}
