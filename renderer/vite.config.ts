import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** For `vite dev` only: the engine that the dev server forwards to. */
const engine = process.env['WINNOW_ENGINE'] ?? 'http://127.0.0.1:7411'

/**
 * The page must run under `script-src 'self'; style-src 'self' 'nonce-…'`: nothing is inlined, no module-preload shim,
 * every file carries its hash so that the engine can serve it as immutable.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/rpc', '/thumb', '/image', '/view'].map((path) => [path, { target: engine, ws: path === '/rpc' }]))
  }
})
