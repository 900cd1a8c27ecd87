import { expect, test } from 'vitest'
import { explainProviderError, impossible, providersToTry } from '../../../core/models/providers.ts'
import { sessionOptions } from '../../../core/models/session.ts'

const cuda = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library'
const notOpened = (library: string): string => `Failed to load library libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory`

test.each([
  ['the libraries that setup:cuda fetches', notOpened('/x/libonnxruntime_providers_shared.so'), /not installed; run npm run setup:cuda/],
  ['the CUDA runtime', notOpened('libcudart.so.12'), /^libcudart\.so\.12 was not found; .*setup:cuda/],
  ['cuDNN', notOpened('libcudnn.so.9'), /cuDNN 9/],
  ['a driver', 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version', /driver is too old.*525/],
  ['memory', 'CUDA failure 2: out of memory', /too little free memory/]
])('cuda without %s says what is missing', (_name, stderr, expected) => {
  expect(explainProviderError('cuda', cuda, stderr)).toMatch(expected)
})

test('webgpu without an adapter, and providers of other systems, in plain words', () => {
  const thrown = '/onnxruntime_src/x/webgpu_context.cc:136 f(const C&)::<lambda()> adapter_result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters'
  expect(explainProviderError('webgpu', thrown)).toBe('no WebGPU adapter was found (no GPU, or no Vulkan driver)')
  expect(explainProviderError('coreml', 'no available backend found. ERR: [coreml] backend not found.')).toBe('this build of ONNX Runtime does not have it')
  expect(impossible('coreml', 'linux', 'x64')).toMatch(/macOS/)
  expect(impossible('cuda', 'linux', 'x64')).toBe(null)
  expect(impossible('cuda', 'win32', 'x64')).toMatch(/Linux/)
})

test('tensorrt is tried only when asked for; cpu always stands behind', () => {
  expect(providersToTry(undefined)).toEqual(['cuda', 'webgpu', 'coreml', 'dml', 'cpu'])
  expect(providersToTry(['tensorrt'])).toEqual(['tensorrt', 'cpu'])
  expect(providersToTry(['cpu'])).toEqual(['cpu'])
  expect(providersToTry(['nonsense', 'cuda'])).toEqual(['cuda', 'cpu'])
})

test('a device is named to the providers that count GPUs as CUDA does, and to no other', () => {
  expect(sessionOptions('cuda', 2).executionProviders).toEqual([{ name: 'cuda', deviceId: 2 }])
  expect(sessionOptions('tensorrt', 1).executionProviders).toEqual([{ name: 'tensorrt', deviceId: 1 }])
  expect(sessionOptions('cpu', 2).executionProviders).toEqual(['cpu'])
  expect(sessionOptions('cuda').executionProviders).toEqual(['cuda'])
})
