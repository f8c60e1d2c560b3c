// The editor's build. It takes the module as a user's bundler would, from the workspace's built package.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const built = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^codeforge-core\/components\.css$/, replacement: built('components/components.css') },
      { find: /^codeforge-core\/components$/, replacement: built('components/index.js') },
      { find: /^codeforge-core\/react$/, replacement: built('react/index.js') },
      { find: /^codeforge-core$/, replacement: built('index.js') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  // Pre-bundling would move the module away from core.wasm, which lies beside it.
  optimizeDeps: { exclude: ['codeforge-core'] },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 700 },
});
