// TABLE.md: every test that it names exists, and every name that it gives is exported.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as compat from 'codeforge-core/compat';

const root = new URL('../../', import.meta.url);
const table = readFileSync(new URL('TABLE.md', import.meta.url), 'utf8');
const rows = table.split('\n').filter((line) => /^\| (?!---|what )/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

test('each named test is in its file', () => {
  const missing = [];
  let named = 0;
  for (const [what, , tests] of rows) {
    const found = [...tests.matchAll(/`([^`:]+\.(?:mjs|cpp|py))`: ([^;]+)/g)];
    if (found.length === 0 && !tests.startsWith('—')) missing.push(`${what}: no test is named`);
    for (const [, path, name] of found) {
      named++;
      const declared = readFileSync(new URL(path, root), 'utf8').replaceAll("\\'", "'").split('\n').filter((line) => /\btest\(|\bTEST(?:_F|_P)?\(|^\s*def test_/.test(line));
      if (!declared.some((line) => line.includes(name.trim()))) missing.push(`${what}: ${path} has no test "${name.trim()}"`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(named > 90);
});

test('each exported name is there', () => {
  const missing = [];
  for (const [, names] of rows)
    for (const [, name] of names.matchAll(/`(\w+)`/g)) if (!(name in compat)) missing.push(name);
  assert.deepEqual(missing, []);
});

test('each name that is exported is in the table', () => {
  const listed = new Set([...table.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual(Object.keys(compat).filter((name) => !listed.has(name)), []);
});

test('all 32 faults have a row', () => {
  const faults = new Set([...table.matchAll(/^\| fault (\d+)/gm)].map(([, number]) => Number(number)));
  assert.deepEqual([...Array(32).keys()].map((index) => index + 1).filter((number) => !faults.has(number)), []);
});
