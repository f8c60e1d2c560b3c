// The figures that this project set out to reach, judged within one run.
import { isLess, kNames, kOurs, timesBetter, workloadOf } from './catalog.mjs';

/** "at least `times` as good as `other`" */
const beats = (text, key, other, times = 1) => ({
  text,
  judge(series) {
    const found = timesBetter(series, key, other);
    if (found === undefined) return undefined;
    const said = Number(found.toPrecision(2)) >= 1 ? `${found.toPrecision(2)} times as good` : `${(1 / found).toPrecision(2)} times worse`;
    return { isReached: found >= times, found: `${said} than ${kNames[other]}`.replace('good than', 'good as') };
  },
});

/** "our figure is at most / at least so much" */
const figure = (text, key, bound) => ({
  text,
  judge(series) {
    const found = series.figure(key, kOurs)?.median;
    if (found === undefined) return undefined;
    return { isReached: isLess(workloadOf(key)) ? found <= bound : found >= bound, found: Number(found.toPrecision(3)).toLocaleString('en') };
  },
});

const size = (text, entry, bound) => ({
  text,
  judge: (_, sizes) => (sizes?.[entry] ? { isReached: sizes[entry].gzip <= bound, found: `${(sizes[entry].gzip / 1000).toFixed(1)} kB` } : undefined),
});

const halfOfOwn = {
  text: 'W1 at 100,000 items: more than half of its own rate at 100',
  judge(series) {
    const found = series.ratio('W1@100000', kOurs, kOurs, 'W1@100');
    return found === undefined ? undefined : { isReached: found > 0.5, found: `${Math.round(found * 100)} %` };
  },
};

const stringify = {
  text: 'W2, 10,000 at once: at most 1.3 times JSON.stringify of the same (goal)',
  judge(series) {
    const found = series.ratio('W2bulk@10000', kOurs, kOurs, 'stringify@10000');
    return found === undefined ? undefined : { isReached: found <= 1.3, found: `${found.toPrecision(2)} times` };
  },
};

export const kGoals = [
  beats('W1 at 10,000 items: ahead of Yjs', 'W1@10000', 'yjs'),
  beats('W1 at 10,000 items: ahead of Legend-State', 'W1@10000', 'legend-state'),
  figure('W1 at 10,000 items: 160,000 per second (goal)', 'W1@10000', 160_000),
  halfOfOwn,
  beats('W2, 10,000 at once: ahead of Yjs', 'W2bulk@10000', 'yjs'),
  beats('W2, 10,000 at once: ahead of TinyBase', 'W2bulk@10000', 'tinybase'),
  stringify,
  beats('W6: ahead of TinyBase', 'W6', 'tinybase'),
  beats('W6: ahead of Yjs', 'W6', 'yjs'),
  beats('W6: as MobX (goal)', 'W6', 'mobx'),
  beats('W6: as Valtio (goal)', 'W6', 'valtio'),
  beats('cached read: within 2 times of Map.get', 'read@10000', 'plain-map', 0.5),
  beats('W3: ahead of Dexie', 'W3', 'dexie'),
  beats('W3: as one raw put (goal)', 'W3', 'raw-item'),
  beats('W3b: at most a fifth of Dexie', 'W3b', 'dexie', 5),
  beats('W4: at most 1.5 times one raw put of all bytes', 'W4', 'raw-bytes', 1 / 1.5),
  beats('W5 usable: ahead of redux-persist', 'W5usable', 'redux-persist'),
  beats('W5 usable: at most twice the raw read of all bytes (goal)', 'W5usable', 'raw-bytes', 0.5),
  beats('W5 all read: ahead of redux-persist', 'W5all', 'redux-persist'),
  beats('W5 all read: ahead of Dexie', 'W5all', 'dexie'),
  figure('memory of 10,000 items, all read: at most 2.5 times their JSON', 'memory', 2.5),
  size('package: at most 120 kB', 'codeforge-core', 120_000),
  size('package with the React hooks: at most 130 kB', 'codeforge-core + react hooks', 130_000),
];

/** `[{text, isReached, found}]` of the goals that the run has figures for. */
export const judged = (series, sizes) => kGoals.map((goal) => ({ text: goal.text, ...goal.judge(series, sizes) })).filter(({ found }) => found !== undefined);
