// JSON Schemas of custom slices: a dispatch that violates one is refused by its path; what comes from
// elsewhere is kept and flagged.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createCore } from 'codeforge-core';
import { flaskServer, freshName, openCore } from './support.mjs';

const schema = {
  type: 'object',
  required: ['id', 'path'],
  properties: { id: { type: 'string' }, path: { type: 'string', minLength: 1 }, tags: { type: 'array', items: { $ref: '#/$defs/tag' } }, size: { anyOf: [{ type: 'number' }, { type: 'null' }] } },
  additionalProperties: false,
  $defs: { tag: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
};
const slices = { notes: { schema }, free: {} };
const note = (id, more = {}) => ({ id, path: `/${id}`, ...more });

test('a dispatch that violates the schema is refused, and the error names the path', async (t) => {
  const core = await openCore(t, { slices });
  const { addItem, addItems, setItems, updateItem, replaceItem } = core.actions.notes;
  core.dispatch(addItem(note('a', { tags: [{ name: 'x' }] })));
  const refusal = (action) => core.dispatch(action).error;
  const cases = [
    [addItem({ id: 'b' }), /^notes\/addItem: payload violates the schema of notes: .*"path"/],
    [addItem(note('b', { path: 7 })), /payload\.path violates/],
    [addItem(note('b', { tags: [{ name: 'x' }, { name: 1 }] })), /payload\.tags\[1\]\.name violates/],
    [addItem(note('b', { more: 1 })), /payload\.more violates the schema of notes: It is not allowed/],
    [addItems([note('b'), note('c', { path: '' })]), /payload\[1\]\.path violates/],
    [setItems([note('b', { size: 'big' })]), /payload\[0\]\.size violates/],
    [updateItem({ id: 'a', tags: 'none' }), /payload\.tags violates/],
    [replaceItem({ id: 'a' }), /payload violates/],
  ];
  for (const [action, message] of cases) {
    assert.equal(refusal(action)?.code, 'schema');
    assert.match(refusal(action).message, message);
  }
  assert.deepEqual(core.getState().notes.items, [note('a', { tags: [{ name: 'x' }] })], 'nothing changed');
  assert.equal(core.dispatch(updateItem({ id: 'a', size: 3 })).error, undefined);
  assert.equal(core.dispatch(updateItem({ id: 'absent', size: 'big' })).error, undefined, 'there is nothing that would be wrong');
  assert.equal(core.dispatch(core.actions.free.addItem({ id: 'x', anything: true })).error, undefined);
  assert.deepEqual(core.flagged(), []);
});

test('what was kept before there was a schema stays, is flagged, and is mended by an edit', async (t) => {
  const name = freshName();
  const before = await openCore(t, { name, storage: 'indexeddb', slices: { notes: {} } });
  before.dispatch(before.actions.notes.addItems([note('a'), { id: 'bad', path: 1 }]));
  await before.close();
  const core = await openCore(t, { name, storage: 'indexeddb', slices });
  assert.deepEqual(core.flagged().map(({ slice, id, reason, path }) => [slice, id, reason, path]), [['notes', 'bad', 'schema', '.path']]);
  assert.equal(core.flagged(), core.flagged(), 'the same array while nothing changed');
  assert.deepEqual(core.read('notes', 'bad'), { id: 'bad', path: 1 });
  core.dispatch(core.actions.notes.updateItem({ id: 'bad', path: '/mended' }));
  assert.deepEqual(core.flagged(), []);
});

test('a value of the server that violates the schema is kept and flagged', async (t) => {
  const server = await flaskServer(t);
  const open = (definition) => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false }, slices: { notes: definition } });
  const [loose, strict] = [await open({}), await open({ schema })];
  assert.deepEqual(strict.getState().notes.items, []);
  loose.dispatch(loose.actions.notes.addItems([note('good'), { id: 'bad', path: null }]));
  await loose.sync.push();
  await strict.sync.pull();
  assert.deepEqual(strict.read('notes', 'bad'), { id: 'bad', path: null });
  assert.deepEqual(strict.flagged().map(({ id }) => id), ['bad']);
  loose.dispatch(loose.actions.notes.removeItem('bad'));
  await loose.sync.push();
  await strict.sync.pull();
  assert.deepEqual(strict.flagged(), []);
});

test('a schema that cannot be used is refused when the core is created', async () => {
  await assert.rejects(createCore({ name: freshName(), storage: 'memory', slices: { notes: { schema: { $ref: '#/nowhere' } } } }),
    { code: 'malformed-payload', message: /slices\.notes: schema cannot be used/ });
});
