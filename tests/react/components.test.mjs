// What the components of codeforge-core/components decide, without a page: texts, fields of a conflict, notices, and rendering on a server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { ConflictDetail, ConflictIndicator, ConflictList, PersistenceDashboard, SaveIndicator, ToastProvider, Toasts, createToasts, saveState, storageAdvice, syncAdvice } from 'codeforge-core/components';
import { CoreProvider } from 'codeforge-core/react';
import { composeVersion, conflictFields, presetChoices, resolutionOf } from '../../web/dist/components/conflict-fields.js';
import { noticesBetween } from '../../web/dist/components/core-notices.js';
import { bytesText, countText, durationText, quantile, timeAgo } from '../../web/dist/components/format.js';
import { compareLines, withContext } from '../../web/dist/components/line-diff.js';
import { scaleTop } from '../../web/dist/components/metrics-chart.js';
import { problemsOf } from '../../web/dist/components/problems.js';
import { maxToasts } from '../../web/dist/components/toast-list.js';
import { file, openCore } from '../node/support.mjs';

const fieldOf = (fields, ...path) => fields.find(({ key }) => key === JSON.stringify(path));

test('fields: who changed what since the base, into nested objects, whatever the order of members', () => {
  const base = { id: 'a', name: 'a', colors: { primary: 'red', accent: { x: 1, y: 2 } }, list: [1], updatedAt: 1 };
  const conflict = {
    baseVersion: base,
    localVersion: { ...base, name: 'mine', colors: { primary: 'blue', accent: { y: 2, x: 1 } }, list: [1, 2], own: true, updatedAt: 2 },
    remoteVersion: { ...base, name: 'theirs', colors: { accent: { x: 1, y: 3 }, primary: 'red' }, updatedAt: 3 },
  };
  const fields = conflictFields(conflict);
  assert.deepEqual(fields.map(({ path, changedBy }) => [path.join('.'), changedBy]).sort(), [
    ['colors.accent.y', 'remote'], ['colors.primary', 'local'], ['list', 'local'], ['name', 'both'], ['own', 'local'],
  ]);
  assert.equal(fieldOf(fields, 'own').remote, undefined);
});

test('fields: a choice for each makes the version, and the simplest strategy that says the same', () => {
  const conflict = { baseVersion: { a: 1, b: 1, c: { d: 1, e: 1 }, updatedAt: 1 }, localVersion: { a: 2, b: 1, c: { d: 2, e: 1 }, updatedAt: 2 }, remoteVersion: { a: 3, b: 3, c: { d: 1, e: 3 }, updatedAt: 3 } };
  const local = conflict.localVersion;
  const fields = conflictFields(conflict);
  assert.deepEqual(resolutionOf(local, fields, presetChoices(fields, 'local')), { strategy: 'local' });
  assert.deepEqual(resolutionOf(local, fields, presetChoices(fields, 'remote')), { strategy: 'remote' });
  assert.deepEqual(composeVersion(local, fields, presetChoices(fields, 'merge'), 9), { a: 2, b: 3, c: { d: 2, e: 3 }, updatedAt: 9 });
  const byHand = { ...presetChoices(fields, 'merge'), [fieldOf(fields, 'a').key]: { value: 7 } };
  assert.deepEqual(resolutionOf(local, fields, byHand, 9), { strategy: 'manual', customVersion: { a: 7, b: 3, c: { d: 2, e: 3 }, updatedAt: 9 } });
  const flat = conflictFields({ baseVersion: { a: 1, b: 1 }, localVersion: { a: 2, b: 1 }, remoteVersion: { a: 1, b: 2 } });
  assert.deepEqual(resolutionOf({ a: 2, b: 1 }, flat, presetChoices(flat, 'merge')), { strategy: 'merge' });
  assert.deepEqual(local, { a: 2, b: 1, c: { d: 2, e: 1 }, updatedAt: 2 }, 'the versions stay as they are');
});

test('fields: a member called __proto__ is data, and a member of one side only can go', () => {
  const local = JSON.parse('{"__proto__": {"x": 1}, "old": 1}');
  const remote = JSON.parse('{"__proto__": {"x": 2}}');
  const fields = conflictFields({ baseVersion: null, localVersion: local, remoteVersion: remote });
  const version = composeVersion(local, fields, presetChoices(fields, 'remote'));
  assert.equal(JSON.stringify(version), '{"__proto__":{"x":2}}');
  assert.equal({}.x, undefined);
});

