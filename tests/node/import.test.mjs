// importProject and exportProject: every format, on data of our own and on real files where they are at hand.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { file, openCore, readJson, sharedFiles, tree } from './support.mjs';

const seed = () => ({
  'project-files': [{ id: 'f1', name: 'page.tsx', path: '/src/page.tsx', content: 'x', language: 'typescript', owner: 'me' }],
  'project-models': [{ id: 'm1', name: 'Post', fields: [{ id: 'fd', name: 'id', type: 'String', isRequired: true, isUnique: true }] }],
  'project-components': [{ id: 'c1', type: 'PostCard', name: 'PostCard', props: { showDate: true }, children: [] }],
  'project-component-trees': [
    { id: 't1', name: 'One root', rootNodes: [{ id: 'r', type: 'div', children: [] }], createdAt: 5 },
    { id: 't2', name: 'Two roots', rootNodes: [{ id: 'r1', type: 'a' }, { id: 'r2', type: 'b' }], createdAt: 5, updatedAt: 6 },
  ],
  'project-workflows': [{ id: 'w1', name: 'Flow', nodes: [{ id: 'n1', type: 'trigger', position: { x: 1, y: 2 }, data: {} }], connections: [{ id: 'e1', source: 'n1', target: 'n1' }], isActive: true }],
  'project-lambdas': [{ id: 'l1', name: 'fn', code: '', language: 'typescript', runtime: 'nodejs20.x', handler: 'h', triggers: [] }],
  'project-theme': { id: 'night', name: 'Night', colors: { primary: '#000' } },
  'project-unit-tests': [{ id: 'u1', cases: [1, 2, 3] }],
  'project-npm-settings': { packages: ['react'] },
});

test('the seed format: items in the shapes of the slices, unknown members kept, the rest attached to the project', async (t) => {
  const core = await openCore(t);
  const report = core.importProject(JSON.stringify(seed()));
  assert.deepEqual(report, {
    format: 'seed', counts: { files: 1, models: 1, components: 1, componentTrees: 2, workflows: 1, lambdas: 1, theme: 1, project: 1 },
    kept: ['project-unit-tests', 'project-npm-settings'], problems: [],
  });
  const state = core.getState();
  assert.equal(state.files.files[0].owner, 'me');
  assert.ok(state.files.files[0].updatedAt > 0);
  assert.deepEqual(state.models.models[0].fields, [{ id: 'fd', name: 'id', type: 'String', isUnique: true, required: true }]);
  assert.deepEqual(state.componentTrees.trees[0], { id: 't1', name: 'One root', root: { id: 'r', type: 'div', children: [] }, createdAt: 5, updatedAt: 5 });
  assert.deepEqual(state.componentTrees.trees[1].root, { id: 't2-fragment', type: 'fragment', children: [{ id: 'r1', type: 'a' }, { id: 'r2', type: 'b' }] });
  assert.deepEqual(state.workflows.workflows[0].edges, [{ id: 'e1', source: 'n1', target: 'n1' }]);
  assert.equal(state.workflows.workflows[0].isActive, true);
  assert.equal(state.theme.currentTheme.id, 'night');
  assert.deepEqual(state.project.currentProject.attachments, { 'project-unit-tests': [{ id: 'u1', cases: [1, 2, 3] }], 'project-npm-settings': { packages: ['react'] } });
  core.importProject(seed());
  assert.deepEqual(Object.values(core.getState()).map((slice) => Object.values(slice).find(Array.isArray)?.length ?? 0),
    [1, 1, 1, 1, 2, 1, 1, 1, 0, 0, 0], 'importing twice doubles nothing');
});

test('one dispatch per slice, and listeners are told that often', async (t) => {
  const core = await openCore(t);
  core.getState().files;
  let told = 0;
  core.subscribe(() => told++);
  core.importProject({ 'project-files': Array.from({ length: 500 }, (_, index) => file(`f${index}`)) });
  assert.ok(told <= 3, `${told} notifications for files, project and current project`);
  assert.equal(core.getState().files.files.length, 500);
});

test('a workflow file becomes one workflow with all its parts', async (t) => {
  const core = await openCore(t);
  const report = core.importProject({
    version: '1.0', exportedAt: '2026-03-09T21:40:19.012Z',
    state: {
      blocks: { b1: { id: 'b1', type: 'agent', name: 'Agent', position: { x: 3, y: 4 }, subBlocks: {} }, b2: { id: 'b2', type: 'tool' } },
      edges: [{ id: 'e', source: 'b1', target: 'b2' }], loops: { l: {} }, parallels: { p: {} }, metadata: { name: 'Triage', description: 'sorts' }, variables: { v: 1 },
    },
  });
  assert.equal(report.format, 'workflow');
  const [workflow] = core.getState().workflows.workflows;
  assert.deepEqual(workflow.nodes, [
    { id: 'b1', type: 'agent', position: { x: 3, y: 4 }, data: { id: 'b1', type: 'agent', name: 'Agent', position: { x: 3, y: 4 }, subBlocks: {} } },
    { id: 'b2', type: 'tool', position: { x: 0, y: 0 }, data: { id: 'b2', type: 'tool' } },
  ]);
  const { name, description, updatedAt, loops, parallels, variables, metadata, source } = workflow;
  assert.deepEqual({ name, description, updatedAt }, { name: 'Triage', description: 'sorts', updatedAt: Date.parse('2026-03-09T21:40:19.012Z') });
  assert.deepEqual({ loops, parallels, variables, metadata }, { loops: { l: {} }, parallels: { p: {} }, variables: { v: 1 }, metadata: { name: 'Triage', description: 'sorts' } });
  assert.deepEqual(source, { version: '1.0', exportedAt: '2026-03-09T21:40:19.012Z' });
});

