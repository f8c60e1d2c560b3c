// The pages of tests/browser/fixtures: built with Vite against the built module, and served.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { serveFolder } from './editor-server.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Where each entry of the package is in this clone. */
const entries = () => Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports).filter(([name]) => !name.includes('*'))
  .map(([name, target]) => ({ find: new RegExp(`^codeforge-core${name.slice(1).replaceAll('.', '\\.')}$`), replacement: join(root, target.default ?? target) }));

/**
 * @param {string} name of the folder under tests/browser/fixtures
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serveFixture(name) {
  const folder = mkdtempSync(join(tmpdir(), `codeforge-${name}-`));
  await build({
    root: fileURLToPath(new URL(`../fixtures/${name}/`, import.meta.url)), configFile: false, logLevel: 'warn', plugins: [react()],
    resolve: { alias: entries(), dedupe: ['react', 'react-dom'] },
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
