/** Runs an ONNX file with the ONNX Runtime that Winnow brings: `node runOnnx.ts MODEL FOLDER name=in.npy ...`; writes FOLDER/out-<n>.npy and prints which is which. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readNpy, writeNpy } from '../../core/formats/npy.ts'

const [, , model, folder, ...feeds] = process.argv
if (!model || !folder || feeds.length === 0) {
  console.error('runOnnx.ts MODEL FOLDER name=file.npy ...')
  process.exit(2)
}
const inputs: Record<string, Tensor> = {}
for (const feed of feeds) {
  const at = feed.indexOf('=')
  const { data, shape } = await readNpy(feed.slice(at + 1))
  if (!(data instanceof Float32Array)) throw new Error(`${feed}: float32 is needed.`)
  inputs[feed.slice(0, at)] = new Tensor('float32', data, shape)
}
const session = await InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: 2, logSeverityLevel: 3 })
const results = await session.run(inputs)
const outputs: Record<string, string> = {}
for (const [n, [name, { data, dims }]] of Object.entries(results).entries()) {
  const file = join(folder, `out-${n}.npy`)
  await writeNpy(file, data as Float32Array, dims)
  outputs[name] = file
}
const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
console.log(JSON.stringify({ version, outputs }))
