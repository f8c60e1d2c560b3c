// Builds the page of tests/browser/fixtures/components with Vite, against the built module, and serves it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { serveFolder } from './editor-server.mjs';

const kPage = fileURLToPath(new URL('../fixtures/components/', import.meta.url));
const built = (path) => fileURLToPath(new URL(`../../../web/dist/${path}`, import.meta.url));

/** @returns {Promise<{url: string, close: () => Promise<void>}>} */
export async function serveComponents() {
  const folder = mkdtempSync(join(tmpdir(), 'codeforge-components-'));
  await build({
    root: kPage, configFile: false, logLevel: 'warn', plugins: [react()],
    resolve: {
      alias: [
        { find: /^codeforge-core\/components\.css$/, replacement: built('components/components.css') },
        { find: /^codeforge-core\/components$/, replacement: built('components/index.js') },
        { find: /^codeforge-core\/react$/, replacement: built('react/index.js') },
        { find: /^codeforge-core$/, replacement: built('index.js') },
      ],
      dedupe: ['react', 'react-dom'],
    },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
  });
  const server = await serveFolder(folder);
  return {
    url: server.url,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
