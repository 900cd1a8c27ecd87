import { expect, test } from 'vitest'
import { cudaDevices, type GpuSources } from '../../../core/workers/gpuDevices.ts'

const listing = 'GPU 0: NVIDIA H200 (UUID: GPU-1)\nGPU 1: NVIDIA H200 (UUID: GPU-2)\n  MIG 1g.18gb Device 0: (UUID: MIG-3)\n'
const sources = (env: GpuSources['env'], driver: readonly string[] | null = ['0000:01:00.0', '0000:02:00.0', '0000:03:00.0'], smi: string | null = null): GpuSources =>
  ({ env, driverGpus: async () => driver, nvidiaSmi: async () => smi })

test.each([
  ['one for each GPU of the driver', sources({}), [0, 1, 2]],
  ['without the driver\'s folder, one for each line of nvidia-smi', sources({}, null, listing), [0, 1]],
  ['none where there is no driver', sources({}, null, null), []],
  ['the ones that WINNOW_GPUS names, whatever else is known', sources({ WINNOW_GPUS: '0, 3,3' }, null), [0, 3]],
  ['none where WINNOW_GPUS says so', sources({ WINNOW_GPUS: 'none' }), []],
  ['what CUDA_VISIBLE_DEVICES leaves, counted anew', sources({ CUDA_VISIBLE_DEVICES: '2,0' }), [0, 1]],
  ['none of what comes after a device that does not exist', sources({ CUDA_VISIBLE_DEVICES: '1,7,2' }), [0]],
  ['one for each UUID', sources({ CUDA_VISIBLE_DEVICES: 'GPU-aaaa,MIG-bbbb' }), [0, 1]],
  ['none where all are hidden', sources({ CUDA_VISIBLE_DEVICES: '' }), []],
  ['none where all are hidden by -1', sources({ CUDA_VISIBLE_DEVICES: '-1' }), []]
])('devices: %s', async (_name, given, expected) => {
  expect(await cudaDevices(given)).toEqual(expected)
})

test('on this machine it answers without a GPU library, and never throws', async () => {
  expect(Array.isArray(await cudaDevices())).toBe(true)
})
