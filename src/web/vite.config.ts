/** Build of the browser half: one bundle the server hands out from dist/web; in development the API answers from the running server. */
import path from 'node:path'
import { defineConfig } from 'vite'

// The browser's own Host goes through, or the server would take the page for another site's.
const api = { target: `http://127.0.0.1:${process.env.PORT || 8600}`, changeOrigin: false }

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  build: { outDir: path.join(import.meta.dirname, '../../dist/web'), emptyOutDir: true, target: 'es2022' },
  server: { proxy: { '/api': api, '/geo': api } },
})