test('fields: none when one side deleted the item', () => {
  assert.deepEqual(conflictFields({ baseVersion: { a: 1 }, localVersion: null, remoteVersion: { a: 2 } }), []);
});

test('lines: what stands on one side only, with three lines around', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const { local, remote } = compareLines(lines.join('\n'), lines.map((line) => (line === 'line 10' ? 'changed' : line)).join('\n'));
  assert.deepEqual(local.filter(({ isOnly }) => isOnly).map(({ text }) => text), ['line 10']);
  assert.deepEqual(remote.filter(({ isOnly }) => isOnly).map(({ text }) => text), ['changed']);
  assert.deepEqual(withContext(local).map((line) => line.skipped ?? line.text), [7, 'line 7', 'line 8', 'line 9', 'line 10', 'line 11', 'line 12', 'line 13', 6]);
});

test('numbers as people say them', () => {
  assert.deepEqual([0, 999, 1000, 1536, 999_499, 999_500, 12_300_000, 4e12].map(bytesText), ['0 B', '999 B', '1.0 kB', '1.5 kB', '999 kB', '1.0 MB', '12 MB', '4.0 TB']);
  assert.deepEqual([0.2, 12.4, 1400].map(durationText), ['<1 ms', '12 ms', '1.4 s']);
  assert.deepEqual([countText(1, 'change'), countText(1200, 'change'), countText(2, 'fish', 'fish')], ['1 change', '1,200 changes', '2 fish']);
  assert.deepEqual([timeAgo(null), timeAgo(1000, 2000), timeAgo(1000, 61_000), timeAgo(7_201_000, 1000)], ['never', 'just now', '1 minute ago', 'in 2 hours']);
  assert.deepEqual([quantile([], 0.5), quantile([3, 1, 2], 0.5), quantile([1, 2, 3, 4], 0.95)], [0, 2, 4]);
  assert.deepEqual([0, 0.3, 1, 3, 58, 101].map(scaleTop), [1, 0.5, 1, 5, 100, 200]);
});

test('the status says what needs the user first', async (t) => {
  const core = await openCore(t);
  const calm = core.status();
  const conflict = { id: 'files:a', localVersion: { name: 'a.ts' }, remoteVersion: null, baseVersion: null };
  const quota = { ...calm, storage: { ...calm.storage, backend: 'indexeddb', error: { code: 'quota', message: 'full' } } };
  const away = { ...calm, sync: { ...calm.sync, phase: 'offline', connected: false, pending: 2 } };
  const inConflict = { ...away, sync: { ...away.sync, conflicts: 1 } };
  assert.equal(saveState(quota, [conflict]).kind, 'problem');
  assert.equal(saveState(inConflict, [conflict]).text, 'Conflict in a.ts');
  assert.equal(saveState(away, []).text, 'Offline — 2 changes waiting');
  assert.equal(saveState(calm, []).text, 'Not kept on this device');
  assert.deepEqual(problemsOf(quota).map(({ key, ways }) => [key, ways]), [['storage', ['export', 'retry']]]);
  assert.deepEqual(problemsOf(calm), []);
});

test('every error has its own advice with a way on; an unknown one too', () => {
  const sync = ['offline', 'timeout', 'server', 'rejected', 'no-server', 'never-heard-of'].map(syncAdvice);
  const stored = ['quota', 'connection-lost', 'aborted', 'stuck', 'blocked', 'newer', 'unavailable', 'unknown'].map((code) => storageAdvice({ storage: { error: { code, message: '' }, incident: null } }));
  const wiped = storageAdvice({ storage: { error: null, incident: { decision: 'needed' } } });
  const all = [...sync, ...stored, wiped];
  assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
  assert.deepEqual(all.filter(({ ways }) => ways.length === 0).map(({ title }) => title), ['No server is set']);
  assert.deepEqual(wiped.ways, ['take-server', 'start-empty']);
  assert.equal(storageAdvice({ storage: { error: null, incident: null } }), null);
});

