import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'setupCuda.mjs')
const folder = mkdtempSync(join(tmpdir(), 'winnow-cuda-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the script where nvidia-smi prints `gpu` (null: there is none) and the network leads nowhere. */
function setup(gpu: string | null): { status: number | null; output: string } {
  const smi = join(folder, 'nvidia-smi')
  rmSync(smi, { force: true })
  if (gpu !== null) {
    writeFileSync(smi, `#!/bin/sh\necho '${gpu}'\n`)
    chmodSync(smi, 0o755)
  }
  const env = { ...process.env, PATH: gpu === null ? folder : `${folder}:/usr/bin:/bin`, GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', env })
  return { status, output: `${stdout}${stderr}` }
}

const elsewhere = process.platform !== 'linux' || process.arch !== 'x64'
const library = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '..', 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so')
const installed = existsSync(library)

test.skipIf(elsewhere)('without a GPU it says which driver to install (Linux x64 only)', () => {
  expect(setup(null)).toMatchObject({ status: 1, output: expect.stringMatching(/No NVIDIA driver was found.*driver 525 or newer/s) })
})

test.skipIf(elsewhere)('an old driver is named with the one that is needed (Linux x64 only)', () => {
  expect(setup('NVIDIA Old, 470.82.01, 8192 MiB')).toMatchObject({ status: 1, output: expect.stringMatching(/driver is 470\.82\.01; CUDA 12 needs 525/) })
})

test.skipIf(elsewhere || installed)('offline it says what to connect to, and what to copy by hand (where the CUDA libraries are not installed yet)', () => {
  const { status, output } = setup('NVIDIA New, 550.54.15, 81559 MiB')
  expect(status).toBe(1)
  expect(output).toMatch(/GPU: NVIDIA New/)
  expect(output).toMatch(/api\.nuget\.org could not be reached \(ECONNREFUSED\).*GLOBAL_AGENT_HTTPS_PROXY/s)
  expect(existsSync(library)).toBe(false)
})
