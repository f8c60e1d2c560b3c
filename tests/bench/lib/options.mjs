// The options of `npm run bench`.
import { parseArgs } from 'node:util';

export const kUsage = `npm run bench [-- options]
  --quick          one repetition, 10,000 items only; under five minutes
  --only a,b       these peers (ours and the raw limits are always there)
  --part a,b       of node, browser, sizes
  --reps n         repetitions (5)
  --minutes n      begins no further repetition that would end later (22); of the first, peers are left out when it is short of time
  --counts a,b     numbers of items in Node (100,1000,10000,100000)
  --seed n         of the random order
  --no-build       takes the module as it is built
Only a full run writes results.json, README.md and plot.svg; others write into tests/bench/build.`;

const kParts = ['node', 'browser', 'sizes'];

function positive(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} is "${text}"; it must be a number above 0`);
  return value;
}

const list = (text) => text?.split(',').map((entry) => entry.trim()).filter(Boolean);

/** @param {string[]} args of the command line */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      'quick': { type: 'boolean', default: false }, 'only': { type: 'string' }, 'part': { type: 'string' }, 'reps': { type: 'string' },
      'minutes': { type: 'string' }, 'counts': { type: 'string' }, 'seed': { type: 'string' }, 'no-build': { type: 'boolean', default: false },
      'help': { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const parts = list(values.part) ?? kParts;
  for (const part of parts) if (!kParts.includes(part)) throw new Error(`--part is "${part}"; it must be of ${kParts.join(', ')}`);
  const counts = (list(values.counts) ?? (quick ? ['10000'] : ['100', '1000', '10000', '100000'])).map((text) => positive('counts', text));
  return {
    help: values.help,
    build: !values['no-build'],
    parts,
    only: list(values.only),
    counts,
    repetitions: positive('reps', values.reps ?? (quick ? '1' : '5')),
    minutes: positive('minutes', values.minutes ?? (quick ? '4' : '22')),
    seed: positive('seed', values.seed ?? String(1 + (Date.now() % 1e9))),
    isFull: !quick && !values.only && !values.part && !values.counts,
  };
}