test('notices: each thing is told once, when it happens', async (t) => {
  const core = await openCore(t);
  const calm = core.status();
  const texts = (before, after) => noticesBetween(before, after).map(({ text }) => text);
  const withSync = (changes) => ({ ...calm, sync: { ...calm.sync, ...changes } });
  const withRuntime = (changes) => ({ ...calm, runtime: { ...calm.runtime, ...changes } });
  assert.deepEqual(texts(undefined, calm), []);
  assert.deepEqual(texts(calm, withSync({ conflicts: 2 })), ['2 items changed here and on the server']);
  assert.deepEqual(texts(withSync({ conflicts: 2 }), withSync({ conflicts: 1 })), []);
  assert.deepEqual(texts(calm, withSync({ rejected: 1 })), ['The server refused 1 edit']);
  assert.deepEqual(texts(calm, withRuntime({ restarts: 1 })), ['The core was restarted']);
  const withTabs = (changes) => ({ ...calm, tabs: { ...calm.tabs, role: 'follower', ...changes } });
  assert.deepEqual(texts(calm, withTabs({ writer: 'unresponsive' })), ['Another window does not respond']);
  assert.deepEqual(texts(withTabs({ writer: 'unresponsive' }), withTabs({})), ['The other window answers again']);
  assert.deepEqual(texts(withTabs({ writer: 'unresponsive' }), withTabs({ role: 'writer' })), ['This window saves now']);
  assert.deepEqual(texts(calm, withTabs({ otherVersion: true })), ['Another window runs a different version']);
  assert.deepEqual(texts(withTabs({ otherVersion: true }), withTabs({ otherVersion: true })), []);
  const quota = { ...calm, storage: { ...calm.storage, error: { code: 'quota', message: 'full' } } };
  assert.deepEqual(texts(calm, quota), ['This device is out of space']);
  assert.deepEqual(texts(quota, quota), []);
  assert.deepEqual(texts(quota, calm), ['Saving on this device works again']);
  const found = { cause: 'wiped', restoredFrom: 'bucket', items: 25, lost: 0, damaged: 0, decision: 'none' };
  const withIncident = (changes) => ({ ...calm, storage: { ...calm.storage, incident: { ...found, ...changes } } });
  assert.deepEqual(texts(undefined, withIncident({})), ['Your work was restored']);
  assert.deepEqual(texts(undefined, withIncident({ lost: 2 })), ['The browser had removed the database of this site']);
  assert.match(texts(undefined, withIncident({ restoredFrom: null, decision: 'needed' })).join(), /there is no copy on this device$/);
  assert.deepEqual(texts(undefined, { ...calm, recovery: { ...calm.recovery, damagedRecords: 1 } }), ['1 damaged record found on this device']);
});

test('toasts: bounded, replaced by key, dismissed; an error of the core becomes one', () => {
  const toasts = createToasts();
  let told = 0;
  const stop = toasts.subscribe(() => told++);
  for (let number = 0; number < maxToasts + 3; number++) toasts.show({ text: `t${number}` });
  assert.deepEqual(toasts.get().map(({ text }) => text), ['t3', 't4', 't5', 't6']);
  toasts.show({ text: 'first', key: 'k' });
  const second = toasts.show({ text: 'second', key: 'k' });
  assert.deepEqual(toasts.get().map(({ text }) => text), ['t4', 't5', 't6', 'second']);
  toasts.dismiss(second);
  toasts.showCoreError({ code: 'malformed-payload', message: 'files/addItem: no id' });
  assert.deepEqual([toasts.get().at(-1).tone, toasts.get().at(-1).detail, toasts.get().at(-1).shownMs], ['bad', 'files/addItem: no id', 0]);
  const unmute = [toasts.mute('k'), toasts.mute('k')];
  unmute[0]();
  assert.equal(toasts.show({ text: 'known already', key: 'k' }), 0);
  unmute[1]();
  assert.ok(toasts.show({ text: 'news', key: 'k' }) > 0);
  stop();
  const before = told;
  toasts.retract('k');
  toasts.show({ text: 'unheard' });
  assert.equal(told, before);
});

test('everything renders on a server', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addFile', payload: file('a') });
  const render = (...children) => renderToString(createElement(CoreProvider, { core }, createElement(ToastProvider, {}, ...children)));
  assert.match(render(createElement(PersistenceDashboard)), /Persistence and sync/);
  assert.match(render(createElement(ConflictList)), /No conflicts/);
  assert.match(render(createElement(ConflictDetail, { id: 'files:none' })), /This conflict is resolved/);
  assert.match(render(createElement(SaveIndicator), createElement(ConflictIndicator), createElement(Toasts)), /Not kept on this device/);
  assert.throws(() => renderToString(createElement(CoreProvider, { core }, createElement(Toasts))), /ToastProvider/);
});
