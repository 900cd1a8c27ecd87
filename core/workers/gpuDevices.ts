import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

const nvidiaSmiSeconds = 5
/** More than any machine has; a wrong variable must not start a thousand sessions. */
const mostDevices = 64

/** What finding out asks of the machine; a test gives its own. */
export interface GpuSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The names of /proc/driver/nvidia/gpus (one a GPU), or null where there is no such folder. */
  readonly driverGpus: () => Promise<readonly string[] | null>
  /** What `nvidia-smi -L` prints, or null where there is none. */
  readonly nvidiaSmi: () => Promise<string | null>
}

const machine: GpuSources = {
  env: process.env,
  driverGpus: async () => await readdir('/proc/driver/nvidia/gpus').catch(() => null),
  nvidiaSmi: async () => {
    try {
      return (await promisify(execFile)('nvidia-smi', ['-L'], { timeout: nvidiaSmiSeconds * 1000, windowsHide: true })).stdout
    } catch {
      return null
    }
  }
}

/**
 * The CUDA devices that workers may use, as CUDA numbers them: 0, 1, ... WINNOW_GPUS names them ("0,2"; "" or "none" for none); CUDA_VISIBLE_DEVICES
 * hides some, and CUDA then counts the rest from 0. Otherwise as many as the driver lists. Empty where there is no NVIDIA driver. No GPU library is
 * loaded for it.
 */
export async function cudaDevices({ env, driverGpus, nvidiaSmi }: GpuSources = machine): Promise<number[]> {
  const asked = env['WINNOW_GPUS']
  if (asked !== undefined) return numbered(asked)
  const there = (await driverGpus())?.length ?? gpusListed((await nvidiaSmi()) ?? '')
  const visible = env['CUDA_VISIBLE_DEVICES']
  const count = visible === undefined ? there : Math.min(visibleOf(visible, there), mostDevices)
  return Array.from({ length: Math.min(count, mostDevices) }, (_, device) => device)
}

/** "0,2" as [0, 2]; what is no number is left out. */
function numbered(text: string): number[] {
  const devices = text.split(',').map((part) => part.trim()).filter((part) => /^\d{1,3}$/.test(part)).map(Number)
  return [...new Set(devices)].slice(0, mostDevices)
}

/** Lines such as "GPU 0: NVIDIA H200 (UUID: GPU-...)". */
const gpusListed = (text: string): number => text.split('\n').filter((line) => /^GPU \d+:/.test(line)).length

/** CUDA takes the list up to the first entry that names no device: numbers, or UUIDs (of GPUs or of MIG slices). */
function visibleOf(list: string, there: number): number {
  let count = 0
  for (const entry of list.split(',').map((part) => part.trim())) {
    const valid = /^\d+$/.test(entry) ? Number(entry) < there : /^(GPU|MIG)-/i.test(entry) && there > 0
    if (!valid) break
    count++
  }
  return count
}
