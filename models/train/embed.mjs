// Teacher embeddings of the prepared pictures, as float16 rows in the order of the pictures; goes on where it stopped.
//   node models/train/embed.mjs MODEL.onnx PIXELS.u8 SIZE OUT.f16 [most]
import fs from 'node:fs'
import os from 'node:os'
import { createRequire } from 'node:module'
const ort = createRequire(import.meta.url)('onnxruntime-node')

const [model, pixels, sizeText, out, mostText] = process.argv.slice(2)
const size = Number(sizeText), bytes = size * size * 3, batch = 32
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(process.env.THREADS ?? 2), executionMode: 'sequential', extra: { session: { intra_op: { allow_spinning: '0' } } } })
const outputName = session.outputNames[0]
const from = fs.openSync(pixels, 'r')
const rows = () => Math.min(Math.floor(fs.fstatSync(from).size / bytes), Number(mostText ?? Infinity))
const to = fs.openSync(out, 'a+')
let dim = 0, done = 0
const first = await session.run({ [session.inputNames[0]]: new ort.Tensor('uint8', new Uint8Array(bytes), [1, size, size, 3]) })
dim = first[outputName].dims.at(-1)
done = Math.floor(fs.fstatSync(to).size / (dim * 2))
fs.ftruncateSync(to, done * dim * 2)
const start = Date.now(), begun = done
while (done < rows()) {
  const n = Math.min(batch, rows() - done)
  const buffer = new Uint8Array(n * bytes)
  fs.readSync(from, buffer, 0, buffer.length, done * bytes)
  const result = await session.run({ [session.inputNames[0]]: new ort.Tensor('uint8', buffer, [n, size, size, 3]) })
  const values = new Float16Array(result[outputName].data)
  fs.writeSync(to, new Uint8Array(values.buffer))
  done += n
  if (done % 3200 < batch) console.log(done, 'rows', ((done - begun) / ((Date.now() - start) / 1000)).toFixed(1), 'a second', os.loadavg()[0].toFixed(1))
}
console.log('done', done, 'rows of', dim)
