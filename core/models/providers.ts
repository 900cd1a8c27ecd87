/** Execution providers of ONNX Runtime, in the order in which they are tried. */
export const providerOrder = ['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml', 'cpu'] as const
export type Provider = (typeof providerOrder)[number]

export const isProvider = (name: string): name is Provider => (providerOrder as readonly string[]).includes(name)

/** Tried only when asked for: building its engines takes minutes. */
export const onlyOnRequest: readonly Provider[] = ['tensorrt']

/** Why a provider cannot exist here at all, so that nothing needs to be started to find out; null where it may. */
export function impossible(provider: Provider, platform: string = process.platform, arch: string = process.arch): string | null {
  switch (provider) {
    case 'cuda':
    case 'tensorrt': return platform === 'linux' && arch === 'x64' ? null : 'ONNX Runtime for Node has it for Linux on x64 only'
    case 'coreml': return platform === 'darwin' ? null : 'it exists on macOS only'
    case 'dml': return platform === 'win32' ? null : 'DirectML exists on Windows only'
    default: return null
  }
}

const setupCuda = 'run npm run setup:cuda'

/**
 * One short sentence on why a provider did not load, from what ONNX Runtime threw and what it printed to stderr (the thrown message
 * alone says only "Failed to load shared library").
 */
export function explainProviderError(provider: Provider, thrown: string, stderr = ''): string {
  const text = `${thrown}\n${stderr}`
  const missing = [...text.matchAll(/([\w.+-]+\.(?:so|dll|dylib)[\w.]*): cannot open shared object file/g)].map((match) => match[1] as string)
  const library = missing.find((name) => !name.startsWith('libonnxruntime')) ?? missing[0]
  if (provider === 'cuda' || provider === 'tensorrt') {
    if (library?.startsWith('libonnxruntime')) return `ONNX Runtime's CUDA libraries are not installed; ${setupCuda}`
    if (library?.startsWith('libnvinfer')) return `${library} was not found; install TensorRT 10`
    if (library?.startsWith('libcudnn')) return `${library} was not found; install cuDNN 9 for CUDA 12`
    if (library) return `${library} was not found; install the CUDA 12 runtime (${setupCuda} says how)`
    if (/CUDA driver version is insufficient|driver version/i.test(text)) return 'the NVIDIA driver is too old for CUDA 12; it needs 525 or newer'
    if (/no CUDA-capable device|CUDA_ERROR_NO_DEVICE/i.test(text)) return 'no CUDA-capable GPU was found'
  }
  if (/out of memory|CUDA failure 2\b/i.test(text)) return 'the GPU has too little free memory for this model'
  if (/No supported adapters|Failed to get a WebGPU adapter/i.test(text)) return 'no WebGPU adapter was found (no GPU, or no Vulkan driver)'
  if (/backend not found|not bundled|no available backend/i.test(text)) return 'this build of ONNX Runtime does not have it'
  return firstSentence(thrown)
}

/** The part of a message of ONNX Runtime that a person can use: without the source paths and signatures it begins with, without a full stop. */
export function firstSentence(message: string): string {
  const line = message.split('\n').map((each) => each.trim()).find((each) => each !== '') ?? 'it failed without a message'
  const useful = line
    .replace(/Load model from .*? failed:\s*/, '')
    .replace(/^Non-zero status code returned while\s*/, '')
    .replace(/\/onnxruntime_src\/\S+:\d+ .*?\)(?: const)? (?=[A-Z])/, '')
    .replace(/[.\s]+$/, '')
  return useful.length > 240 ? `${useful.slice(0, 237)}...` : useful
}

/** The providers to try, in order, for a request; cpu always stands last. Unknown names are left out. */
export function providersToTry(asked: readonly string[] | undefined): Provider[] {
  if (!asked || asked.length === 0) return providerOrder.filter((provider) => !onlyOnRequest.includes(provider))
  const known = [...new Set(asked)].filter(isProvider)
  return known.includes('cpu') ? known : [...known, 'cpu']
}
