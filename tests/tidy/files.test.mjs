// Sizes, first comments, and text that belongs to one machine only.
import assert from 'node:assert/strict';
import test from 'node:test';
import { projectFiles, read, sourceFiles } from './source-files.mjs';

const lineLimit = 400;

test(`no source file has more than ${lineLimit} lines`, () => {
  const long = sourceFiles()
    .filter((file) => /^(src|bindings|web|server|tests|\.ci)\//.test(file))
    .map((file) => [file, read(file).split('\n').length - 1])
    .filter(([, lines]) => lines > lineLimit)
    .map(([file, lines]) => `${file}: ${lines}`);
  assert.deepEqual(long, []);
});

/** Whether the text begins with a comment (behind a #! line, an encoding, 'use strict' or a doctype). */
export function beginsWithComment(text) {
  const rest = text.replace(/^#!.*\n/, '').replace(/^\s*<!doctype[^>]*>\s*/i, '').trimStart();
  return /^(\/\/|\/\*|#(?!include|pragma|define|if)|"""|<!--)/.test(rest);
}

// A .cpp file beside its header: what the pair is for stands in the header.
function speaksForItself(file, all) {
  return file.endsWith('.cpp') && all.has(file.replace(/\.cpp$/, '.hpp'));
}

test('every source file says at its beginning what it is', () => {
  const files = sourceFiles().filter((file) => /\.(cpp|hpp|ts|tsx|js|mjs|py|cmake)$/.test(file) && !/(^|\/)__init__\.py$/.test(file));
  const all = new Set(files);
  const silent = files.filter((file) => !speaksForItself(file, all) && !beginsWithComment(read(file)));
  assert.deepEqual(silent, []);
});

test('a file without such a comment is noticed', () => {
  assert.equal(beginsWithComment('#include <x>\n'), false);
  assert.equal(beginsWithComment('import a from "a";\n'), false);
  assert.equal(beginsWithComment('#!/usr/bin/env node\n// What it is.\n'), true);
  assert.equal(beginsWithComment('"""What it is."""\n'), true);
  assert.equal(beginsWithComment('# What it is.\n'), true);
});

// Built from parts, so that this file does not hold what it looks for.
const machinePaths = new RegExp(`(^|[\\s"'\`=(:])/(${['work', 'root', 'home/[a-z]\\w*'].join('|')})(/|\\b)`, 'm');
const registries = new RegExp(`https?://[\\w.-]*(${['artifactory', 'nexus', 'mirror', 'registry', 'pypi'].join('|')})[\\w.-]*/`, 'i');

test('machine paths and registries are noticed', () => {
  const slash = '/';
  for (const text of [`"${slash}work/shared"`, `cd ${slash}root/x`, `PATH=${slash}home/me/bin`]) assert.match(text, machinePaths);
  for (const text of [`a${slash}work${slash}b`, `https:${slash}/x.org${slash}root`, 'the root', 'framework/x']) assert.doesNotMatch(text, machinePaths);
  assert.match(`https:${slash}/npm.mirror.example/x`, registries);
  assert.doesNotMatch('https://github.com/x', registries);
});

function isText(file) {
  return !/\.(png|jpg|ico|woff2?|wasm|gz|sqlite|db)$/.test(file);
}

test('no committed file names a path of one machine', () => {
  const wrong = projectFiles().filter((file) => isText(file) && machinePaths.test(read(file)));
  assert.deepEqual(wrong, []);
});

test('no committed file names the host of a package registry', () => {
  const wrong = [];
  for (const file of projectFiles().filter(isText)) {
    const hit = registries.exec(read(file));
    if (hit !== null) wrong.push(`${file}: ${hit[0]}`);
  }
  assert.deepEqual(wrong, []);
});

test('package-lock.json leaves the registry to the machine', () => {
  assert.deepEqual(read('package-lock.json').match(/"resolved": "\w+:/g) ?? [], []);
});
