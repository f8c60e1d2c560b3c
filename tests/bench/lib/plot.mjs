// The plot of a run: for each workload how many times better or worse every store was than ours, on one logarithmic scale.
import { kNames, kOurs, timesBetter, workloadOf } from './catalog.mjs';
import { short } from './report.mjs';

/** What is plotted, in reading order. */
const kPanels = [
  ['W1@10000', 'Change one of 10,000 items, read it'], ['W1@100000', 'The same among 100,000'], ['W6', 'Change one node of 10,000'],
  ['W2bulk@10000', 'Load 10,000 items'], ['W4', 'First save of 10,000 items'], ['W3', 'One change until it is durable'],
  ['W3b', 'A burst of 100 until it is durable'], ['W5usable', 'Start until the first item can be read'], ['W5all', 'Start until all 10,000 were read'],
];
const kUnits = { 'per second': '/s', 'ms': ' ms', 'ns': ' ns', 'times': '', 'MB': ' MB' };

const kColumns = 3;
const kPanel = { width: 384, names: 164, scale: 126, row: 19, top: 46, bottom: 14 };
const kMargin = { left: 24, top: 84, right: 24, bottom: 44 };

const kStyle = `
  .card { fill: #ffffff; stroke: #d1d9e0 } text { font: 11.5px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .title { font-size: 18px; font-weight: 600 } .head { font-size: 13px; font-weight: 600 } .quiet { fill: #59636e } .ours { font-weight: 700; fill: #0b6e4f }
  .number { text-anchor: end; font-variant-numeric: tabular-nums } .limit { font-style: italic; fill: #59636e }
  .grid { stroke: #eaeef2 } .one { stroke: #0b6e4f; stroke-width: 1.5 } .bar { stroke-width: 5; stroke-linecap: round }
  .worse { stroke: #7d9fc9; fill: #7d9fc9 } .better { stroke: #d08a3c; fill: #d08a3c } .dot { fill: #0b6e4f }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .quiet, .limit { fill: #9198a1 } .ours { fill: #4cc38a }
    .grid { stroke: #21262d } .one { stroke: #4cc38a } .dot { fill: #4cc38a } .worse { stroke: #4a76ad; fill: #4a76ad } .better { stroke: #c17f33; fill: #c17f33 }
  }`;

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);
const text = (x, y, words, kind = '') => `<text x="${x}" y="${y}"${kind ? ` class="${kind}"` : ''}>${escaped(words)}</text>`;

/** `[{store, figure, worse}]`, the best first; `worse` is how many times worse than ours. */
function rowsOf(series, key) {
  return series.stores(key).map((store) => (
    { store, figure: series.figure(key, store)?.median, worse: store === kOurs ? 1 : timesBetter(series, key, store) }
  )).filter(({ worse, figure }) => worse !== undefined && figure !== undefined).sort((left, right) => left.worse - right.worse);
}

function panel({ key, title, rows }, { x, y }, scale) {
  const { names, row, top, width } = kPanel;
  const at = (worse) => Number((x + names + scale.at(worse)).toFixed(1));
  const out = [text(x, y + 14, title, 'head')];
  const bottom = y + top + rows.length * row - 4;
  for (const decade of scale.decades) {
    out.push(`<line x1="${at(decade)}" x2="${at(decade)}" y1="${y + top - 12}" y2="${bottom}" class="${decade === 1 ? 'one' : 'grid'}"/>`);
    // Every second one: the others would touch.
    if (Math.round(Math.log10(decade)) % 2 !== 0) continue;
    const label = decade < 1 ? `1/${short(1 / decade)}` : short(decade);
    out.push(`<text x="${at(decade)}" y="${y + top - 17}" class="quiet" text-anchor="middle" style="font-size:9.5px">${label}</text>`);
  }
  rows.forEach(({ store, figure, worse }, index) => {
    const line = y + top + index * row + 8;
    const kind = store === kOurs ? 'ours' : /^(plain-map|raw-)/.test(store) ? 'limit' : '';
    out.push(text(x, line, kNames[store] ?? store, kind));
    out.push(store === kOurs ? `<circle cx="${at(1)}" cy="${line - 4}" r="5" class="dot"/>`
      : `<line x1="${at(1)}" x2="${at(worse)}" y1="${line - 4}" y2="${line - 4}" class="bar ${worse < 1 ? 'better' : 'worse'}"/>`);
    out.push(text(x + width - 14, line, `${short(figure)}${kUnits[workloadOf(key).unit]}`, `number ${kind}`));
  });
  return out.join('\n');
}

/** One scale for all panels: whole decades that hold every ratio. */
function scaleOf(panels) {
  const ratios = panels.flatMap(({ rows }) => rows.map(({ worse }) => Math.log10(worse)));
  const first = Math.floor(Math.min(-1, ...ratios));
  const last = Math.ceil(Math.max(1, ...ratios));
  return {
    decades: Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index)),
    at: (worse) => ((Math.log10(worse) - first) / (last - first)) * kPanel.scale,
  };
}

/** @returns {string | undefined} SVG; undefined when there is nothing to compare */
export function plot(about, series) {
  const panels = kPanels.map(([key, title]) => ({ key, title, rows: rowsOf(series, key) })).filter(({ rows }) => rows.length > 1);
  if (panels.length === 0) return undefined;
  const scale = scaleOf(panels);
  const parts = [];
  let y = kMargin.top;
  for (let from = 0; from < panels.length; from += kColumns) {
    const line = panels.slice(from, from + kColumns);
    line.forEach((one, index) => parts.push(panel(one, { x: kMargin.left + index * kPanel.width, y }, scale)));
    y += kPanel.top + kPanel.bottom + Math.max(...line.map(({ rows }) => rows.length)) * kPanel.row;
  }
  const width = kMargin.left + kMargin.right + kColumns * kPanel.width - 14;
  const height = y + kMargin.bottom - 20;
  const measured = `${about.repetitions === 1 ? 'One repetition' : `Medians of ${about.repetitions} repetitions`}; Node ${about.node}${about.chromium ? `, Chromium ${about.chromium}` : ''}; ${about.cores} cores (${about.cpu}); ${about.measuredAt.slice(0, 10)}, load ${short(about.load?.median ?? 0)}. Every value was checked. npm run bench`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="CodeForge Core beside its peers">
<style>${kStyle}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" class="card"/>
${text(kMargin.left, 34, 'CodeForge Core beside its peers', 'title')}
${text(kMargin.left, 56, 'How many times worse than CodeForge Core (blue, to the right) or better (orange, to the left); logarithmic. Italics: the least that the platform allows.', 'quiet')}
${parts.join('\n')}
${text(kMargin.left, height - 16, measured, 'quiet')}
</svg>
`;
}
