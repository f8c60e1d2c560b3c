// Words that say nothing are not names: Manager, Helper, Utils anywhere; Info and Data in names of
// types and files, but for the few that an outside interface gives.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { codeOnly, read, sourceFiles } from './source-files.mjs';

const banned = new Set(['manager', 'managers', 'helper', 'helpers', 'util', 'utils']);
const bannedInTypes = new Set(['info', 'data']);
// Names that are not ours to choose, with the reason.
const allowed = new Set([
  'DataBinding', // an entity of the editor that the original system names so
  'DataTransfer', // the browser's drag and drop
  'FormData', 'MessageData', 'ImageData', 'DataView', // the browser's and the language's own
  'LibraryManager', // Emscripten's, for what a link may take
  'WorkflowNodeData', // the member `data` of a workflow node, as the original system names it
]);

/** The words of an identifier or a file name: camelCase, PascalCase, snake_case, kebab-case. */
export function wordsOf(name) {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').split(/[^A-Za-z0-9]+/).filter(Boolean).map((word) => word.toLowerCase());
}

const scripts = sourceFiles().filter((file) => /\.(cpp|hpp|ts|tsx|js|mjs|py)$/.test(file));

test('file names', () => {
  const wrong = sourceFiles().filter((file) => {
    const words = wordsOf(path.basename(file).replace(/\.[^.]*$/, ''));
    return words.some((word) => banned.has(word) || bannedInTypes.has(word));
  });
  assert.deepEqual(wrong, []);
});

test('no identifier is a Manager, a Helper or Utils', () => {
  const wrong = [];
  for (const file of scripts) {
    const text = file.endsWith('.py') ? read(file).replace(/#[^\n]*|"""[\s\S]*?"""|"[^"\n]*"|'[^'\n]*'/g, ' ') : codeOnly(read(file));
    for (const name of new Set(text.match(/[A-Za-z_$][\w$]*/g))) {
      if (!allowed.has(name) && wordsOf(name).some((word) => banned.has(word))) wrong.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('no type is an Info or Data', () => {
  const wrong = [];
  for (const file of scripts) {
    const declared = codeOnly(read(file)).matchAll(/\b(?:class|struct|enum(?:\s+class)?|interface|type)\s+([A-Z]\w*)/g);
    for (const [, name] of declared) {
      if (!allowed.has(name) && wordsOf(name).some((word) => bannedInTypes.has(word))) wrong.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('words are found as whole words', () => {
  assert.deepEqual(wordsOf('HTTPRequestManager'), ['http', 'request', 'manager']);
  assert.deepEqual(wordsOf('file_helper-utils.test'), ['file', 'helper', 'utils', 'test']);
  assert.deepEqual(wordsOf('database'), ['database']);
});
