/**
 * Fetches ONNX Runtime's CUDA libraries, which are too large for its npm package. `npm run setup:cuda`; plain Node, no dependencies of its own.
 * Checks the GPU and its driver first and, afterwards, that everything these libraries load is there. `--force` leaves the first check out
 * (to prepare an image on a machine without a GPU).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** CUDA 12 needs it on Linux: https://docs.nvidia.com/deploy/cuda-compatibility/ */
const leastDriver = 525
const libraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_tensorrt.so']

const say = (text) => process.stdout.write(`${text}\n`)
const stop = (text) => {
  process.stderr.write(`setup:cuda: ${text}\nWinnow works without it, on the CPU or through WebGPU.\n`)
  process.exit(1)
}
const forced = process.argv.includes('--force')

if (process.platform === 'win32') {
  say('Nothing to do on Windows: ONNX Runtime for Node brings DirectML along, which runs on NVIDIA, AMD and Intel GPUs. It has no CUDA provider there.')
  process.exit(0)
}
if (process.platform === 'darwin') {
  say('Nothing to do on macOS: ONNX Runtime for Node brings CoreML along.')
  process.exit(0)
}
if (process.platform !== 'linux' || process.arch !== 'x64') stop(`ONNX Runtime for Node has CUDA libraries for Linux on x64 only; this is ${process.platform} on ${process.arch}.`)

const onnxRuntime = findPackage()
const folder = join(onnxRuntime, 'bin', 'napi-v6', 'linux', 'x64')
if (!forced) checkGpu()
if (libraries.every(isThere)) say('The CUDA libraries of ONNX Runtime are here already.')
else fetchLibraries()
checkDependencies()

function findPackage() {
  const here = dirname(fileURLToPath(import.meta.url))
  try {
    // The package's main file is dist/index.js.
    return dirname(dirname(createRequire(join(here, '..', 'package.json')).resolve('onnxruntime-node')))
  } catch {
    return stop('onnxruntime-node is not installed. Run npm start once (or npm ci), then this again.')
  }
}

function isThere(name) {
  const file = join(folder, name)
  // A download that broke off leaves a short file behind.
  return existsSync(file) && statSync(file).size > 4096
}

function checkGpu() {
  const { status, stdout, error } = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'], { encoding: 'utf8' })
  if (error) stop(`No NVIDIA driver was found (nvidia-smi is not there). Install driver ${leastDriver} or newer for your GPU, restart, and run this again.`)
  const gpus = stdout.trim().split('\n').filter((line) => line.includes(','))
  if (status !== 0 || gpus.length === 0) stop(`nvidia-smi finds no GPU that works: ${stdout.trim() || 'it printed nothing'}. Check the driver, and in a container that the GPU is passed in.`)
  for (const gpu of gpus) say(`GPU: ${gpu}`)
  const driver = gpus[0].split(',')[1].trim()
  if (Number.parseInt(driver, 10) < leastDriver) stop(`The NVIDIA driver is ${driver}; CUDA 12 needs ${leastDriver} or newer. Update the driver and run this again.`)
}

function fetchLibraries() {
  const version = JSON.parse(readFileSync(join(onnxRuntime, 'package.json'), 'utf8')).version
  say(`Fetching the CUDA 12 libraries of ONNX Runtime ${version} from api.nuget.org (some 300 MB)...`)
  // "true", not "cuda12": the script's own parser drops any other word, and then leaves without doing anything when npm runs it.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'true' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(onnxRuntime, 'script', 'install.js')], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 })
  const output = `${stdout}${stderr}`
  if (status === 0 && libraries.every(isThere)) {
    say(`Installed into ${folder}`)
    return
  }
  const network = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/.exec(output)
  if (network) {
    stop(`api.nuget.org could not be reached (${network[1]}). Connect to the internet; behind a proxy set GLOBAL_AGENT_HTTPS_PROXY=http://proxy:port. Or put ${libraries.join(', ')} from the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux ${version} into ${folder}`)
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) stop(`${folder} cannot be written to. Run this as the user who installed Winnow.`)
  if (/\bENOSPC\b/.test(output)) stop('The disk is full: about 1 GB is needed while the package is unpacked.')
  const reason = output.split('\n').find((line) => /error/i.test(line))?.trim() ?? `its script ended with code ${status}`
  stop(`ONNX Runtime's own install script failed: ${reason}`)
}

/** The fetched libraries load CUDA and cuDNN from the system; a missing one would only show as "Failed to load shared library" later. */
function checkDependencies() {
  const { stdout, error } = spawnSync('ldd', [join(folder, 'libonnxruntime_providers_cuda.so')], { encoding: 'utf8' })
  if (error) {
    say('ldd is not there, so what these libraries need could not be checked. The Models screen shows whether CUDA runs.')
    return
  }
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]).filter((name) => !name.startsWith('libonnxruntime'))
  if (missing.length === 0) {
    say('All that they need is here. Start Winnow: the Models screen shows "cuda: running".')
    return
  }
  stop(`These libraries of CUDA 12 and cuDNN 9 are still missing: ${missing.join(', ')}.
Install them in one of these ways, then run this again:
  from NVIDIA's package repository (https://developer.nvidia.com/cuda-downloads):  sudo apt-get install cuda-libraries-12-6 libcudnn9-cuda-12
  with pip:  python3 -m pip install nvidia-cuda-runtime-cu12 nvidia-cublas-cu12 nvidia-cufft-cu12 nvidia-curand-cu12 nvidia-cuda-nvrtc-cu12 nvidia-cudnn-cu12
             and add each of their lib folders to LD_LIBRARY_PATH`)
}