test('an export of the Flask API, ids with colons and slashes included', async (t) => {
  const core = await openCore(t);
  const { id: _, ...rest } = file('x');
  const report = core.importProject({
    'files:a:b/c': file('a:b/c'), 'files:late': rest, 'models:m': { id: 'm', name: '', fields: [], updatedAt: 1 }, 'theme:current': { id: 'th', name: '' },
    'settings:app': { theme: 'light' }, 'unknown:1': {}, 'files:': {}, 'files:broken': 5,
  });
  assert.deepEqual(report.counts, { files: 2, models: 1 });
  assert.deepEqual(report.problems.map((problem) => problem.split(': ')[0]).sort(), ['files:', 'files:broken', 'unknown:1'].map((key) => key.split(': ')[0]).sort());
  assert.deepEqual(core.read('files', 'a:b/c'), file('a:b/c'));
  assert.equal(core.read('files', 'late').name, 'x.ts');
  assert.equal(core.getState().settings.settings.theme, 'light');
  assert.equal(core.getState().theme.currentTheme.id, 'th');
});

test('trees: named lists, bare arrays, a single tree', async (t) => {
  const core = await openCore(t);
  const rootNodes = [{ id: 'r', type: 'div' }];
  assert.equal(core.importProject({ organisms: [{ id: 'o1', name: 'Header', rootNodes }, { id: 'o2', name: 'Footer', rootNodes: [] }] }).counts.componentTrees, 2);
  assert.equal(core.importProject([{ id: 'o3', rootNodes }, 'no tree']).problems.length, 1);
  assert.equal(core.importProject(tree('single')).counts.componentTrees, 1);
  assert.deepEqual(core.getState().componentTrees.trees.map(({ id }) => id), ['o1', 'o2', 'o3', 'single']);
  assert.deepEqual(core.read('componentTrees', 'o2').root, { id: 'o2-fragment', type: 'fragment', children: [] });
});

test('what is exported can be imported: the same state in another core', async (t) => {
  const first = await openCore(t);
  first.importProject(seed());
  first.dispatch({ type: 'files/setActiveFile', payload: 'f1' });
  first.dispatch({ type: 'settings/updateSettings', payload: { theme: 'light' } });
  const text = JSON.stringify(first.exportProject());
  const second = await openCore(t);
  const report = second.importProject(text);
  assert.deepEqual(report.problems, []);
  assert.deepEqual(second.exportProject().slices, JSON.parse(text).slices);
});

test('an export of the future and files of no known format are refused with a reason, and change nothing', async (t) => {
  const core = await openCore(t);
  const before = core.getState();
  assert.throws(() => core.importProject({ format: 'codeforge-project', version: 2, slices: {} }), { code: 'unsupported', message: /version 2/ });
  assert.throws(() => core.importProject('{"project-files": [}'), { code: 'malformed-payload', message: /not JSON/ });
  for (const nothing of [null, 5, 'null', '"text"', {}, [], [1], { any: 'thing' }, { slices: {} }, undefined])
    assert.throws(() => core.importProject(nothing), { code: 'malformed-payload' }, JSON.stringify(nothing));
  assert.equal(core.getState(), before);
});

test('bad items are left out and named; the good ones come in', async (t) => {
  const core = await openCore(t);
  let deep = {};
  for (let level = 0; level < 10_000; level++) deep = { in: deep };
  const report = core.importProject({
    'project-files': [file('good'), { name: 'without id' }, 'text', { ...file('deep'), deep }, { ...file('big'), content: 'x'.repeat(20 << 20) }, { ...file('wrong'), name: 5 }, file('good 2')],
  });
  assert.equal(report.counts.files, 2);
  assert.equal(report.problems.length, 5);
  for (const name of ['project-files[1]', 'project-files[2]', 'deep', 'big', 'wrong']) assert.ok(report.problems.some((problem) => problem.includes(name)), name);
  assert.deepEqual(core.getState().files.files.map(({ id }) => id), ['good', 'good 2']);
});

test('__proto__ as a key pollutes nothing', async (t) => {
  const core = await openCore(t);
  core.importProject('{"__proto__":{"x":1},"project-files":[{"id":"a","name":"n","__proto__":{"polluted":1}}],"project-__proto__":{}}');
  assert.equal({}.polluted, undefined);
  assert.ok(Object.hasOwn(core.read('files', 'a'), '__proto__'));
});

for (const path of ['seed-projects', 'workflows', 'trees'].flatMap(sharedFiles)) {
  test(`the real file ${basename(path)} comes in whole`, async (t) => {
    const core = await openCore(t);
    const report = core.importProject(readFileSync(path, 'utf8'));
    assert.deepEqual(report.problems, []);
    const json = readJson(path);
    const state = core.getState();
    if (report.format === 'seed') {
      assert.equal(state.files.files.length, json['project-files'].length);
      assert.deepEqual(state.files.files.map(({ content }) => content), json['project-files'].map(({ content }) => content));
      assert.deepEqual(state.componentTrees.trees[0].root, json['project-component-trees'][0].rootNodes[0]);
      assert.deepEqual(state.project.currentProject.attachments, Object.fromEntries(report.kept.map((name) => [name, json[name]])));
    } else if (report.format === 'workflow') {
      const [{ nodes, edges }] = state.workflows.workflows;
      assert.deepEqual(nodes.map(({ data }) => data), Object.values(json.state.blocks));
      assert.deepEqual(edges, json.state.edges);
    } else {
      assert.deepEqual(state.componentTrees.trees.map(({ root }) => root), json.organisms.map(({ rootNodes }) => rootNodes[0]));
    }
    assert.deepEqual(JSON.parse(core.instances[0].readAll('workflows')).items, state.workflows.workflows);
  });
}
