// Every public function and method has a docstring with an example, and every example runs.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { docstrings, entries, runExample } from './examples.mjs';
import { __finish } from './example-stage.mjs';
import { compatModules, isFunctionShown, isMethodShown, publicFunctions, publicMethods } from './public-surface.mjs';

const docs = docstrings();
const exported = await entries();
after(__finish);

const functions = publicFunctions({ ...exported, ...(await compatModules()) });
const isCompat = (entry) => entry.startsWith('codeforge-core/compat');
const isBeside = (entry) => !isCompat(entry) && entry !== 'codeforge-core';
/** Functions that have an example. The names of the compatibility entry need their own, except where they are passed on from another entry. */
const shown = { own: new Set(), compat: new Set(functions.filter(({ entry }) => isBeside(entry)).map(({ value }) => value)) };

for (const entry of new Set(functions.map((one) => one.entry))) {
  test(`every function of ${entry} has a docstring with an example`, () => {
    const missing = functions.filter((one) => one.entry === entry && !isFunctionShown(one, isCompat(entry) ? docs.filter(({ file }) => file.startsWith('web/compat/')) : docs, isCompat(entry) ? shown.compat : shown.own));
    assert.deepEqual(missing.map(({ owner, name }) => (owner ? `${owner}.${name}` : name)), []);
  });
}

test('every method of a public type has a docstring, and an example that uses it', () => {
  const methods = publicMethods(docs);
  assert.ok(methods.length > 100, 'the methods are found');
  const where = ({ type, name, file, line }) => `${type}.${name} (${file}:${line})`;
  assert.deepEqual(methods.filter(({ hasText, inherits }) => !hasText && !inherits).map(where), []);
  const inherited = new Set(methods.filter((method) => isMethodShown(method, docs)).map(({ type, name }) => `${type}.${name}`));
  assert.deepEqual(methods.filter((method) => !isMethodShown(method, docs) && !inherited.has(`${method.inherits}.${method.name}`)).map(where), []);
});

test('the search for examples finds what lacks one', () => {
  const doc = (more) => ({ file: 'x.ts', name: '', names: [], example: '', text: '', ...more });
  const lacks = (docsGiven, one) => !isFunctionShown({ name: 'run', value: () => {}, ...one }, docsGiven, new Set());
  assert.ok(lacks([doc({ name: 'run' })]));
  assert.ok(lacks([doc({ name: 'other', example: 'run();' })]));
  assert.ok(lacks([doc({ names: ['run'], example: 'walk();' })]));
  assert.ok(!lacks([doc({ names: ['run'], example: 'run();' })]));
  assert.ok(lacks([doc({ name: 'of', example: 'of.walk(); // of.run()' })], { owner: 'of' }));
  assert.ok(!lacks([doc({ name: 'of', example: 'of.run();' })], { owner: 'of' }));
});

for (const [number, doc] of docs.filter(({ example }) => example !== '').entries()) {
  test(`example of ${doc.name || doc.names[0]} in ${doc.file}`, { timeout: 20_000 }, () => runExample(doc, exported, number));
}
