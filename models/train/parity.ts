/** Compares ONNX Runtime with PyTorch on the pictures that export.py wrote: `node models/train/parity.ts [models/train/winnow-s] [models/train/work/parity]`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { modelCard } from '../../core/contract/models.ts'

const [folder = 'models/train/winnow-s', pairs = 'models/train/work/parity'] = process.argv.slice(2)
const card = modelCard.parse(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')))
const floats = (name: string): Float32Array => new Float32Array(new Uint8Array(readFileSync(join(pairs, name))).buffer)
const [input, expected] = [floats('in.f32'), floats('out.f32')]
const { width, height } = card.input
const count = input.length / (3 * width * height)
const session = await InferenceSession.create(join(folder, card.file), { intraOpNumThreads: 1, logSeverityLevel: 3 })
const found = (await session.run({ [card.input.name]: new Tensor('float32', input, [count, 3, height, width]) }))[card.output.name]?.data as Float32Array
let least = 1
for (let row = 0; row < count; row++) {
  let [dot, a, b] = [0, 0, 0]
  for (let i = row * card.output.dim; i < (row + 1) * card.output.dim; i++) {
    const [x, y] = [found[i] as number, expected[i] as number]
    dot += x * y
    a += x * x
    b += y * y
  }
  least = Math.min(least, dot / Math.sqrt(a * b))
}
const one = new Tensor('float32', input.slice(0, 3 * width * height), [1, 3, height, width])
let best = Infinity
for (let i = 0; i < 60; i++) {
  const begun = performance.now()
  await session.run({ [card.input.name]: one })
  best = Math.min(best, performance.now() - begun)
}
console.log(`${count} pictures of ${width} x ${height}: least cosine ${least.toFixed(7)}; ${best.toFixed(2)} ms an image on one thread (least of 60)`)
if (least < 0.9999) process.exitCode = 1
