// useItem and useQuery on a slice of the application's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { act, create } from 'react-test-renderer';
import { CoreProvider, useCoreSelector, useItem, useQuery } from 'codeforge-core/react';
import { openCore } from '../node/support.mjs';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

test('hooks follow a custom slice, and render again only for what they show', async (t) => {
  const core = await openCore(t, { slices: { notes: { indexes: ['path'] } } });
  const { addItems, updateItem } = core.actions.notes;
  core.dispatch(addItems([{ id: 'a', path: '/x', text: 1 }, { id: 'b', path: '/y', text: 2 }]));
  const seen = [];
  const Probe = () => {
    seen.push({ item: useItem('notes', 'a'), found: useQuery('notes', 'path', '/x'), count: useCoreSelector((state) => state.notes.items.length) });
    return null;
  };
  let root;
  await act(async () => void (root = create(createElement(CoreProvider, { core }, createElement(Probe)))));
  t.after(() => act(async () => root.unmount()));
  assert.deepEqual(seen.at(-1), { item: { id: 'a', path: '/x', text: 1 }, found: [{ id: 'a', path: '/x', text: 1 }], count: 2 });
  const renders = seen.length;
  await act(async () => void core.dispatch(updateItem({ id: 'b', text: 3 })));
  assert.equal(seen.length, renders, 'nothing of it is shown');
  await act(async () => void core.dispatch(updateItem({ id: 'b', path: '/x' })));
  assert.deepEqual(seen.at(-1).found.map(({ id }) => id), ['a', 'b']);
});
