// The Markdown tables of a run.
import { isLess, kNames, kOurs, kTables, timesBetter } from './catalog.mjs';
import { judged } from './goals.mjs';

/** Three digits, with k and M for thousands and millions. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 999_500) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 9_995) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(size >= 999.5 ? Math.round(value) : Number(value.toPrecision(3)));
}

const row = (cells) => `| ${cells.join(' | ')} |`;

/** "median (least–most) ×ratio", the ratio being how many times better ours is. */
function cell(series, workload, store) {
  const found = series.figure(workload.key, store);
  if (found === undefined) return '–';
  const range = found.least === found.most ? '' : ` (${short(found.least)}–${short(found.most)})`;
  const times = store === kOurs ? undefined : timesBetter(series, workload.key, store);
  const better = times === undefined ? '' : ` ×${short(Number(times.toPrecision(2)))}`;
  return `${short(found.median)}${range}${better}${series.wasStopped(workload.key, store) ? ' †' : ''}`;
}

function table(series, { title, workloads, sortBy, note }) {
  const measured = workloads.filter(({ key }) => series.stores(key).length > 0);
  if (measured.length === 0) return [];
  const key = measured.some((workload) => workload.key === sortBy) ? sortBy : measured.at(-1).key;
  const direction = isLess(measured.find((workload) => workload.key === key)) ? 1 : -1;
  const rank = (store) => (series.figure(key, store) ? direction * series.figure(key, store).median : Infinity);
  const stores = [...new Set(measured.flatMap((workload) => series.stores(workload.key)))].sort((left, right) => rank(left) - rank(right) || left.localeCompare(right));
  const name = (store) => (store === kOurs ? `**${kNames[store]}**` : kNames[store] ?? store);
  return [
    `### ${title}`, '',
    row(['', ...measured.map((workload) => workload.title)]), row(['---', ...measured.map(() => '---:')]),
    ...stores.map((store) => row([name(store), ...measured.map((workload) => cell(series, workload, store))])), '',
    ...(note && stores.some((store) => measured.some((workload) => series.wasStopped(workload.key, store))) ? [note, ''] : []),
  ];
}

function sizeTable(sizes) {
  if (!sizes) return [];
  const kB = (bytes) => (bytes / 1000).toFixed(1);
  return [
    '### Size: what a page downloads (kB = 1,000 bytes; bundled and minified by esbuild, gzip -9)', '',
    row(['', 'minified', 'gzip']), row(['---', '---:', '---:']),
    ...Object.entries(sizes).sort(([, left], [, right]) => left.gzip - right.gzip)
      .map(([name, { minified, gzip }]) => row([name.startsWith(kOurs) ? `**${name}**` : name, kB(minified), kB(gzip)])), '',
  ];
}

function goalTable(series, sizes) {
  const goals = judged(series, sizes);
  if (goals.length === 0) return [];
  return [
    '### What we set out to reach', '', row(['', 'reached', 'measured']), row(['---', ':---:', '---']),
    ...goals.map(({ text, isReached, found }) => row([text, isReached ? 'yes' : '**no**', found])), '',
  ];
}

function heading(about) {
  const load = about.load ? `; load average before each sample ${short(about.load.median)} (${short(about.load.least)}–${short(about.load.most)}), the benchmark itself included` : '';
  const browser = about.chromium ? `, Chromium ${about.chromium}` : '';
  return `Version ${about.version} (${about.commit ?? 'no commit'}) on ${about.measuredAt.slice(0, 10)}: ${about.cores} cores (${about.cpu}), Node ${about.node}${browser}; `
    + `${about.repetitions} ${about.repetitions === 1 ? 'repetition' : 'repetitions'} in ${Math.round(about.seconds / 60)} minutes${load}.`
    + (about.leftOut > 0 ? ` ${about.leftOut} samples of peers were left out for want of time.` : '');
}

/** @returns {string} Markdown without a title */
export function markdown(about, series, sizes) {
  return [
    heading(about), '',
    'Cells: median (lowest–highest) of the repetitions, and ×: how many times better CodeForge Core was in the same repetition (below 1: worse).', '',
    ...(about.failures.length > 0 ? ['Failed samples:', '', ...about.failures.map((failure) => `- ${failure}`), ''] : []),
    ...goalTable(series, sizes),
    ...Object.values(kTables).flatMap((entry) => table(series, entry)),
    ...sizeTable(sizes),
  ].join('\n').trimEnd();
}
