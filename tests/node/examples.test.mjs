// Every public function has a docstring with an example, and every example runs.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { docstrings, entries, runExample } from './examples.mjs';
import { __finish } from './example-stage.mjs';

const all = docstrings();
const exported = await entries();
after(__finish);

/** Entries whose every function has one. The others come one by one. */
const kComplete = ['codeforge-core', 'codeforge-core/devtools'];

for (const entry of kComplete) {
  test(`every function of ${entry} has a docstring with an example`, () => {
    const missing = Object.entries(exported[entry]).filter(([, value]) => typeof value === 'function')
      .filter(([name]) => !all.some((doc) => doc.name === name && doc.example !== '')).map(([name]) => name);
    assert.deepEqual(missing, []);
  });
}

for (const [number, doc] of all.filter(({ example }) => example !== '').entries()) {
  test(`example of ${doc.name} in ${doc.file}`, { timeout: 20_000 }, () => runExample(doc, exported, number));
}
