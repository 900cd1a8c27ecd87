import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** unit: pure functions. medium: real SQLite, files, ONNX Runtime, processes. e2e: a real browser and a real Electron window. */
const project = (name: string, include: string[], seconds: number, parallel: boolean) => ({
  test: { name, include, testTimeout: seconds * 1000, hookTimeout: seconds * 1000, pool: 'forks' as const, fileParallelism: parallel }
})

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    // Vitest leaves one core free, which of two is half; the longest tests mostly wait for processes of their own.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', ['test/unit/**/*.test.ts'], 60, true),
      project('medium', ['test/medium/**/*.test.ts'], 180, true),
      project('golden', ['test/golden/**/*.test.ts'], 120, true),
      project('e2e', ['test/e2e/**/*.test.ts'], 300, false)
    ]
  }
})
