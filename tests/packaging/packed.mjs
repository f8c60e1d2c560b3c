// The package as `npm pack` makes it, installed into fresh folders as a user does.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('./', import.meta.url));

const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, npm_config_update_notifier: 'false' } });

export class Packed {
  #folder = mkdtempSync(join(tmpdir(), 'codeforge-packed-'));
  /** What npm says of the tarball: `{ filename, size, unpackedSize, files: [{ path, size }] }`. */
  report;

  constructor() {
    [this.report] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', this.#folder], root));
  }

  get tarball() {
    return join(this.#folder, this.report.filename);
  }

  /** A copy of tests/packaging/`name` with the shared sources and the package installed; answers its folder. */
  project(name) {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    if (existsSync(join(here, name))) cpSync(join(here, name), folder, { recursive: true });
    for (const shared of ['app.js', 'page.js']) cpSync(join(here, shared), join(folder, shared));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `packaging-${name}`, private: true, type: 'module' }));
    npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', this.tarball], folder);
    return folder;
  }

  /** index.html of a project, whose script is `script`. */
  page(folder, script) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), readFileSync(join(here, 'index.html'), 'utf8').replace('SCRIPT', script));
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
