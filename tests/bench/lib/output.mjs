// Writes what a run found: results.json, the tables in README.md, plot.svg. A run that is not a full one writes them into build/.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plot } from './plot.mjs';
import { markdown } from './report.mjs';

const kFolder = fileURLToPath(new URL('../', import.meta.url));
/** Lines of README.md between which the results stand. */
export const kMarks = ['<!-- results -->', '<!-- end of results -->'];

/** JSON with a line for each series, so that a new run is a readable change. */
function json({ about, workloads, sizes }) {
  const block = (entries) => Object.entries(entries).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n');
  const nested = Object.entries(workloads).map(([key, stores]) => `  ${JSON.stringify(key)}: {\n${block(stores).replace(/^/gm, '  ')}\n  }`).join(',\n');
  return `{\n"about": {\n${block(about)}\n},\n"workloads": {\n${nested}\n},\n"sizes": {\n${block(sizes ?? {})}\n}\n}\n`;
}

function replaceTables(file, text) {
  const page = readFileSync(file, 'utf8');
  const [start, end] = kMarks.map((mark) => page.indexOf(mark));
  if (start < 0 || end < start) throw new Error(`${file} lacks the lines ${kMarks.join(' and ')}`);
  writeFileSync(file, `${page.slice(0, start + kMarks[0].length)}\n\n${text}\n\n${page.slice(end)}`);
}

/** @param {{isFull: boolean}} options */
export function write({ isFull }, about, series, sizes) {
  const folder = isFull ? kFolder : join(kFolder, 'build');
  mkdirSync(folder, { recursive: true });
  const text = markdown(about, series, sizes);
  writeFileSync(join(folder, 'results.json'), json({ about, workloads: series.workloads, sizes }));
  const image = plot(about, series);
  if (image !== undefined) writeFileSync(join(folder, 'plot.svg'), image);
  if (isFull) replaceTables(join(kFolder, 'README.md'), `![CodeForge Core beside its peers](plot.svg)\n\n${text}`);
  else writeFileSync(join(folder, 'results.md'), `${text}\n`);
  const files = ['results.json', isFull ? 'README.md' : 'results.md', ...(image === undefined ? [] : ['plot.svg'])];
  console.log(`\n${text}\n\nWritten to tests/bench/${isFull ? '' : 'build/'}: ${files.join(', ')}`);
}
