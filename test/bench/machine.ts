import { InferenceSession, Tensor } from 'onnxruntime-node'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { onnxModel } from '../../core/models/onnxGraph.ts'

export interface MachineFacts {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly node: string
}

export const thisMachine = (): MachineFacts => ({ cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), node: process.version })

const shapes = [[256, 1024], [512, 4096], [1024, 8192], [2048, 8192]] as const

/**
 * Multiply-adds a second (in units of 1e9) of a plain matrix product over `dim` on all cores, by the block shape that suits this machine
 * best: the ceiling of everything that multiplies matrices here.
 */
export async function sgemmRate(dim = 256, secondsEach = 0.7): Promise<number> {
  const graph = onnxModel({
    name: 'product',
    inputs: [{ name: 'a', type: 'float32', dims: ['n', 'd'] }, { name: 'b', type: 'float32', dims: ['m', 'd'] }],
    outputs: [{ name: 'c', type: 'float32', dims: ['n', 'm'] }],
    nodes: [{ op: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transB: 1 } }]
  })
  const session = await InferenceSession.create(graph, { executionProviders: ['cpu'], intraOpNumThreads: availableParallelism() })
  const random = (count: number): Float32Array => Float32Array.from({ length: count }, () => Math.random() - 0.5)
  let best = 0
  for (const [n, m] of shapes) {
    const feeds = { a: new Tensor('float32', random(n * dim), [n, dim]), b: new Tensor('float32', random(m * dim), [m, dim]) }
    // The result goes into a buffer that is there already: only the product is timed.
    const fetches = { c: new Tensor('float32', new Float32Array(n * m), [n, m]) }
    await session.run(feeds, fetches)
    let runs = 0
    const start = performance.now()
    while (performance.now() - start < secondsEach * 1000) {
      await session.run(feeds, fetches)
      runs++
    }
    best = Math.max(best, (runs * n * m * dim) / ((performance.now() - start) / 1000) / 1e9)
  }
  await session.release()
  return best
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
