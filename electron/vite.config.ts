import { builtinModules } from 'node:module'
import { defineConfig } from 'vite'

/**
 * `--mode main` and `--mode preload`, apart: a sandboxed preload must be one CommonJS file that requires nothing of its own.
 */
export default defineConfig(({ mode }) => ({
  build: {
    outDir: 'electron/dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    ssr: true,
    rolldownOptions: {
      input: { [mode]: `electron/${mode}/${mode}.ts` },
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { format: 'cjs', entryFileNames: '[name].cjs' }
    }
  },
  ssr: { noExternal: true }
}))
